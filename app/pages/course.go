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

// course is what every list does besides its rows: it and the address follow each other,
// what is typed becomes a search, and a new question ends the one under way.
type course struct {
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
func (c *course) mount(ctx app.Context) {
	c.ctx = ctx
	c.alive, c.leave = context.WithCancel(context.Background())
}

func (c *course) unmount() {
	if c.leave != nil {
		c.leave()
	}
}

// question is the context of the next one; the one under way ends.
func (c *course) question() context.Context {
	if c.abort != nil {
		c.abort()
	}
	ctx, cancel := context.WithCancel(c.alive)
	c.abort = cancel
	return ctx
}

// backOnline reports that the network came back since this was asked last.
func (c *course) backOnline() bool {
	was := c.wasOffline
	c.wasOffline = c.view.Offline
	return was && !c.view.Offline
}

// follow lets the search field follow an address that this list did not go to itself:
// Back, a link, a bookmark.
func (c *course) follow(address *url.URL, words string) {
	if address.RequestURI() != c.going {
		c.write(words)
	}
}

// write puts words into the search field.
func (c *course) write(words string) {
	c.search = words
	c.strokes++
}

// step goes to an address: it is a new step in the browser's history.
func (c *course) step(address string) {
	c.going = address
	c.ctx.Navigate(address)
}

// swap puts an address in place of this one, without a step in the history.
func (c *course) swap(address string) {
	c.going = address
	if at, err := app.Window().URL().Parse(address); err == nil {
		c.ctx.Page().ReplaceURL(at)
	}
}

// typing is how long the search waits for the next stroke.
const typing = 200 * time.Millisecond

// seek follows what is typed. The first stroke is a step in the history, those that
// refine it are not: Back leaves the search at once. asked is what the list is searched
// for so far.
func (c *course) seek(typed string, asked func() string, find func(words string, step bool)) {
	field, words, ok := sought(typed)
	c.write(field)
	if !ok {
		return
	}
	stroke := c.strokes
	c.ctx.After(typing, ui.Safe(func(app.Context) {
		if before := asked(); stroke == c.strokes && before != words {
			find(words, before == "")
		}
	}))
}

// off is why acts that need the server are switched off, "" when they are not.
func (c *course) off() string {
	if c.view.Offline {
		return offline
	}
	return ""
}

func (c *course) toast(text string) { ui.Toast(c.ctx, ui.Message{Text: text}) }

// complain says why an act was not done.
func (c *course) complain(err error) {
	if err != nil && !client.GivenUp(err) {
		ui.Toast(c.ctx, ui.Message{Text: client.Sentence(err), Tone: ui.Bad})
	}
}
