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

	ctx     app.Context
	view    session.View
	org     api.OrgID // of the list; 0 for none
	search  string    // as typed; the address follows
	strokes int       // counts the typing, for the debounce
	going   string    // the address that this list itself went to
	open    bool      // the filters are

	wasOffline bool

	alive context.Context // ends with the page
	leave context.CancelFunc
	abort context.CancelFunc // ends the question under way
}

// listAnswer is what came: how many rows of how many, and what the screen does with
// them on the UI goroutine.
type listAnswer struct {
	Rows, Total int
	Keep        func()
}

// mount takes the page's context; unmount ends what is under way.
func (l *listing) mount(ctx app.Context) {
	l.ctx = ctx
	l.alive, l.leave = context.WithCancel(context.Background())
	session.Observe(ctx, &l.view).OnChange(l.followed)
}

func (l *listing) unmount() {
	if l.leave != nil {
		l.leave()
	}
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
	if address.RequestURI() != l.going {
		l.search = q.Get("q") // Back, a link, a bookmark: the field follows the address
		l.strokes++
	}
	l.load(q)
	l.open = l.open || l.filters() > 0
}

// followed hears that the session changed. Back from offline, or where an organization
// came or went, the list is asked for again.
func (l *listing) followed() {
	was := l.wasOffline
	l.wasOffline = l.view.Offline
	switch {
	case l.view.Org == nil, l.view.Org.ID != l.org:
		l.arrive()
	case was && !l.view.Offline:
		l.reload()
	}
}

// load asks for a list. Rows that are there stay until the answer comes; an answer to
// an older question is dropped.
func (l *listing) load(q url.Values) {
	turn := l.listModel.ask(q)
	if l.abort != nil {
		l.abort()
	}
	ctx, cancel := context.WithCancel(l.alive)
	l.abort = cancel
	org := l.view.Org.ID
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
	l.going = listAddress(l.Path, l.view.Org.ShortName, q)
	l.ctx.Navigate(l.going)
}

// replace shows another list in place of this one, without a step in the history.
func (l *listing) replace(q url.Values) {
	l.going = listAddress(l.Path, l.view.Org.ShortName, q)
	if address, err := app.Window().URL().Parse(l.going); err == nil {
		l.ctx.Page().ReplaceURL(address)
	}
	l.load(q)
}

// set changes one thing of the question; "" takes it out.
func (l *listing) set(name, value string) { l.goTo(l.with(name, value)) }

// clear shows everything again.
func (l *listing) clear(app.Context) {
	l.search = ""
	l.strokes++
	l.goTo(l.widened())
}

// onSearch follows what is typed. The first stroke is a step in the history, those
// that refine it are not: Back leaves the search at once.
func (l *listing) onSearch(_ app.Context, typed string) {
	field, words, ok := sought(typed)
	l.search = field
	l.strokes++
	if !ok {
		return
	}
	stroke := l.strokes
	l.ctx.After(typing, ui.Safe(func(app.Context) {
		before := l.query.Get("q")
		switch {
		case stroke != l.strokes || before == words:
		case before == "":
			l.set("q", words)
		default:
			l.replace(l.with("q", words))
		}
	}))
}

// off is why acts that need the server are switched off, "" when they are not.
func (l *listing) off() string {
	if l.view.Offline {
		return offline
	}
	return ""
}

// complain says why an act was not done.
func (l *listing) complain(err error) {
	if err != nil && !client.GivenUp(err) {
		ui.Toast(l.ctx, ui.Message{Text: client.Sentence(err), Tone: ui.Bad})
	}
}
