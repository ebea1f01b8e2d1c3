package pages

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// KeyPage is the page of one API key: its facts, what it may do, and its history. What
// may be done with it is what its row on the key screens offers.
type KeyPage struct {
	app.Compo
	desk      keyDesk
	history   keyHistory
	listeners ui.Listeners
}

// OnInit knows the session before the first draw.
func (p *KeyPage) OnInit() {
	p.desk.view = session.Now()
	p.history.init()
}

// OnMount follows the session.
func (p *KeyPage) OnMount(ctx app.Context) {
	p.desk.mount(ctx, shell.PathAPIKeys)
	p.desk.after, p.desk.seen = p.history.list.reload, p.seen
	session.Observe(ctx, &p.desk.view).OnChange(p.desk.followed)
	p.history.list.mount(ctx)
	p.listeners.Every(ctx, time.Minute, func(app.Context) {})
}

// OnDismount ends what is under way.
func (p *KeyPage) OnDismount() {
	p.listeners.Release()
	p.desk.unmount()
	p.history.list.unmount()
}

// OnNav reads the address. Where another organization was chosen there than the key's,
// the keys of that one are shown instead.
func (p *KeyPage) OnNav(ctx app.Context) {
	defer ui.Rescue(ctx)
	path := app.Window().URL().Path
	id, v := api.KeyID(shell.KeyAt(path)), session.Now()
	if k, ok := p.desk.list.find(id); ok && p.desk.only == id && v.Org != nil && v.Org.ID != p.desk.org && !belongs(k, v.Org.ID) {
		ctx.Navigate(v.Link(shell.PathAPIKeys))
		return
	}
	p.desk.arriveAt(id)
	p.history.arrive(id, path)
}

// seen leads to the key's own organization where the address names another one: what
// the person may do is of that one.
func (p *KeyPage) seen() {
	d := &p.desk
	k, ok := d.list.find(d.only)
	if !ok || belongs(k, d.org) {
		return
	}
	for _, org := range d.view.Me.Organizations {
		if belongs(k, org.ID) {
			d.ctx.Navigate(session.LinkIn(p.history.list.Path, org.ShortName))
			return
		}
	}
}

// Render is the page.
func (p *KeyPage) Render() app.UI {
	d := &p.desk
	if d.view.Org == nil {
		return shell.Frame("API key")
	}
	k, ok := d.list.find(d.only)
	if problem := d.list.problem; fault.Is(problem, fault.NotFound) || !ok && problem != nil {
		return shell.Frame("API key", p.back(), p.missing(problem))
	}
	if !ok {
		return shell.Frame("API key", p.back(), ui.PageHead("API key", ""),
			ui.El("div", "class", "card pad", "aria-busy", "true").Body(ui.Skeleton(6)))
	}
	content := append([]app.UI{p.back(), ui.PageHead(k.Name, k.Description, p.acts(k)...)}, d.dialogs()...)
	content = append(content,
		p.history.details.dialog(d.view),
		p.stale(),
		ui.El("div", "class", "cards").Body(p.facts(k), p.may(k)),
		p.history.draw(p.logLink(k)),
	)
	return shell.Frame(k.Name, content...)
}

// back leads to where keys are listed.
func (p *KeyPage) back() app.UI {
	return ui.El("a", "class", "back", "href", p.desk.view.Link(shell.PathAPIKeys)).Body(ui.IconLeft.Draw(), app.Text("API Keys"))
}

func (p *KeyPage) acts(k api.Key) []app.UI {
	may := p.desk.rights().On(k)
	if !may.Any() {
		return nil
	}
	menu := &ui.Menu{ID: "key-acts", Label: "Actions for " + quoted(k.Name), Text: "Actions", Items: func() []ui.Item { return p.desk.menu(k, may) }}
	return []app.UI{menu}
}

// missing is why there is no key to show.
func (p *KeyPage) missing(problem error) app.UI {
	again := p.desk.retry("key-retry", p.desk.reload)
	switch {
	case fault.Is(problem, fault.NotFound):
		return ui.El("div", "class", "gate").Body(ui.PageHead("No such API key", ""),
			ui.Empty(ui.NothingYet, "There is no API key here", "It was deleted, or was never yours to see.", nil))
	case fault.Is(problem, fault.PermissionRequired):
		return ui.El("div", "class", "gate").Body(ui.PageHead("API key", ""),
			ui.Empty(ui.NotAllowed, "Not yours to see", "Your role lets you see this key in lists, and not its details.", nil))
	case fault.Is(problem, fault.Offline):
		return ui.El("div", "class", "gate").Body(ui.PageHead("API key", ""),
			ui.Empty(ui.NotSynced, "Not kept for offline use", "This key is not among the lists that this device keeps.", again))
	}
	return ui.El("div", "class", "gate").Body(ui.PageHead("API key", ""),
		ui.El("div", "role", "alert").Body(ui.Notice(ui.Bad, "Couldn’t load the key.", client.Sentence(problem), again)))
}

// stale says that what is shown is not what the server would say now.
func (p *KeyPage) stale() app.UI {
	d := &p.desk
	slot := ui.El("div", "hidden", yesNo(d.list.problem == nil && d.list.asOf.IsZero()))
	switch {
	case !d.list.asOf.IsZero():
		return slot.Body(d.asOf())
	case d.list.problem != nil:
		return slot.Role("alert").Body(ui.Notice(ui.Bad, "Couldn’t refresh the key. This is what it was before.", client.Sentence(d.list.problem), d.retry("key-retry", d.reload)))
	}
	return slot
}

// logLink leads to the key in the audit log, which also knows what was done with it.
func (p *KeyPage) logLink(k api.Key) app.UI {
	if !p.desk.view.May(perm.AuditRead) {
		return nil
	}
	address := shell.PathAudit + "?key_id=" + keyRef(k.ID) + "&org=" + p.desk.view.Org.ShortName
	return ui.El("a", "href", address).Text("In the audit log")
}
