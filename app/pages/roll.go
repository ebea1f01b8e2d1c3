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
	roomy  bool   // the line below a name has room

	ctx     app.Context // the page's own: it outlives the rows and dialogs that act
	view    session.View
	org     api.OrgID // in which the page stands; 0 for none
	list    rollModel
	search  string // as typed; the address follows
	strokes int    // counts the typing, for the debounce
	going   string // the address that this roll itself went to
	filters bool   // the filters are open

	sheet    sheet
	busy     bool  // what the dialog asks for is under way
	problem  error // why it was refused
	returnTo string

	wasOffline bool
	alive      context.Context // ends with the page
	leave      context.CancelFunc
	abort      context.CancelFunc // ends the question under way
	listeners  ui.Listeners
}

// mount takes the page's context and follows the session; unmount ends what is under way.
func (r *roll) mount(ctx app.Context) {
	r.ctx = ctx
	r.alive, r.leave = context.WithCancel(context.Background())
	r.filters = !narrow()
	session.Observe(ctx, &r.view).OnChange(r.followed)
	r.listeners.Every(ctx, time.Minute, func(app.Context) {})
}

func (r *roll) unmount() {
	r.listeners.Release()
	r.close()
	if r.leave != nil {
		r.leave()
	}
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
	if address.RequestURI() != r.going {
		r.search = q.Q // Back, a link, a bookmark: the field follows the address
		r.strokes++
	}
	r.filters = r.filters || q.set() > 0
	if r.arrive != nil {
		r.arrive()
	}
	r.load(q)
}

// followed hears that the session changed. Back from offline, or where an organization
// came or went, the list is asked for again.
func (r *roll) followed() {
	was := r.wasOffline
	r.wasOffline = r.view.Offline
	switch {
	case (r.view.Org == nil) != (r.org == 0), r.view.Org != nil && r.view.Org.ID != r.org:
		r.come()
	case was && !r.view.Offline:
		r.reload()
	}
}

// load asks for a list. Rows that are there stay until the answer comes; an answer to
// an older question is dropped.
func (r *roll) load(q rollQuery) {
	turn := r.list.ask(q)
	if r.abort != nil {
		r.abort()
	}
	ctx, cancel := context.WithCancel(r.alive)
	r.abort = cancel
	ask := r.ask(r.kind.filled(q))
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
	r.going = r.address(q)
	r.ctx.Navigate(r.going)
}

// replace shows another list in place of this one, without a step in the history.
func (r *roll) replace(q rollQuery) {
	r.going = r.address(q)
	if address, err := app.Window().URL().Parse(r.going); err == nil {
		r.ctx.Page().ReplaceURL(address)
	}
	r.load(q)
}

// filter changes the list from its first page on.
func (r *roll) filter(change func(q *rollQuery)) {
	q := r.list.query
	change(&q)
	q.Page = 0
	r.goTo(q)
}

// onSearch follows what is typed. The first stroke is a step in the history, those
// that refine it are not: Back leaves the search at once.
func (r *roll) onSearch(_ app.Context, typed string) {
	field, words, ok := sought(typed)
	r.search = field
	r.strokes++
	if !ok {
		return
	}
	stroke := r.strokes
	r.ctx.After(typing, ui.Safe(func(app.Context) {
		q := r.list.query
		if stroke != r.strokes || q.Q == words {
			return
		}
		step := q.Q == ""
		q.Q, q.Page = words, 0
		if step {
			r.goTo(q)
		} else {
			r.replace(q)
		}
	}))
}

// clear shows everything again.
func (r *roll) clear(app.Context) {
	r.search = ""
	r.strokes++
	r.goTo(r.list.query.widened())
}

// off is why acts that need the server are switched off, "" when they are not.
func (r *roll) off() string {
	if r.view.Offline {
		return offline
	}
	return ""
}

func (r *roll) toast(text string) { ui.Toast(r.ctx, ui.Message{Text: text}) }

// complain says why an act was not done.
func (r *roll) complain(err error) {
	if err != nil && !client.GivenUp(err) {
		ui.Toast(r.ctx, ui.Message{Text: client.Sentence(err), Tone: ui.Bad})
	}
}
