package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Listeners are event handlers and ticks outside the tree. The zero value is
// ready; Release it in OnDismount, or the functions leak into the page.
type Listeners struct {
	releases []func()
	gone     int // ticks of an older count have been released
}

// On calls fn on the UI goroutine, inside the event, at each event of target.
// The component of ctx and all above it render afterwards: an event that comes
// often calls ctx.PreventUpdate, or uses Raw.
func (l *Listeners) On(ctx app.Context, target app.Value, event string, fn func(ctx app.Context, e app.Event)) {
	l.Raw(target, event, func(e app.Event) {
		ctx.Dispatch(func(ctx app.Context) {
			defer Rescue(ctx)
			fn(ctx, e)
		})
	})
}

// Raw calls fn outside the engine. It may touch the document and nothing of ours.
func (l *Listeners) Raw(target app.Value, event string, fn func(e app.Event)) {
	handler := app.FuncOf(func(_ app.Value, args []app.Value) any {
		if len(args) > 0 {
			fn(app.Event{Value: args[0]})
		}
		return nil
	})
	// Capture: scroll does not bubble, and nobody below may swallow an Escape.
	target.Call("addEventListener", event, handler, true)
	l.releases = append(l.releases, func() {
		target.Call("removeEventListener", event, handler, true)
		handler.Release()
	})
}

// Every calls fn each d until Release.
func (l *Listeners) Every(ctx app.Context, d time.Duration, fn func(ctx app.Context)) {
	count := l.gone
	var tick func(app.Context)
	tick = func(ctx app.Context) {
		if count != l.gone {
			return
		}
		call(ctx, fn)
		ctx.After(d, tick)
	}
	ctx.After(d, tick)
}

// Release removes all of them.
func (l *Listeners) Release() {
	l.gone++
	for _, release := range l.releases {
		release()
	}
	l.releases = nil
}

func window() app.Value   { return app.Window() }
func document() app.Value { return app.Window().Get("document") }
