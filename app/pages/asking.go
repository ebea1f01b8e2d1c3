package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
)

// asking is what a dialog holds that asks before it sends something: whether it waits
// for the answer, and why it was refused.
type asking struct {
	ctx     app.Context
	problem string
	busy    bool
	was     bool // open, when it was last looked at
}

// turned reports whether the dialog opened or closed since it was last asked. What was
// refused before is forgotten then.
func (a *asking) turned(open bool) bool {
	if open == a.was {
		return false
	}
	a.was, a.busy, a.problem = open, false, ""
	return true
}

// refusal is the notice of why it was refused, or nothing.
func (a *asking) refusal(title string) []app.UI {
	if a.problem == "" {
		return nil
	}
	return []app.UI{refused(title, a.problem)}
}

// send does an act away from the page, one at a time, and gives done what came of it;
// a refusal stays in the dialog.
func send[T any](a *asking, act func(context.Context) (T, error), done func(T)) {
	if a.busy {
		return
	}
	a.busy, a.problem = true, ""
	a.ctx.Async(func() {
		made, err := act(context.Background())
		a.ctx.Dispatch(ui.Safe(func(app.Context) {
			a.busy = false
			switch {
			case client.GivenUp(err):
			case err != nil:
				a.problem = client.Sentence(err)
			default:
				done(made)
			}
		}))
	})
}

// only is an act that makes nothing, for [send].
func only(act func(context.Context) error) func(context.Context) (struct{}, error) {
	return func(ctx context.Context) (struct{}, error) { return struct{}{}, act(ctx) }
}
