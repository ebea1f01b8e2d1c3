package pages

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/session"
	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/api"
)

// APIKeys is the screen Settings → User Management → API Keys: who has which key,
// when it was used last, and what deserves a look; one by one or many at once.
type APIKeys struct {
	app.Compo
	desk      keyDesk
	rotate    rotating
	review    review
	listeners ui.Listeners
}

// OnInit knows the session, and the list where it came, before the first draw.
func (p *APIKeys) OnInit() {
	p.desk.filters = !narrow()
	p.desk.begin()
}

// OnMount follows the session.
func (p *APIKeys) OnMount(ctx app.Context) {
	ctx.PreventUpdate()
	p.desk.mount(ctx, shell.PathAPIKeys)
	p.desk.after = p.look
	session.Observe(ctx, &p.desk.view).OnChange(p.desk.followed)
	p.listeners.Every(ctx, time.Minute, func(app.Context) {})
}

// narrow reports whether rows are cards, as on a phone: there the filters begin closed.
func narrow() bool {
	return app.IsClient && app.Window().Call("matchMedia", "(max-width: 860px)").Get("matches").Truthy()
}

// OnDismount ends what is under way.
func (p *APIKeys) OnDismount() {
	p.listeners.Release()
	p.desk.unmount()
}

// OnNav reads the address.
func (p *APIKeys) OnNav(ctx app.Context) {
	defer ui.Rescue(ctx)
	if p.desk.arrive() {
		p.review.forget()
	}
}

// look counts the keys that deserve a look.
func (p *APIKeys) look() { p.review.load(&p.desk) }

// Render is the page.
func (p *APIKeys) Render() app.UI {
	d := &p.desk
	if d.view.Org == nil {
		return shell.Frame("API Keys")
	}
	content := []app.UI{
		ui.PageHead("API Keys", "Keys for system integrations, access control and automation. "+
			"Review them regularly: delete what nobody uses, and give ADMIN only where it is needed.", p.acts()...),
	}
	content = append(content, d.dialogs()...)
	content = append(content,
		&keysDelete{Desk: d, Open: d.dialog == dialogBulkDelete, Offline: d.view.Offline, Keys: d.pickedKeys()},
		&sharedSecretDialog{Desk: d, Open: d.dialog == dialogSecret, Panel: p.panel},
		p.rotate.dialog(d),
		p.review.notice(d),
		d.summary(),
		ui.El("section", "class", "card", "aria-label", "API keys").Body(
			p.toolbar(),
			d.filterBar(),
			d.table(&ui.Table{
				ID: "keys", Label: "API keys", Columns: apiKeysColumns, Rows: p.rows(),
				Selection: &d.picked, Bulk: p.bulk, OnSelect: func(app.Context) {},
			}),
			d.pager(),
		),
	)
	return shell.Frame("API Keys", content...)
}

var apiKeysColumns = []ui.Column{
	{ID: api.SortName, Title: "Name / Desc", Sort: true},
	{ID: api.SortRole, Title: "Role", Holds: ui.HoldsBadge, Sort: true},
	{ID: api.SortLastLogin, Title: "Last Login", Holds: ui.HoldsMoment, Sort: true},
	{ID: "manage", Title: "Manage", End: true},
}

// acts are the buttons of the page.
func (p *APIKeys) acts() []app.UI {
	d := &p.desk
	var list []app.UI
	if read, manage := sharedSecret.may(d.rights().Here); read || manage {
		list = append(list, &ui.Button{ID: "shared-secret-open", Label: sharedSecret.Name, Icon: ui.IconLock,
			OnClick: func(app.Context) { d.open(dialogSecret, api.Key{}) }})
	}
	return append(list, d.addButton("keys-add"))
}

func (p *APIKeys) toolbar() app.UI {
	d := &p.desk
	return ui.El("div", "class", "toolbar").Body(
		d.searchField("keys-search", "Search name, owner or hint"),
		d.asOf(),
		ui.El("span", "class", "grow"),
		d.filterButton(),
	)
}

func (p *APIKeys) rows() []app.UI {
	d, rights := &p.desk, p.desk.rights()
	rows := make([]app.UI, len(d.list.rows))
	for i, k := range d.list.rows {
		rows[i] = &apiKeyRow{
			Desk: d, Key: k, May: rights.On(k), Picked: d.picked.Has(keyRef(k.ID)),
			Pending: d.list.pending[k.ID], Offline: d.view.Offline,
			Review: d.list.query.Review, Minute: minute(),
		}
	}
	return rows
}

// bulk is what can be done with the selected keys. The server refuses those that are
// not the person's to change, and the summary says which and why.
func (p *APIKeys) bulk() []app.UI {
	d := &p.desk
	act := func(id, label string, icon ui.Icon, kind ui.Kind, do func()) app.UI {
		return &ui.Button{ID: id, Label: label, Icon: icon, Kind: kind, Off: d.off(), OnClick: func(app.Context) { do() }}
	}
	return []app.UI{
		act("bulk-enable", "Enable", ui.IconOn, ui.Plain, func() { d.bulk(api.BulkEnable, idsOf(d.pickedKeys())) }),
		act("bulk-disable", "Disable", ui.IconOff, ui.Plain, func() { d.bulk(api.BulkDisable, idsOf(d.pickedKeys())) }),
		act("bulk-delete", "Delete…", ui.IconTrash, ui.Plain, func() { d.open(dialogBulkDelete, api.Key{}) }),
	}
}

// panel is the shared secret inside its dialog.
func (p *APIKeys) panel() app.UI {
	read, manage := sharedSecret.may(p.desk.rights().Here)
	panel := p.rotate.card(&p.desk, sharedSecret, read, manage)
	panel.Bare = true
	return panel
}
