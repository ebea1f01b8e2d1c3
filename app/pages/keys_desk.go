package pages

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// keyDesk is where both key screens work: it asks for the list, acts on keys and knows
// which dialog is open. Screens own one; rows and dialogs hold a pointer to it, so
// that a row whose key did not change is not drawn again.
//
// It holds no value of a key, but for hand while its dialog is open: values live in
// ui.Secret and in valueStep.
type keyDesk struct {
	listBase
	path   string
	org    api.OrgID // of the list; 0 for none
	only   api.KeyID // the list is this one key, on its page; 0 for all
	list   keysModel
	owners ownerList
	picked ui.Selection
	said   string // what a bulk act did and what was refused, until dismissed

	dialog dialog
	key    api.Key // the one the dialog is about
	hand   string  // a value that no clipboard took, until its dialog closes

	fresh bool // nothing was asked yet of what stands beside the list
	early bool // the rows came before the address was read

	filters bool // the filters are open

	after func() // called when the first list was there, or something changed
	seen  func() // called when an answer came
}

// dialog is which dialog of a screen is open.
type dialog int

const (
	noDialog dialog = iota
	dialogNew
	dialogEdit
	dialogRotate
	dialogDelete
	dialogBulkDelete
	dialogByHand
	dialogSecret
	dialogSecretRotate
)

// mount takes the page's context and address.
func (d *keyDesk) mount(ctx app.Context, path string) {
	d.path = path
	d.listBase.mount(ctx)
}

// begin knows the session before the first draw, and takes the list that the page asked
// for while this program was loaded: the first draw then has its rows.
func (d *keyDesk) begin() {
	d.view = session.Now()
	if d.view.Org == nil {
		return
	}
	q := keysQuery(app.Window().URL().Query())
	page, err := client.API.Keys(client.AtOnce(context.Background()), d.view.Org.ID, filled(q))
	if err != nil {
		return
	}
	d.org, d.fresh, d.early = d.view.Org.ID, true, true
	d.take(d.list.ask(q), page)
	d.picked.Show(d.list.rowIDs())
}

// arrive reads the address and asks for the list that it means. fresh is true where
// the organization is another than before.
func (d *keyDesk) arrive() (fresh bool) {
	if d.only != 0 {
		d.arriveAt(d.only)
		return false
	}
	d.view = session.Now()
	org := api.OrgID(0)
	if d.view.Org != nil {
		org = d.view.Org.ID
	}
	fresh = org != d.org
	d.org = org
	if fresh {
		d.list.forget()
		d.owners.forget()
		d.said, d.fresh = "", true
	}
	d.picked.Clear()
	d.close()
	if d.view.Org == nil {
		return fresh
	}
	address := app.Window().URL()
	q := keysQuery(address.Query())
	d.follow(address, q.Q)
	d.filters = d.filters || q != api.KeyList{List: q.List}
	if d.early && q == d.list.query {
		d.lookBeside()
	} else {
		d.load(q)
	}
	d.early = false
	return fresh
}

// arriveAt asks for one key, for its page.
func (d *keyDesk) arriveAt(id api.KeyID) {
	d.view = session.Now()
	org := api.OrgID(0)
	if d.view.Org != nil {
		org = d.view.Org.ID
	}
	if id != d.only || org != d.org {
		d.list.forget()
	}
	d.only, d.org = id, org
	d.close()
	if org != 0 {
		d.load(api.KeyList{})
	}
}

// followed hears that the session changed. Back from offline, or where an organization
// came or went, the list is asked for again.
func (d *keyDesk) followed() {
	switch back := d.backOnline(); {
	case d.view.Org == nil, d.view.Org.ID != d.org:
		d.arrive()
	case back:
		d.reload()
	}
}

// meet learns who could own a key here, for the filter. Without it the filter offers
// the owners of the rows so far.
func (d *keyDesk) meet() {
	if d.view.Org == nil || !d.view.May(perm.UsersRead) || !d.view.May(perm.KeysList) {
		return
	}
	org := d.org
	d.ctx.Async(func() {
		members, err := client.API.Members(d.alive, org)
		d.ctx.Dispatch(ui.Safe(func(app.Context) {
			if err != nil || org != d.org {
				return
			}
			for _, m := range members.Items {
				d.owners.add(m.User.ID, ownerName(api.KeyOwner{FirstName: m.User.FirstName, LastName: m.User.LastName, Email: m.User.Email}))
			}
		}))
	})
}

// load asks for a list. Rows that are there stay until the answer comes; an answer to
// an older question is dropped.
func (d *keyDesk) load(q api.KeyList) {
	turn, ctx, org := d.list.ask(q), d.question(), d.view.Org.ID
	d.ctx.Async(func() {
		page, err := d.rows(ctx, org, q)
		d.ctx.Dispatch(ui.Safe(func(app.Context) { d.answered(turn, page, err) }))
	})
}

