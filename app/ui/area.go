package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

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
}

func (a *Area) OnMount(app.Context)      { a.sync() }
func (a *Area) OnUpdate(ctx app.Context) { ctx.Defer(func(app.Context) { a.sync() }) }

func (a *Area) sync() { setValue(a.JSValue(), "textarea", a.Value) }

func (a *Area) Render() app.UI {
	input := app.Textarea().
		Attr("id", a.ID).
		Attr("placeholder", a.Placeholder).
		Rows(max(a.Rows, 2)).
		Aria("describedby", describedBy(a.ID, a.Hint, a.Error)).
		OnInput(a.onInput)
	if a.Error != "" {
		input = input.Aria("invalid", "true")
	}
	return labelled(labels{a.ID, a.Label, false, a.Optional, a.Hint, a.Error}, app.Div().Class("field area").Body(input))
}

func (a *Area) onInput(ctx app.Context, e app.Event) {
	defer Rescue(ctx)
	if a.OnInput != nil {
		a.OnInput(ctx, ctx.JSSrc().Get("value").String())
	}
}
