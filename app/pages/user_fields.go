package pages

import (
	"cmp"
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// The parts that the dialogs about users share.

// nameFields are the names of a user.
func (f *userForm) nameFields(r *roll, optional bool) []app.UI {
	return []app.UI{
		&ui.Field{ID: "user-first", Label: "First name", Optional: optional, Value: f.First, Error: cmp.Or(f.FirstError, r.at("first_name")),
			OnInput: func(_ app.Context, v string) { f.SetFirst(v); r.problem = nil }},
		&ui.Field{ID: "user-last", Label: "Last name", Optional: optional, Value: f.Last, Error: cmp.Or(f.LastError, r.at("last_name")),
			OnInput: func(_ app.Context, v string) { f.SetLast(v); r.problem = nil }},
	}
}

// emailField is what they sign in with; first says that the form begins with it.
func (f *userForm) emailField(r *roll, first bool, hint string) app.UI {
	return &ui.Field{ID: "user-email", Label: "E‑mail", Type: "email", Value: f.Email, Hint: hint, Error: cmp.Or(f.EmailError, r.at("email")),
		Focus: first, Placeholder: "sam@example.com", OnInput: func(_ app.Context, v string) { f.SetEmail(v); r.problem = nil }}
}

// focus takes the person to what is wrong.
func (f *userForm) focus(ctx app.Context) {
	switch {
	case f.EmailError != "":
		ui.FocusID(ctx, "user-email")
	case f.FirstError != "":
		ui.FocusID(ctx, "user-first")
	case f.LastError != "":
		ui.FocusID(ctx, "user-last")
	}
}

// grantFields choose the roles: one on the account, and one in each organization.
func (p *Users) grantFields(g *grants, current *api.RoleName) []app.UI {
	if p.lack != nil || p.roles == nil {
		return p.noRoles()
	}
	g.roles = p.roles
	r := &p.roll
	list := []app.UI{&ui.Select{
		ID: "user-account-role", Label: "Role on the account", Value: g.Account, Options: g.onAccount(current), Error: r.at("account_role_id"),
		Hint:     "It holds in every organization. Most people need none.",
		OnChange: func(_ app.Context, v string) { g.Account = v; r.problem = nil },
	}}
	lines := make([]app.UI, 0, len(g.Here)+1)
	for _, at := range g.Here {
		lines = append(lines, p.grantLine(g, at))
	}
	if others := g.others(); len(others) > 1 {
		label := "Add an organization"
		lines = append(lines, &ui.Select{ID: "user-join", Label: label, Value: "", Options: others,
			OnChange: func(ctx app.Context, v string) {
				g.join(v)
				r.problem = nil
			}})
	}
	list = append(list, ui.El("fieldset", "class", "stack grants").Body(append([]app.UI{ui.El("legend").Text("Roles in organizations")}, lines...)...))
	if why := r.at("memberships"); why != "" {
		list = append(list, refused("Not saved.", why))
	}
	if left := g.left(); len(left) > 0 {
		list = append(list, ui.Notice(ui.Warn, "They leave "+joined(left)+".", "Their keys there are refused until they are back.", nil))
	}
	if blind := g.blind(); len(blind) > 0 {
		list = append(list, ui.Notice(ui.Warn, "Values are never shown again in "+joined(blind)+".",
			"The values of their global keys are erased with this; the keys keep working.", nil))
	}
	return list
}

func (p *Users) grantLine(g *grants, at grant) app.UI {
	r := &p.roll
	return ui.El("div", "class", "grant").Body(
		&ui.Select{ID: "user-role-" + orgRef(at.Org), Label: at.Name, Value: at.Role, Options: g.in(at),
			OnChange: func(_ app.Context, v string) { g.set(at.Org, v); r.problem = nil }},
		&ui.IconButton{ID: "user-leave-" + orgRef(at.Org), Label: "Take out of " + at.Name, Tip: "Take out", Icon: ui.IconClose,
			OnClick: func(app.Context) {
				g.leave(at.Org)
				r.problem = nil
				ui.FocusID(r.ctx, "user-account-role")
			}},
	)
}

// noRoles says why no role can be chosen.
func (p *Users) noRoles() []app.UI {
	if p.lack != nil {
		return []app.UI{refused("Couldn’t load the roles.", client.Sentence(p.lack)),
			&ui.Button{Label: "Retry", Icon: ui.IconRotate, OnClick: func(app.Context) { p.lack = nil; p.loadRoles() }}}
	}
	if p.mayReadRoles() {
		return []app.UI{ui.Skeleton(2)}
	}
	return []app.UI{ui.Notice(ui.Warn, "You may not see roles, so you can’t give any.", "Ask an administrator for it.", nil)}
}

// lookUpUser asks for a user in full.
func (p *Users) lookUpUser(into *lookup[api.PersonDetail], id api.UserID) {
	into.begin(&p.roll, func(ctx context.Context) (api.PersonDetail, error) { return client.API.User(ctx, id) })
}

// lately lists the keys that were used lately.
func lately(keys *api.PersonKeys) []app.UI {
	if keys == nil || keys.UsedLately == 0 {
		return nil
	}
	lines := make([]app.UI, 0, len(keys.Lately)+1)
	for i, k := range keys.Lately {
		if i == namesShown {
			break
		}
		lines = append(lines, ui.El("li").Body(ui.El("strong").Text(k.Name), app.Text(", used "+ui.Distance(k.LastLoginAt, time.Now()))))
	}
	if rest := keys.UsedLately - len(lines); rest > 0 && len(lines) > 0 {
		lines = append(lines, ui.El("li").Text("and "+ui.Count(rest)+" more"))
	}
	return []app.UI{ui.Notice(ui.Warn, latelyWords(keys), "", nil), ui.El("ul", "class", "names").Body(lines...)}
}

// who names the user an act is about.
func who(u api.User) app.UI {
	name, below := userName(u), u.Email
	if name == below {
		below = ""
	}
	return ui.El("div", "class", "row").Body(ui.Avatar(name, false), ui.El("div").Body(
		ui.El("strong").Text(name), ui.El("div", "class", "hint").Text(below)))
}
