package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Orgs is the screen Settings → Organizations: their names, their policy, and what is
// in them.
type Orgs struct {
	app.Compo
	roll roll
	rows []api.Org
}

var orgsKind = rollKind{
	Path: shell.PathOrgs, One: "organization", Many: "organizations",
	Sorts: []string{api.SortName, api.SortCreated},
}

// OnInit knows the session before the first draw.
func (p *Orgs) OnInit() {
	p.roll.kind, p.roll.ask = orgsKind, p.ask
	p.roll.view = session.Now()
}

// OnMount follows the session.
func (p *Orgs) OnMount(ctx app.Context) { p.roll.mount(ctx) }

// OnDismount ends what is under way.
func (p *Orgs) OnDismount() { p.roll.unmount() }

// OnNav reads the address.
func (p *Orgs) OnNav(ctx app.Context) {
	defer ui.Rescue(ctx)
	p.roll.come()
}

func (p *Orgs) ask(q rollQuery) func(context.Context) (func() int, int, error) {
	return func(ctx context.Context) (func() int, int, error) {
		page, err := client.API.Orgs(ctx, q.List)
		return func() int { p.rows = page.Items; return len(page.Items) }, page.Total, err
	}
}

// Render is the page. It is there also for who belongs to no organization yet.
func (p *Orgs) Render() app.UI {
	r := &p.roll
	var acts []app.UI
	if r.view.MayOnAccount(perm.OrgsManage) {
		acts = append(acts, &ui.Button{ID: "org-add", Label: "Add organization", Icon: ui.IconPlus, Kind: ui.Primary, Shortcut: "c", Off: r.off(),
			OnClick: func(app.Context) { r.open(&orgEdit{page: p}) }})
	}
	var backups app.UI
	if r.view.MayOnAccount(perm.AccountRead) {
		backups = &backupLine{Manage: r.view.MayOnAccount(perm.OrgsManage), Offline: r.view.Offline, Minute: minute(), OnFail: r.complain}
	}
	return shell.FrameOfPerson("Organizations",
		ui.PageHead("Organizations", "Each owns its keys, devices and secrets, and says by its policy how long keys live and whether they are shown again.", acts...),
		r.dialog("org-dialog"),
		r.card("Search name or short name",
			&ui.Table{ID: "orgs", Label: "Organizations", Columns: orgsColumns, Rows: p.draw()},
			ui.Empty(ui.NothingYet, "No organizations", "Ask an administrator to add you to one.", nil)),
		backups,
	)
}

var orgsColumns = []ui.Column{
	{ID: api.SortName, Title: "Name", Sort: true},
	{ID: "policy", Title: "Policy", Holds: ui.HoldsBadges},
	{ID: "role", Title: "Your role", Holds: ui.HoldsWords},
	{ID: api.SortCreated, Title: "Added", Holds: ui.HoldsDay, Sort: true},
	{ID: "manage", Title: "Manage", End: true},
}

func (p *Orgs) draw() []app.UI {
	v := p.roll.view
	account := perm.OfKnown(v.Me.AccountPermissions...)
	rows := make([]app.UI, len(p.rows))
	for i, org := range p.rows {
		row := &orgRow{Page: p, Org: org, Delete: account.Has(perm.OrgsManage), Minute: minute(), Offline: v.Offline}
		set := account
		for _, mine := range v.Me.Organizations {
			if mine.ID == org.ID {
				set, row.Role = set.Or(perm.OfKnown(mine.Permissions...)), mine.Role
			}
		}
		if row.Role == "" && v.Me.AccountRole != nil {
			row.Role = *v.Me.AccountRole
		}
		row.Manage, row.Members = set.Has(perm.OrgsManage), set.Has(perm.UsersRead)
		rows[i] = row
	}
	return rows
}

// orgRow is an organization in the table. Inputs are exported for the reason of [keyRow].
type orgRow struct {
	app.Compo
	Page    *Orgs
	Org     api.Org
	Role    string // the person's
	Manage  bool
	Delete  bool
	Members bool
	Offline bool
	Minute  int64
}

func (r *orgRow) CompoID() string { return "org-" + orgRef(r.Org.ID) }

func (r *orgRow) Render() app.UI {
	o := r.Org
	var policy []app.UI
	for _, word := range policyWords(o.Policy) {
		policy = append(policy, ui.Badge(ui.Neutral, "", word))
	}
	if len(policy) == 0 {
		policy = append(policy, ui.El("span", "class", "never").Text("Default"))
	}
	role := ui.El("span", "class", "never").Text("None")
	if r.Role != "" {
		role = ui.El("span", "class", "long").Text(r.Role)
	}
	return ui.Row("org-row-"+orgRef(o.ID), false,
		ui.TitleCell(o.Name, o.ShortName),
		ui.Cell("Policy", ui.El("div", "class", "acts").Body(policy...)),
		ui.Cell("Your role", role),
		ui.Cell("Added", ui.When(ui.Moment{At: o.CreatedAt})),
		ui.EndCell(&ui.Menu{ID: "org-menu-" + orgRef(o.ID), Label: "More actions for " + quoted(o.Name), Items: r.items}),
	)
}

func (r *orgRow) items() []ui.Item {
	p, org, off := r.Page, r.Org, r.Page.roll.off()
	items := []ui.Item{{Label: "Secrets & Keys", Icon: ui.IconVault, OnPick: func(ctx app.Context) {
		ctx.Navigate(session.LinkIn(shell.PathSecretsKeys, org.ShortName))
	}}}
	if r.Members {
		items = append(items, ui.Item{Label: "Members", Icon: ui.IconUsers, OnPick: func(ctx app.Context) {
			ctx.Navigate(session.LinkIn(shell.PathUsers, org.ShortName) + "&in=" + orgRef(org.ID))
		}})
	}
	policy := ui.Item{Label: "Policy…", Icon: ui.IconShield, Line: true, OnPick: func(app.Context) { p.roll.open(newOrgPolicy(p, org, r.Manage)) }}
	if !r.Manage {
		return append(items, policy)
	}
	items = append(items, ui.Item{Label: "Edit names…", Icon: ui.IconEdit, Line: true, Off: off,
		OnPick: func(app.Context) { p.roll.open(&orgEdit{page: p, form: orgFormOf(org)}) }})
	policy.Line, policy.Off = false, off
	items = append(items, policy)
	if r.Delete {
		items = append(items, ui.Item{Label: "Delete…", Icon: ui.IconTrash, Danger: true, Line: true, Off: off,
			OnPick: func(app.Context) { p.roll.open(newOrgDelete(p, org)) }})
	}
	return items
}
