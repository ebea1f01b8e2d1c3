package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Option is one line of a Select, or one card of Choices. Value "" is allowed.
type Option struct {
	Value, Label string
	Note         string // Choices: the sentence below
	Off          string // why it can't be chosen; "" when it can
}

// Select is a list to choose one of. Its options are known to the browser by
// their index, because go-app can't write an empty value.
//
// What is chosen is drawn by us below a list that is not seen: a browser's own list cuts
// a long label off at its edge, and a phone has no tip that tells the rest.
type Select struct {
	app.Compo
	ID        string // required
	Label     string
	HideLabel bool
	Value     string
	Options   []Option
	Hint      string
	Error     string
	Icon      Icon
	Off       string // why it can't be changed; "" when it can
	OnChange  func(ctx app.Context, value string)
}

func (s *Select) OnMount(ctx app.Context)  { ctx.PreventUpdate(); s.sync() }
func (s *Select) OnUpdate(ctx app.Context) { ctx.Defer(func(app.Context) { s.sync() }) }

func (s *Select) sync() {
	if el := find(s.JSValue(), "select"); el.Truthy() {
		el.Set("selectedIndex", optionIndex(s.Options, s.Value))
	}
}

func (s *Select) Render() app.UI {
	options := make([]app.UI, len(s.Options))
	for i, o := range s.Options {
		label := o.Label
		if o.Off != "" {
			label += " (" + o.Off + ")" // an option has no other place for it
		}
		options[i] = El("option", "selected", yes(o.Value == s.Value), "disabled", yes(o.Off != "")).Text(label)
	}
	list := El("select",
		"id", s.ID,
		"disabled", yes(s.Off != ""),
		"aria-describedby", describedBy(s.ID, s.Hint, s.Error),
		"aria-invalid", flag(s.Error != ""),
	).OnChange(s.onChange).Body(options...)
	chosen := ""
	if i := optionIndex(s.Options, s.Value); i >= 0 {
		chosen = s.Options[i].Label
	}
	body := []app.UI{El("span", "class", "chosen", "aria-hidden", "true").Text(chosen), list, IconDown.Draw()}
	if s.Icon != "" {
		body = append([]app.UI{s.Icon.Draw()}, body...)
	}
	box := El("div", "class", "field choose", "data-tip", s.Off).Body(body...)
	return labelled(labels{s.ID, s.Label, s.HideLabel, false, s.Hint, s.Error}, box)
}

func (s *Select) onChange(ctx app.Context, e app.Event) {
	defer Rescue(ctx)
	i := ctx.JSSrc().Get("selectedIndex").Int()
	if s.OnChange != nil && i >= 0 && i < len(s.Options) {
		s.OnChange(ctx, s.Options[i].Value)
	}
}

// optionIndex is -1, nothing chosen, for a value that is not offered.
func optionIndex(options []Option, value string) int {
	for i, o := range options {
		if o.Value == value {
			return i
		}
	}
	return -1
}
