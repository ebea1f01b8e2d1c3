package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
)

// lookup is what a row is about in full, on its way to a dialog that says what an act does.
type lookup[T any] struct {
	found T
	err   error
	done  bool
	again func() // asks anew
}

// begin asks for it, until the page is left.
func (l *lookup[T]) begin(r *roll, ask func(context.Context) (T, error)) {
	l.again = func() {
		l.done = false
		ctx := r.alive
		r.ctx.Async(func() {
			found, err := ask(ctx)
			r.ctx.Dispatch(ui.Safe(func(app.Context) { l.found, l.err, l.done = found, err, true }))
		})
	}
	l.again()
}

// off is why an act waits for it.
func (l *lookup[T]) off() string {
	switch {
	case !l.done:
		return "Looking up what this does."
	case l.err != nil:
		return "What this does could not be looked up."
	}
	return ""
}

// wait is what stands in for it, nil where it is there: so many lines while it is on its
// way, or that what was looked for was not found.
func (l *lookup[T]) wait(lines int, what string) []app.UI {
	switch {
	case !l.done:
		return []app.UI{ui.Skeleton(lines)}
	case l.err != nil:
		return l.failed(what)
	}
	return nil
}

func (l *lookup[T]) failed(what string) []app.UI {
	return []app.UI{
		refused("Couldn’t look up "+what+".", client.Sentence(l.err)),
		&ui.Button{Label: "Retry", Icon: ui.IconRotate, OnClick: func(app.Context) { l.again() }},
	}
}
