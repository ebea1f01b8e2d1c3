package pages

import (
	"cmp"
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

// Roles is the screen Settings → User Management → Roles: what each role allows, and
// the custom ones that are added, edited and deleted here.
type Roles struct {
	app.Compo
	roll roll
	rows []api.Role
}

var rolesKind = rollKind{
	Path: shell.PathRoles, One: "role", Many: "roles",
	Sorts: []string{api.SortName, api.SortScope, api.SortHolders},
	Filters: []rollFilter{
		{Name: "scope", Values: []string{string(perm.Account), string(perm.Organization)}},
		{Name: "in"},
	},
}

// OnInit knows the session before the first draw.
func (p *Roles) OnInit() {
	p.roll.kind, p.roll.ask = rolesKind, p.ask
	p.roll.view = session.Now()
}

// OnMount follows the session.
func (p *Roles) OnMount(ctx app.Context) { p.roll.mount(ctx) }

// OnDismount ends what is under way.
func (p *Roles) OnDismount() { p.roll.unmount() }

// OnNav reads the address.
func (p *Roles) OnNav(ctx app.Context) {
	defer ui.Rescue(ctx)
	p.roll.come()
}

func (p *Roles) manages() bool { return p.roll.view.MayOnAccount(perm.RolesManage) }

func (p *Roles) ask(q rollQuery) func(context.Context) (func() int, int, error) {
	list := api.RoleList{List: q.List, Scope: perm.Scope(q.By[0])}
	if n, err := strconv.ParseInt(q.By[1], 10, 64); err == nil {
		list.Org = api.OrgID(n)
	}
	return func(ctx context.Context) (func() int, int, error) {
		page, err := client.API.Roles(ctx, list)
		return func() int { p.rows = page.Items; return len(page.Items) }, page.Total, err
	}
}

// Render is the page.
func (p *Roles) Render() app.UI {
	r := &p.roll
	if r.view.Org == nil {
		return shell.Frame("Roles")
	}
	var acts []app.UI
	if p.manages() {
		acts = append(acts, &ui.Button{ID: "role-add", Label: "Add role", Icon: ui.IconPlus, Kind: ui.Primary, Shortcut: "c", Off: r.off(),
			OnClick: func(app.Context) { r.open(&roleEdit{page: p, form: newRoleForm(r.view.Me)}) }})
	}
	return shell.Frame("Roles",
		ui.PageHead("Roles", "What people may do: one role on the account, or one in each organization. "+ownWords, acts...),
		r.dialog("role-dialog"),
		r.card("Search name or description",
			&ui.Table{ID: "roles", Label: "Roles", Columns: rolesColumns, Rows: p.draw()},
			ui.Empty(ui.NothingYet, "No roles", "Nothing is here.", nil), p.filters()...),
	)
}

var rolesColumns = []ui.Column{
	{ID: api.SortName, Title: "Name", Sort: true},
	{ID: api.SortScope, Title: "Given on", Holds: ui.HoldsWords, Sort: true},
	{ID: "permissions", Title: "Allows", Holds: ui.HoldsWords},
	{ID: api.SortHolders, Title: "Held by", Holds: ui.HoldsNumber, Sort: true},
	{ID: "manage", Title: "Manage", Holds: ui.HoldsActs, End: true},
}

func (p *Roles) filters() []app.UI {
	r := &p.roll
	where := []ui.Option{{Value: "", Label: "Any organization"}}
	for _, org := range r.view.Me.Organizations {
		where = append(where, ui.Option{Value: orgRef(org.ID), Label: "For " + org.Name})
	}
	return []app.UI{
		r.filterBy(0, "Given on", []ui.Option{{Value: "", Label: "Given anywhere"},
			{Value: string(perm.Account), Label: "On the account"}, {Value: string(perm.Organization), Label: "In organizations"}}),
		r.filterBy(1, "Organization", where),
	}
}

func (p *Roles) draw() []app.UI {
	rows := make([]app.UI, len(p.rows))
	for i, role := range p.rows {
		rows[i] = &roleRow{Page: p, Role: role, Where: roleWhere(role, p.roll.view.Me.Organizations), Manages: p.manages(), Offline: p.roll.view.Offline}
	}
	return rows
}

// roleRow is a role in the table. Inputs are exported for the reason of [keyRow].
type roleRow struct {
	app.Compo
	Page    *Roles
	Role    api.Role
	Where   string
	Manages bool
	Offline bool
}

func (r *roleRow) CompoID() string { return "role-" + roleRef(r.Role.ID) }

func (r *roleRow) Render() app.UI {
	role := r.Role
	var more []app.UI
	if role.BuiltIn {
		more = append(more, ui.Badge(ui.Neutral, "", "Built in"))
	}
	return ui.Row("role-row-"+roleRef(role.ID), false,
		ui.TitleCell(role.Name, role.Description, more...),
		ui.Cell("Given on", ui.El("span", "class", "long").Text(r.Where)),
		ui.Cell("Allows", ui.El("span", "class", "num").Text(permsWord(role))),
		ui.Cell("Held by", ui.El("span", "class", "num").Text(holdersWord(role.Holders))),
		ui.EndCell(
			&ui.IconButton{ID: "role-view-" + roleRef(role.ID), Label: "What " + quoted(role.Name) + " allows", Tip: "What it allows", Icon: ui.IconInfo,
				OnClick: func(app.Context) { r.Page.roll.open(&roleView{page: r.Page, role: r.Role}) }},
			r.menu(),
		),
	)
}

func (r *roleRow) menu() app.UI {
	if !r.Manages {
		return nil
	}
	return &ui.Menu{ID: "role-menu-" + roleRef(r.Role.ID), Label: "More actions for " + quoted(r.Role.Name), Items: r.items}
}

func (r *roleRow) items() []ui.Item {
	p, role := r.Page, r.Role
	off := p.roll.off()
	switch {
	case role.BuiltIn:
		off = "Built-in roles stay as they are."
	case !role.Manageable:
		off = "It gives more than you hold."
	}
	return []ui.Item{
		{Label: "Edit…", Icon: ui.IconEdit, Off: off, OnPick: func(app.Context) {
			p.roll.open(&roleEdit{page: p, form: roleFormOf(p.roll.view.Me, role)})
		}},
		{Label: "Copy as a new role…", Icon: ui.IconCopy, Off: p.roll.off(), OnPick: func(app.Context) {
			p.roll.open(&roleEdit{page: p, form: copyOfRole(p.roll.view.Me, role)})
		}},
		{Label: "Delete…", Icon: ui.IconTrash, Danger: true, Line: true, Off: cmp.Or(off, inUse(role)), OnPick: func(app.Context) {
			p.roll.open(&roleDelete{page: p, role: role})
		}},
	}
}