func (d *keyDesk) rows(ctx context.Context, org api.OrgID, q api.KeyList) (page api.Page[api.Key], err error) {
	if d.only == 0 {
		return client.API.Keys(ctx, org, filled(q))
	}
	key, err := client.API.Key(ctx, d.only)
	return api.Page[api.Key]{Items: []api.Key{key}, Total: 1}, err
}

func (d *keyDesk) answered(turn int, page api.Page[api.Key], err error) {
	switch {
	case client.GivenUp(err):
		return
	case err == nil && d.take(turn, page):
		if last, past := d.list.pastEnd(); past {
			q := d.list.query
			q.Page = last
			d.replace(q)
		}
	case err != nil && d.list.fail(turn, err) && fault.Is(err, fault.Offline) && !d.list.current():
		d.recall(turn)
	}
	d.picked.Show(d.list.rowIDs())
	d.lookBeside()
}

// take takes an answer, unless it is one to an older question.
func (d *keyDesk) take(turn int, page api.Page[api.Key]) bool {
	if !d.list.answer(turn, page) {
		return false
	}
	d.owners.see(page.Items)
	if d.seen != nil {
		d.seen()
	}
	return true
}

// lookBeside asks, once for each organization, for what stands beside the list.
func (d *keyDesk) lookBeside() {
	if !d.fresh {
		return
	}
	d.fresh = false
	d.meet()
	if d.after != nil {
		d.after()
	}
}

// recall shows what was kept of the list for a day without the server.
func (d *keyDesk) recall(turn int) {
	org, q := d.view.Org.ID, d.list.query
	d.ctx.Async(func() {
		kept, asOf, err := session.Kept(d.alive, org)
		if err != nil || asOf.IsZero() {
			return
		}
		if d.only != 0 {
			if kept = onlyKey(kept, d.only); kept == nil {
				return
			}
		}
		rows, total := keptPage(kept, q, time.Now())
		d.ctx.Dispatch(ui.Safe(func(app.Context) {
			d.list.recall(turn, rows, total, asOf)
			d.picked.Show(d.list.rowIDs())
		}))
	})
}

// reload asks the same again, quietly: after a change, or when the person says Retry.
func (d *keyDesk) reload() {
	if d.view.Org != nil {
		d.load(d.list.query)
	}
}

// changed brings everything up to date that an act may have changed: the list, the
// counts in me, and what the screen shows besides.
func (d *keyDesk) changed() {
	d.reload()
	d.ctx.Async(func() { _ = session.Reload(context.Background()) })
	if d.after != nil {
		d.after()
	}
}

// goTo shows another list: its address is a new step in the browser's history.
func (d *keyDesk) goTo(q api.KeyList) {
	d.step(keysAddress(d.path, d.view.Org.ShortName, q))
}

// replace shows another list in place of this one, without a step in the history.
func (d *keyDesk) replace(q api.KeyList) {
	d.swap(keysAddress(d.path, d.view.Org.ShortName, q))
	d.load(q)
}

// filter changes the list from its first page on.
func (d *keyDesk) filter(change func(q *api.KeyList)) {
	q := d.list.query
	change(&q)
	q.Page = 0
	d.goTo(q)
}

// onSearch follows what is typed.
func (d *keyDesk) onSearch(_ app.Context, typed string) {
	d.seek(typed, func() string { return d.list.query.Q }, func(words string, step bool) {
		q := d.list.query
		q.Q, q.Page = words, 0
		if step {
			d.goTo(q)
		} else {
			d.replace(q)
		}
	})
}

func (d *keyDesk) rights() keyRights { return rightsOf(d.view.Me, *d.view.Org) }

// open shows a dialog about a key.
func (d *keyDesk) open(which dialog, k api.Key) { d.dialog, d.key = which, k }

func (d *keyDesk) close() { d.dialog, d.hand = noDialog, "" }

// dialogs are all that can be done with keys. They stay in the tree; one is open at most.
func (d *keyDesk) dialogs() []app.UI {
	away := d.view.Offline
	return []app.UI{
		&keyNew{Desk: d, Open: d.dialog == dialogNew, Offline: away},
		&keyEdit{Desk: d, Open: d.dialog == dialogEdit, Offline: away, Key: d.key},
		&keyRotate{Desk: d, Open: d.dialog == dialogRotate, Offline: away, Key: d.key},
		&keyDelete{Desk: d, Open: d.dialog == dialogDelete, Offline: away, Key: d.key},
		&keyByHand{Desk: d, Open: d.dialog == dialogByHand, Key: d.key},
	}
}
