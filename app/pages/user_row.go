package pages

import (
	"cmp"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// userRow is a user in the table. Inputs are exported for the reason of [keyRow].
type userRow struct {
	app.Compo
	Page    *Users
	Person  api.Person
	May     userActs
	Manages bool // users at all
	Org     api.OrgID
	Wait    string
	Offline bool
	Minute  int64
}

func (r *userRow) CompoID() string { return "user-" + userRef(r.Person.ID) }

func (r *userRow) Render() app.UI {
	u := r.Person.User
	var more []app.UI
	if r.May.Self {
		more = append(more, ui.Badge(ui.Neutral, "", "You"))
	}
	tone, icon := stateTone(u.State)
	state := ui.Badge(tone, icon, stateWords[u.State])
	if r.Wait != "" {
		state = ui.Badge(ui.Neutral, ui.IconClock, r.Wait)
	}
	cells := []app.UI{
		ui.TitleCell(userName(u), u.Email, more...),
		ui.Cell("State", state),
		ui.Cell("Role", r.role()),
		ui.Cell("Last active", ui.When(ui.Moment{At: at(r.Person.LastActiveAt), Never: "Never"})),
	}
	if r.Manages {
		cells = append(cells, ui.Cell("Keys", r.keys()), ui.EndCell(r.menu()))
	}
	return ui.Row("user-row-"+userRef(u.ID), u.State == api.UserDisabled, cells...)
}

// role is what the person is here: their role on the account, in this organization, and
// in how many others.
func (r *userRow) role() app.UI {
	var lines []app.UI
	if on := r.Person.AccountRole; on != nil {
		lines = append(lines, ui.Badge(ui.Warn, ui.IconShield, on.Name))
	}
	if here := roleHere(r.Person, r.Org); here != "" {
		lines = append(lines, ui.Badge(ui.Info, "", here))
	}
	if more := elsewhere(r.Person, r.Org); more != "" {
		lines = append(lines, ui.El("small").Text(more))
	}
	if len(lines) == 0 {
		lines = append(lines, ui.El("span", "class", "never").Text("None"))
	}
	return ui.El("div", "class", "acts").Body(lines...)
}

// keys counts their keys, for who manages them.
func (r *userRow) keys() app.UI {
	if n := r.Person.KeysHeld; n != nil {
		return ui.El("span", "class", "num").Text(ui.Count(*n))
	}
	return ui.El("span", "class", "never").Text("–")
}

func (r *userRow) menu() app.UI {
	if !r.May.Manage && r.May.Off == "" {
		return nil
	}
	return &ui.Menu{ID: "user-menu-" + userRef(r.Person.ID), Label: "More actions for " + quoted(userName(r.Person.User)), Items: r.items}
}

func (r *userRow) items() []ui.Item {
	p, person, list := r.Page, r.Person, &r.Page.roll
	act := func(label string, icon ui.Icon, off string, s func() sheet) ui.Item {
		return ui.Item{Label: label, Icon: icon, Off: cmp.Or(r.May.Off, cmp.Or(list.off(), off)),
			OnPick: func(app.Context) { list.open(s()) }}
	}
	alone := ""
	if r.May.Self {
		alone = "Another administrator has to do this."
	}
	items := []ui.Item{
		act("Edit…", ui.IconEdit, "", func() sheet { return newUserEdit(p, person) }),
		act("Roles…", ui.IconRole, "", func() sheet { return newUserRoles(p, person) }),
	}
	switch {
	case r.May.Link == api.LinkInvite:
		items = append(items, act("New invitation link…", ui.IconExternal, "", func() sheet { return newUserLink(p, person, api.LinkInvite) }))
	case r.May.Self:
		items = append(items, act("Reset link…", ui.IconExternal, "Set your own password in your profile.", nil))
	case r.May.Link == api.LinkReset:
		items = append(items, act("Reset link…", ui.IconExternal, "", func() sheet { return newUserLink(p, person, api.LinkReset) }))
	}
	if person.State == api.UserDisabled {
		items = append(items, ui.Item{Label: "Enable", Icon: ui.IconOn, Line: true, Off: cmp.Or(r.May.Off, list.off()),
			OnPick: func(app.Context) { p.enable(person) }})
	} else {
		disable := act("Disable…", ui.IconOff, alone, func() sheet { return newUserDisable(p, person) })
		disable.Line = true
		items = append(items, disable)
	}
	remove := act("Delete…", ui.IconTrash, alone, func() sheet { return newUserDelete(p, person) })
	remove.Danger = true
	return append(items, remove)
}
