package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Area is several lines of input, controlled like Field.
type Area struct {
	app.Compo
	ID          string // required
	Label       string
	Value       string
	Placeholder string
	Hint        string
	Error       string
	Rows        int
	Optional    bool
	OnInput     func(ctx app.Context, value string)

	text typing
}

func (a *Area) OnMount(ctx app.Context)  { ctx.PreventUpdate(); a.sync() }
func (a *Area) OnUpdate(ctx app.Context) { ctx.Defer(func(app.Context) { a.sync() }) }

func (a *Area) sync() { a.text.write(a.JSValue(), "textarea", a.Value) }

func (a *Area) Render() app.UI {
	input := El("textarea",
		"id", a.ID,
		"placeholder", a.Placeholder,
		"rows", strconv.Itoa(max(a.Rows, 2)),
		"aria-describedby", describedBy(a.ID, a.Hint, a.Error),
		"aria-invalid", flag(a.Error != ""),
	).OnInput(a.onInput)
	return labelled(labels{a.ID, a.Label, false, a.Optional, a.Hint, a.Error}, El("div", "class", "field area").Body(input))
}

func (a *Area) onInput(ctx app.Context, e app.Event) {
	defer Rescue(ctx)
	if a.OnInput != nil {
		a.OnInput(ctx, a.text.read(ctx.JSSrc()))
	}
}
