package pages

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Audit is the screen Settings → Audit log: who did what to what, when and from where,
// the newest first; as a file too.
type Audit struct {
	app.Compo
	list      listing
	rows      []api.AuditRow
	details   auditDetails
	keys      auditKeys
	since     string // as typed
	until     string
	exporting bool
	listeners ui.Listeners
}

// OnInit knows the session before the first draw.
func (p *Audit) OnInit() {
	p.list = listing{listModel: listModel{rules: auditRules}, Path: shell.PathAudit, One: "row", Many: "rows", Ask: p.ask, Fresh: p.fresh}
	p.list.view = session.Now()
	p.details.Only = func(name string, id int64) { p.list.set(name, strconv.FormatInt(id, 10)) }
}

// OnMount follows the session.
func (p *Audit) OnMount(ctx app.Context) {
	p.list.open = !narrow()
	p.list.mount(ctx)
	p.listeners.Every(ctx, time.Minute, func(app.Context) {})
}

// OnDismount ends what is under way.
func (p *Audit) OnDismount() {
	p.listeners.Release()
	p.list.unmount()
}

// OnNav reads the address.
func (p *Audit) OnNav(ctx app.Context) {
	defer ui.Rescue(ctx)
	p.details.open = false
	p.list.arrive()
	p.since, p.until = p.list.query.Get("since"), p.list.query.Get("until")
}

// fresh forgets what was of another organization, and meets who could be asked about.
func (p *Audit) fresh() {
	p.rows = nil
	p.keys.forget()
	p.keys.load(&p.list)
	p.details.meet(&p.list)
}

func (p *Audit) ask(ctx context.Context, org api.OrgID, q url.Values) (listAnswer, error) {
	page, err := client.API.Audit(ctx, p.question(org, q))
	return listAnswer{len(page.Items), page.Total, func() {
		p.rows = page.Items
		p.details.see(page.Items)
		p.keys.see(page.Items)
	}}, err
}

// question asks whom the account lets read everything about everything, and others
// about the organization of the page.
func (p *Audit) question(org api.OrgID, q url.Values) api.AuditList {
	l := auditList(q, dayEnd)
	if !p.everything() {
		l.Organization = org
	}
	return l
}

func (p *Audit) everything() bool { return p.list.view.MayOnAccount(perm.AuditRead) }

// Render is the page.
func (p *Audit) Render() app.UI {
	l := &p.list
	if l.view.Org == nil {
		return shell.Frame("Audit log")
	}
	lead := "Who did what, when and from where: changes, values shown or copied, sign-ins and refusals"
	if !p.everything() {
		lead += ", in " + l.view.Org.Name
	}
	return shell.Frame("Audit log",
		ui.PageHead("Audit log", lead+".", p.exportMenu()),
		p.details.dialog(l.view),
		ui.El("section", "class", "card", "aria-label", "Audit log").Body(
			ui.El("div", "class", "toolbar", "hidden", yesNo(l.denied())).Body(
				l.searchField("Search names or addresses"),
				ui.El("span", "class", "grow"),
				l.filterButton(),
			),
			l.filterBar(p.filters),
			l.table(&ui.Table{Label: "Audit log", Columns: p.columns(), Rows: p.drawRows(), Empty: noAuditRows()}),
			l.pager(),
		),
	)
}

func noAuditRows() app.UI {
	return ui.EmptyWith(ui.IconLog, "Nothing yet", "Every change, every value shown and every refusal will be here.", nil)
}

func (p *Audit) columns() []ui.Column {
	columns := []ui.Column{{ID: "what", Title: "What"}, {ID: "who", Title: "Who", Holds: ui.HoldsPerson}}
	if p.everything() {
		columns = append(columns, ui.Column{ID: "organization", Title: "Organization", Holds: ui.HoldsWords})
	}
	return append(columns, ui.Column{ID: "address", Title: "Address", Holds: ui.HoldsAddress}, ui.Column{ID: "when", Title: "When", Holds: ui.HoldsMoment})
}

func (p *Audit) drawRows() []app.UI {
	rows, now := make([]app.UI, len(p.rows)), minute()
	for i, r := range p.rows {
		row := &auditRow{Details: &p.details, Row: r, Who: auditWho(r, &p.details.People), Minute: now}
		if p.everything() {
			row.Org = shortOrg(p.list.view, r.OrganizationID)
		}
		rows[i] = row
	}
	return rows
}

// shortOrg is the organization of a row in a table.
func shortOrg(v session.View, id *api.OrgID) string {
	if id == nil {
		return "Account"
	}
	return orgName(v, id)
}
