package pages

import (
	"context"
	"net/url"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Devices is the screen Settings → Devices: the machines that were enrolled with the
// agent access key, when each was there last, and which still came with an old key
// after its rotation.
type Devices struct {
	app.Compo
	list      listing
	rows      []api.Device
	old       oldKeys
	doomed    api.Device // the one that the dialog is about
	deleting  bool
	enrolling bool
	listeners ui.Listeners
}

var deviceRules = listRules{
	Sorts: []string{api.SortHostname, api.SortOS, api.SortAgentVersion, api.SortEnrolled, api.SortLastCheckIn},
	Filters: map[string]func(string) bool{
		"q": anyText, "old_key": oneOf("true"), "agent_key_version": anID,
	},
}

func deviceList(q url.Values) api.DeviceList {
	return api.DeviceList{List: deviceRules.list(q), OldKey: q.Get("old_key") != "", AgentKeyVersion: int(idIn(q, "agent_key_version"))}
}

// OnInit knows the session before the first draw.
func (p *Devices) OnInit() {
	p.list = listing{listModel: listModel{rules: deviceRules}, Path: shell.PathDevices, One: "device", Many: "devices", Ask: p.ask, Fresh: p.fresh}
	p.list.view = session.Now()
}

// OnMount follows the session.
func (p *Devices) OnMount(ctx app.Context) {
	p.list.mount(ctx)
	p.listeners.Every(ctx, time.Minute, func(app.Context) {})
}

// OnDismount ends what is under way.
func (p *Devices) OnDismount() {
	p.listeners.Release()
	p.list.unmount()
}

// OnNav reads the address.
func (p *Devices) OnNav(ctx app.Context) {
	defer ui.Rescue(ctx)
	p.deleting, p.enrolling = false, false
	p.list.arrive()
}

func (p *Devices) fresh() {
	p.rows = nil
	p.old.load(&p.list)
}

func (p *Devices) ask(ctx context.Context, org api.OrgID, q url.Values) (listAnswer, error) {
	page, err := client.API.Devices(ctx, org, deviceList(q))
	return listAnswer{len(page.Items), page.Total, func() { p.rows = page.Items }}, err
}

// Render is the page.
func (p *Devices) Render() app.UI {
	l := &p.list
	if l.view.Org == nil {
		return shell.Frame("Devices")
	}
	return shell.Frame("Devices",
		ui.PageHead("Devices", "Machines that were enrolled with the agent access key of "+l.view.Org.Name+". Each signs in with a token of its own.",
			&ui.Button{ID: "devices-enroll", Label: "Enroll a device", Icon: ui.IconPlus, Kind: ui.Primary, Shortcut: "c", Off: p.cannotEnroll(), OnClick: p.onEnroll}),
		&deviceDelete{Page: p, Open: p.deleting, Offline: p.list.view.Offline, Device: p.doomed},
		p.enrollDialog(),
		p.old.notice(l),
		ui.El("section", "class", "card", "aria-label", "Devices").Body(
			ui.El("div", "class", "toolbar", "hidden", yesNo(l.denied())).Body(l.searchField("Search hostname, OS or version")),
			l.table(&ui.Table{Label: "Devices", Columns: deviceColumns(p.manages()), Rows: p.drawRows(), Empty: p.empty()}),
			l.pager(),
		),
	)
}

func deviceColumns(manages bool) []ui.Column {
	columns := []ui.Column{
		{ID: api.SortHostname, Title: "Hostname", Sort: true},
		{ID: api.SortOS, Title: "OS", Holds: ui.HoldsWords, Sort: true},
		{ID: api.SortAgentVersion, Title: "Agent", Holds: ui.HoldsNumber, Sort: true},
		{ID: api.SortEnrolled, Title: "Enrolled", Holds: ui.HoldsDay, Sort: true},
		{ID: api.SortLastCheckIn, Title: "Last check-in", Holds: ui.HoldsDay, Sort: true},
	}
	if manages {
		columns = append(columns, ui.Column{ID: "manage", Title: "Manage", End: true})
	}
	return columns
}

func (p *Devices) manages() bool { return p.list.view.May(perm.DevicesManage) }

func (p *Devices) drawRows() []app.UI {
	rows := make([]app.UI, len(p.rows))
	may, off, now := p.manages(), p.list.off(), minute()
	for i, d := range p.rows {
		rows[i] = &deviceRow{Page: p, Device: d, MayDelete: may, Off: off, Minute: now}
	}
	return rows
}

func (p *Devices) onEnroll(app.Context) { p.enrolling = true }

func (p *Devices) closeEnroll(app.Context) { p.enrolling = false }

// changed brings up to date what an act may have changed.
func (p *Devices) changed() {
	p.list.reload()
	p.old.load(&p.list)
}
