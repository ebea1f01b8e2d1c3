package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Choices are radio buttons drawn as cards, each with a sentence.
type Choices struct {
	app.Compo
	ID       string // required: the radio group's name
	Label    string
	Value    string
	Options  []Option
	Error    string
	OnChange func(ctx app.Context, value string)
}

func (c *Choices) OnMount(ctx app.Context)  { ctx.PreventUpdate(); c.sync() }
func (c *Choices) OnUpdate(ctx app.Context) { ctx.Defer(func(app.Context) { c.sync() }) }

// sync puts back what the page did not accept: the browser has moved the dot already.
func (c *Choices) sync() {
	for i, o := range c.Options {
		if el := app.Window().GetElementByID(c.optionID(i)); el.Truthy() {
			el.Set("checked", o.Value == c.Value)
		}
	}
}

func (c *Choices) optionID(i int) string { return c.ID + "-" + strconv.Itoa(i) }

func (c *Choices) Render() app.UI {
	cards := make([]app.UI, len(c.Options))
	for i, o := range c.Options {
		cards[i] = c.card(i, o)
	}
	return El("fieldset", "class", "stack", "aria-describedby", describedBy(c.ID, "", c.Error)).Body(
		El("legend").Text(c.Label),
		El("div", "class", "choices").Body(cards...),
		below("error", c.ID+"-error", c.Error),
	)
}

func (c *Choices) card(i int, o Option) app.UI {
	note := o.Note
	if o.Off != "" {
		note = o.Off
	}
	radio := El("input",
		"type", "radio",
		"id", c.optionID(i),
		"name", c.ID,
		"checked", yes(o.Value == c.Value),
		"disabled", yes(o.Off != ""),
	).OnChange(c.onChange)
	text := El("span", "class", "choice").Body(app.Text(o.Label))
	if note != "" {
		radio = radio.Aria("describedby", c.optionID(i)+"-note")
	}
	return El("div", "class", "card-choice").Body(
		El("label", "for", c.optionID(i)).Body(radio, text),
		below("note", c.optionID(i)+"-note", note),
	)
}

func (c *Choices) onChange(ctx app.Context, e app.Event) {
	defer Rescue(ctx)
	id := ctx.JSSrc().Get("id").String()
	for i, o := range c.Options {
		if c.optionID(i) == id && c.OnChange != nil {
			c.OnChange(ctx, o.Value)
		}
	}
}
