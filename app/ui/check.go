package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Check is a checkbox with its label.
type Check struct {
	app.Compo
	ID        string // required
	Label     string
	Hint      string
	HideLabel bool
	On        bool
	Mixed     bool   // some, not all
	Off       string // why it can't be changed; "" when it can
	OnChange  func(ctx app.Context, on bool)
}

func (c *Check) OnMount(ctx app.Context)  { ctx.PreventUpdate(); c.sync() }
func (c *Check) OnUpdate(ctx app.Context) { ctx.Defer(func(app.Context) { c.sync() }) }

func (c *Check) sync() {
	if el := find(c.JSValue(), "input"); el.Truthy() {
		el.Set("checked", c.On)
		el.Set("indeterminate", c.Mixed)
	}
}

func (c *Check) Render() app.UI {
	box := El("input",
		"type", "checkbox",
		"id", c.ID,
		"checked", yes(c.On),
		"disabled", yes(c.Off != ""),
		"aria-describedby", describedBy(c.ID, c.Hint, ""),
	).OnChange(c.onChange)
	text := El("span").Text(c.Label)
	if c.HideLabel {
		text = text.Class("sr")
	}
	return El("div", "class", "check", "data-tip", c.Off).Body(
		El("label", "for", c.ID).Body(box, text),
		below("hint", c.ID+"-hint", c.Hint),
	)
}

// onChange turns what was drawn, and does not ask the box: the engine queues events,
// and a box that was drawn anew meanwhile has lost what the person did to it.
func (c *Check) onChange(ctx app.Context, e app.Event) {
	defer Rescue(ctx)
	if c.OnChange != nil {
		c.OnChange(ctx, !c.On)
	}
}
