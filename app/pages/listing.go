package pages

import (
	"context"
	"net/url"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
	"keystead/shared/api"
)

// listing is a list on a screen, whatever its rows are: its address, its search, its
// pages, its faces. The screen keeps the rows, says how to ask for them and draws them.
type listing struct {
	listModel
	Path      string
	One, Many string // device, devices
	// Ask fetches a page; it runs off the UI goroutine.
	Ask func(ctx context.Context, org api.OrgID, q url.Values) (listAnswer, error)
	// Fresh hears that the list is of another organization than before.
	Fresh func()

	listBase
	org  api.OrgID // of the list; 0 for none
	open bool      // the filters are
}

// listAnswer is what came: how many rows of how many, and what the screen does with
// them on the UI goroutine.
type listAnswer struct {
	Rows, Total int
	Keep        func()
}

// mount takes the page's context and follows the session.
func (l *listing) mount(ctx app.Context) {
	l.listBase.mount(ctx)
	session.Observe(ctx, &l.view).OnChange(l.followed)
}

// arrive reads the address and asks for the list that it means.
func (l *listing) arrive() {
	l.view = session.Now()
	org := api.OrgID(0)
	if l.view.Org != nil {
		org = l.view.Org.ID
	}
	if org != l.org {
		l.org = org
		l.forget()
		if l.Fresh != nil {
			l.Fresh()
		}
	}
	if l.view.Org == nil {
		return
	}
	address := app.Window().URL()
	q := l.rules.read(address.Query())
	l.follow(address, q.Get("q"))
	l.load(q)
	l.open = l.open || l.filters() > 0
}

// followed hears that the session changed. Back from offline, or where an organization
// came or went, the list is asked for again.
func (l *listing) followed() {
	switch back := l.backOnline(); {
	case l.view.Org == nil, l.view.Org.ID != l.org:
		l.arrive()
	case back:
		l.reload()
	}
}

// load asks for a list. Rows that are there stay until the answer comes; an answer to
// an older question is dropped.
func (l *listing) load(q url.Values) {
	turn, ctx, org := l.listModel.ask(q), l.question(), l.view.Org.ID
	l.ctx.Async(func() {
		came, err := l.Ask(ctx, org, q)
		l.ctx.Dispatch(ui.Safe(func(app.Context) { l.answered(turn, came, err) }))
	})
}

func (l *listing) answered(turn int, came listAnswer, err error) {
	switch {
	case client.GivenUp(err):
		return
	case err != nil:
		l.fail(turn, err)
	case l.answer(turn, came.Rows, came.Total):
		came.Keep()
		if last, past := l.pastEnd(); past {
			l.replace(l.with("page", strconv.Itoa(last)))
		}
	}
}

// reload asks the same again, quietly: after a change, or when the person says Retry.
func (l *listing) reload() {
	if l.view.Org != nil {
		l.load(l.query)
	}
}

// goTo shows another list: its address is a new step in the browser's history.
func (l *listing) goTo(q url.Values) {
	l.step(listAddress(l.Path, l.view.Org.ShortName, q))
}

// replace shows another list in place of this one, without a step in the history.
func (l *listing) replace(q url.Values) {
	l.swap(listAddress(l.Path, l.view.Org.ShortName, q))
	l.load(q)
}

// set changes one thing of the question; "" takes it out.
func (l *listing) set(name, value string) { l.goTo(l.with(name, value)) }

// clear shows everything again.
func (l *listing) clear(app.Context) {
	l.write("")
	l.goTo(l.widened())
}

// onSearch follows what is typed.
func (l *listing) onSearch(_ app.Context, typed string) {
	l.seek(typed, func() string { return l.query.Get("q") }, func(words string, step bool) {
		if step {
			l.set("q", words)
		} else {
			l.replace(l.with("q", words))
		}
	})
}
