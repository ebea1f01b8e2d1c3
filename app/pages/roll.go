package pages

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
	"keystead/shared/api"
)

// roll is what the pages of users, roles and organizations have in common: a list
// whose page, order, search and filters are in the address, and one dialog that is
// open or not. The page owns the rows; the roll knows no DTO, so that its code is in
// the WASM once.
type roll struct {
	kind rollKind
	// ask gives the question for a list: it blocks, and answers how many there are and
	// what puts the rows into the page and counts them.
	ask    func(rollQuery) func(context.Context) (keep func() int, total int, err error)
	arrive func() // called when the address was read; may be nil

	listBase
	org     api.OrgID // in which the page stands; 0 for none
	list    rollModel
	filters bool // the filters are open

	sheet    sheet
	busy     bool  // what the dialog asks for is under way
	problem  error // why it was refused
	returnTo string

	listeners ui.Listeners
}

// mount takes the page's context and follows the session; unmount ends what is under way.
func (r *roll) mount(ctx app.Context) {
	r.listBase.mount(ctx)
	r.filters = !narrow()
	session.Observe(ctx, &r.view).OnChange(r.followed)
	r.listeners.Every(ctx, time.Minute, func(app.Context) {})
}

func (r *roll) unmount() {
	r.listeners.Release()
	r.close()
	r.listBase.unmount()
}

// come reads the address and asks for the list that it means.
func (r *roll) come() {
	r.view, r.org = session.Now(), 0
	if r.view.Org != nil {
		r.org = r.view.Org.ID
	}
	r.close()
	address := app.Window().URL()
	q := r.kind.read(address.Query())
	r.follow(address, q.Q)
	r.filters = r.filters || q.set() > 0
	if r.arrive != nil {
		r.arrive()
	}
	r.load(q)
}

// followed hears that the session changed. Back from offline, or where an organization
// came or went, the list is asked for again.
func (r *roll) followed() {
	switch back := r.backOnline(); {
	case (r.view.Org == nil) != (r.org == 0), r.view.Org != nil && r.view.Org.ID != r.org:
		r.come()
	case back:
		r.reload()
	}
}

// load asks for a list. Rows that are there stay until the answer comes; an answer to
// an older question is dropped.
func (r *roll) load(q rollQuery) {
	turn, ctx, ask := r.list.ask(q), r.question(), r.ask(r.kind.filled(q))
	r.ctx.Async(func() {
		keep, total, err := ask(ctx)
		r.ctx.Dispatch(ui.Safe(func(app.Context) { r.answered(turn, keep, total, err) }))
	})
}

func (r *roll) answered(turn int, keep func() int, total int, err error) {
	switch {
	case client.GivenUp(err), turn != r.list.turn:
		return
	case err != nil:
		r.list.fail(turn, err)
		return
	}
	r.list.answer(turn, keep(), total)
	if last, past := r.list.pastEnd(r.kind.filled(r.list.query).Limit); past {
		q := r.list.query
		q.Page = last
		r.replace(q)
	}
}

// reload asks the same again, quietly: after a change, or when the person says Retry.
func (r *roll) reload() { r.load(r.list.query) }

// changed brings the list up to date after an act, and what the person may do: it may
// have been about themselves.
func (r *roll) changed() {
	r.reload()
	r.ctx.Async(func() { _ = session.Reload(context.Background()) })
}

func (r *roll) address(q rollQuery) string {
	if r.view.Org == nil {
		return r.kind.address("", q)
	}
	return r.kind.address(r.view.Org.ShortName, q)
}

// goTo shows another list: its address is a new step in the browser's history.
func (r *roll) goTo(q rollQuery) {
	r.step(r.address(q))
}

// replace shows another list in place of this one, without a step in the history.
func (r *roll) replace(q rollQuery) {
	r.swap(r.address(q))
	r.load(q)
}

// filter changes the list from its first page on.
func (r *roll) filter(change func(q *rollQuery)) {
	q := r.list.query
	change(&q)
	q.Page = 0
	r.goTo(q)
}

// onSearch follows what is typed.
func (r *roll) onSearch(_ app.Context, typed string) {
	r.seek(typed, func() string { return r.list.query.Q }, func(words string, step bool) {
		q := r.list.query
		q.Q, q.Page = words, 0
		if step {
			r.goTo(q)
		} else {
			r.replace(q)
		}
	})
}

// clear shows everything again.
func (r *roll) clear(app.Context) {
	r.write("")
	r.goTo(r.list.query.widened())
}
