package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Option is one line of a Select, or one card of Choices. Value "" is allowed.
type Option struct {
	Value, Label string
	Note         string // Choices: the sentence below
	Off          string // why it can't be chosen; "" when it can
}

// Select is a list to choose one of.
type Select struct {
	app.Compo
	ID, Label string
	HideLabel bool
	Value     string
	Options   []Option
	Hint      string
	Error     string
	Icon      Icon
	Off       string
	OnChange  func(ctx app.Context, value string)
}

func (s *Select) Render() app.UI { return app.Div() }

// Choices are radio buttons drawn as cards, each with a sentence.
type Choices struct {
	app.Compo
	ID, Label string
	Value     string
	Options   []Option
	Error     string
	OnChange  func(ctx app.Context, value string)
}

func (c *Choices) Render() app.UI { return app.Div() }

// Check is a checkbox with its label.
type Check struct {
	app.Compo
	ID, Label, Hint string
	HideLabel       bool
	On              bool
	Mixed           bool // some, not all
	Off             string
	OnChange        func(ctx app.Context, on bool)
}

func (c *Check) Render() app.UI { return app.Div() }
