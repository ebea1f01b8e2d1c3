package pages

import (
	"context"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Users is the screen Settings → User Management → Users: who can sign in, and with
// which roles. Who does not manage users sees the members of the organization.
type Users struct {
	app.Compo
	roll  roll
	rows  []api.Person
	roles []api.Role        // all that there are, for forms and the filter
	lack  error             // why there are none
	wait  map[string]string // what is under way, by id of the user
}

var usersKind = rollKind{
	Path: shell.PathUsers, One: "user", Many: "users",
	Sorts: []string{api.SortName, api.SortEmail, api.SortState, api.SortRole, api.SortLastActive},
	Filters: []rollFilter{
		{Name: "state", Values: []string{api.UserActive, api.UserInvited, api.UserDisabled}},
		{Name: "role"},
		{Name: "in"},
	},
}

// The filters by their place.
const (
	byState = iota
	byRole
	byOrg
)

// OnInit knows the session before the first draw.
func (p *Users) OnInit() {
	p.roll.kind, p.roll.ask, p.roll.arrive = usersKind, p.ask, p.loadRoles
	p.roll.view = session.Now()
}

// OnMount follows the session.
func (p *Users) OnMount(ctx app.Context) { p.roll.mount(ctx) }

// OnDismount ends what is under way, and drops a link that is shown.
func (p *Users) OnDismount() { p.roll.unmount() }

// OnNav reads the address.
func (p *Users) OnNav(ctx app.Context) {
	defer ui.Rescue(ctx)
	p.roll.come()
}

// everyone reports whether the person sees users beyond this organization.
func (p *Users) everyone() bool { return p.roll.view.MayOnAccount(perm.UsersRead) }

func (p *Users) manages() bool { return p.roll.view.MayOnAccount(perm.UsersManage) }

func (p *Users) ask(q rollQuery) func(context.Context) (func() int, int, error) {
	list := api.UserList{List: q.List, State: q.By[byState]}
	list.Role = roleOf(q.By[byRole])
	if n, err := strconv.ParseInt(q.By[byOrg], 10, 64); err == nil {
		list.Org = api.OrgID(n)
	}
	if !p.everyone() && p.roll.view.Org != nil {
		list.Org = p.roll.view.Org.ID
	}
	return func(ctx context.Context) (func() int, int, error) {
		page, err := client.API.Users(ctx, list)
		return func() int { p.rows = page.Items; return len(page.Items) }, page.Total, err
	}
}

func (p *Users) mayReadRoles() bool {
	return p.roll.view.May(perm.RolesRead) || p.roll.view.MayOnAccount(perm.RolesRead)
}

// loadRoles asks for the roles that there are.
func (p *Users) loadRoles() {
	if !p.mayReadRoles() {
		return
	}
	ctx := p.roll.alive
	p.roll.ctx.Async(func() {
		page, err := client.API.Roles(ctx, api.RoleList{List: api.List{Limit: api.MaxLimit}})
		p.roll.ctx.Dispatch(ui.Safe(func(app.Context) { p.roles, p.lack = page.Items, err }))
	})
}

// Render is the page.
func (p *Users) Render() app.UI {
	r := &p.roll
	if r.view.Org == nil {
		return shell.Frame("Users")
	}
	lead := "People who can sign in, and the roles that say what they may do. A key never does more than its owner."
	if !p.everyone() {
		lead = "The members of " + r.view.Org.Name + " and their roles."
	}
	var acts []app.UI
	if p.manages() {
		acts = append(acts, p.inviteButton("user-add", "c"))
	}
	return shell.Frame("Users",
		ui.PageHead("Users", lead, acts...),
		r.dialog("user-dialog"),
		r.card("Search name or e‑mail", &ui.Table{ID: "users", Label: "Users", Columns: usersColumns(p.manages()), Rows: p.draw()}, p.nobody(), p.filters()...),
	)
}

func usersColumns(manages bool) []ui.Column {
	columns := []ui.Column{
		{ID: api.SortName, Title: "Name", Sort: true},
		{ID: api.SortState, Title: "State", Holds: ui.HoldsBadge, Sort: true},
		{ID: api.SortRole, Title: "Role", Holds: ui.HoldsBadges, Sort: true},
		{ID: api.SortLastActive, Title: "Last active", Holds: ui.HoldsDay, Sort: true},
	}
	if manages {
		columns = append(columns, ui.Column{ID: "keys", Title: "Keys", Holds: ui.HoldsNumber}, ui.Column{ID: "manage", Title: "Manage", End: true})
	}
	return columns
}

func (p *Users) inviteButton(id, shortcut string) app.UI {
	return &ui.Button{ID: id, Label: "Invite user", Icon: ui.IconPlus, Kind: ui.Primary, Shortcut: shortcut, Off: p.roll.off(),
		OnClick: func(app.Context) { p.roll.open(newUserNew(p)) }}
}

func (p *Users) nobody() app.UI {
	return ui.Empty(ui.NothingYet, "Nobody here yet", "Invite people by a link that works once. No mail server is needed: you hand it over.", nil)
}

func (p *Users) filters() []app.UI {
	r := &p.roll
	bar := []app.UI{r.filterBy(byState, "State", []ui.Option{
		{Value: "", Label: "Any state"}, {Value: api.UserActive, Label: stateWords[api.UserActive]},
		{Value: api.UserInvited, Label: stateWords[api.UserInvited]}, {Value: api.UserDisabled, Label: stateWords[api.UserDisabled]},
	})}
	if len(p.roles) > 0 {
		options := []ui.Option{{Value: "", Label: "Any role"}}
		for _, role := range p.roles {
			options = append(options, ui.Option{Value: roleRef(role.ID), Label: role.Name})
		}
		bar = append(bar, r.filterBy(byRole, "Role", options))
	}
	if p.everyone() {
		options := []ui.Option{{Value: "", Label: "Any organization"}}
		for _, org := range r.view.Me.Organizations {
			options = append(options, ui.Option{Value: orgRef(org.ID), Label: "Members of " + org.Name})
		}
		bar = append(bar, r.filterBy(byOrg, "Organization", options))
	}
	return bar
}

// orgRef is an organization's id as text.
func orgRef(id api.OrgID) string { return strconv.FormatInt(int64(id), 10) }

func (p *Users) draw() []app.UI {
	rows := make([]app.UI, len(p.rows))
	for i, person := range p.rows {
		rows[i] = &userRow{
			Page: p, Person: person, May: actsOn(person, p.roll.view.Me.User.ID, p.manages()), Manages: p.manages(), Org: p.roll.org,
			Wait: p.wait[userRef(person.ID)], Offline: p.roll.view.Offline, Minute: minute(),
		}
	}
	return rows
}

// enable lets a user in again. Nothing is lost by it, so nothing is asked.
func (p *Users) enable(person api.Person) {
	ref, state := userRef(person.ID), api.UserActive
	if p.wait == nil {
		p.wait = map[string]string{}
	}
	p.wait[ref] = "Working"
	p.roll.ctx.Async(func() {
		_, err := client.API.EditUser(context.Background(), person.ID, api.EditUser{State: &state})
		p.roll.ctx.Dispatch(ui.Safe(func(app.Context) {
			delete(p.wait, ref)
			if err != nil {
				p.roll.complain(err)
				return
			}
			p.roll.toast("Enabled " + quoted(userName(person.User)) + ".")
			p.roll.changed()
		}))
	})
}

// base is the address of this installation.
func (p *Users) base() string {
	origin := app.Window().URL()
	return baseURL(p.roll.view.Me.Limits.PublicURL, origin.Scheme+"://"+origin.Host)
}
