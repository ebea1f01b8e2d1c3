package pages

import (
	"context"
	"net/url"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
)

// listBase is what every list does besides its rows: it and the address follow each other,
// what is typed becomes a search, and a new question ends the one under way.
type listBase struct {
	ctx     app.Context // the page's own: it outlives the rows and dialogs that act
	view    session.View
	search  string // as typed; the address follows
	strokes int    // counts the typing, for the debounce
	going   string // the address that this list itself went to

	wasOffline bool

	alive context.Context // ends with the page
	leave context.CancelFunc
	abort context.CancelFunc // ends the question under way
}

// offline is the reason why an act that needs the server is switched off.
const offline = "You are offline. This needs the server."

// mount takes the page's context; unmount ends what is under way.
func (l *listBase) mount(ctx app.Context) {
	l.ctx, l.wasOffline = ctx, l.view.Offline
	l.alive, l.leave = context.WithCancel(context.Background())
}

func (l *listBase) unmount() {
	if l.leave != nil {
		l.leave()
	}
}

// question is the context of the next one; the one under way ends.
func (l *listBase) question() context.Context {
	if l.abort != nil {
		l.abort()
	}
	ctx, cancel := context.WithCancel(l.alive)
	l.abort = cancel
	return ctx
}

// backOnline reports that the network came back since this was asked last.
func (l *listBase) backOnline() bool {
	was := l.wasOffline
	l.wasOffline = l.view.Offline
	return was && !l.view.Offline
}

// follow lets the search field follow an address that this list did not go to itself:
// Back, a link, a bookmark.
func (l *listBase) follow(address *url.URL, words string) {
	if address.RequestURI() != l.going {
		l.write(words)
	}
}

// write puts words into the search field.
func (l *listBase) write(words string) {
	l.search = words
	l.strokes++
}

// step goes to an address: it is a new step in the browser's history.
func (l *listBase) step(address string) {
	l.going = address
	l.ctx.Navigate(address)
}

// swap puts an address in place of this one, without a step in the history.
func (l *listBase) swap(address string) {
	l.going = address
	if at, err := app.Window().URL().Parse(address); err == nil {
		l.ctx.Page().ReplaceURL(at)
	}
}

// typing is how long the search waits for the next stroke.
const typing = 200 * time.Millisecond

// seek follows what is typed. The first stroke is a step in the history, those that
// refine it are not: Back leaves the search at once. asked is what the list is searched
// for so far.
func (l *listBase) seek(typed string, asked func() string, find func(words string, step bool)) {
	field, words, ok := sought(typed)
	l.write(field)
	if !ok {
		return
	}
	stroke := l.strokes
	l.ctx.After(typing, ui.Safe(func(app.Context) {
		if before := asked(); stroke == l.strokes && before != words {
			find(words, before == "")
		}
	}))
}

// off is why acts that need the server are switched off, "" when they are not.
func (l *listBase) off() string {
	if l.view.Offline {
		return offline
	}
	return ""
}

// retry asks again, at the press of a button. There is none while the server is away: the
// banner has one for all of the page, and what was not loaded is asked for once it is back.
func (l *listBase) retry(id string, again func()) app.UI {
	if l.view.Offline {
		return nil
	}
	return &ui.Button{ID: id, Label: "Retry", Icon: ui.IconRotate, OnClick: func(app.Context) { again() }}
}

func (l *listBase) toast(text string) { ui.Toast(l.ctx, ui.Message{Text: text}) }

// complain says why an act was not done.
func (l *listBase) complain(err error) {
	if err != nil && !client.GivenUp(err) {
		ui.Toast(l.ctx, ui.Message{Text: client.Sentence(err), Tone: ui.Bad})
	}
}
