package shell

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
)

// ending warns two minutes before the session ends, and offers to go on.
type ending struct {
	app.Compo
	view  session.View
	later time.Time // the end that the person has seen and put aside
	busy  bool
	now   time.Time
	ticks ui.Listeners
}

func (e *ending) OnInit() { e.view = session.Now() }

func (e *ending) OnMount(ctx app.Context) {
	ctx.PreventUpdate()
	session.Observe(ctx, &e.view).OnChange(func() { e.follow(ctx) })
	e.follow(ctx)
}

func (e *ending) OnDismount() { e.ticks.Release() }

// follow counts only while there is something to count.
func (e *ending) follow(ctx app.Context) {
	e.ticks.Release()
	e.now = time.Now()
	if e.open() {
		e.ticks.Every(ctx, time.Second, func(app.Context) { e.now = time.Now() })
	}
}

func (e *ending) open() bool {
	ends := e.view.Warning.Ends
	return !ends.IsZero() && !ends.Equal(e.later)
}

func (e *ending) Render() app.UI {
	d := &ui.Dialog{
		ID: "ending", Title: "You are about to be signed out", Size: "narrow", Open: e.open(),
		Body: e.body, Footer: e.footer, OnCancel: e.stay,
	}
	if e.view.Warning.Final {
		d.OnCancel = e.putAside
	}
	return d
}

func (e *ending) body() []app.UI {
	words := "Nothing happened here for a while. Without a sign from you this session ends in "
	if e.view.Warning.Final {
		words = "A session lasts for a limited time, and this one has used it up. It ends in "
	}
	return []app.UI{ui.El("p").Body(
		app.Text(words),
		ui.El("span", "class", "num", "role", "timer").Text(left(e.view.Warning.Ends.Sub(e.now))),
		app.Text("."),
	)}
}

func (e *ending) footer() []app.UI {
	if e.view.Warning.Final {
		return []app.UI{
			&ui.Button{ID: "ending-later", Label: "Not yet", OnClick: e.putAside},
			&ui.Button{ID: "ending-again", Label: "Sign in again", Kind: ui.Primary, Busy: e.busy, OnClick: e.signOut, Focus: true},
		}
	}
	return []app.UI{
		&ui.Button{ID: "ending-out", Label: "Sign out", OnClick: e.signOut},
		&ui.Button{ID: "ending-stay", Label: "Stay signed in", Kind: ui.Primary, Busy: e.busy, OnClick: e.stay, Focus: true},
	}
}

func (e *ending) putAside(app.Context) { e.later = e.view.Warning.Ends }

func (e *ending) stay(ctx app.Context)    { e.ask(ctx, session.Stay) }
func (e *ending) signOut(ctx app.Context) { e.ask(ctx, session.SignOut) }

func (e *ending) ask(ctx app.Context, act func(context.Context) error) {
	if e.busy {
		return
	}
	e.busy = true
	ctx.Async(func() {
		err := act(context.Background())
		ctx.Dispatch(func(ctx app.Context) {
			e.busy = false
			if err != nil {
				ui.Toast(ctx, ui.Message{Tone: ui.Bad, Text: client.Sentence(err)})
			}
		})
	})
}
