package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Hint is a line of the help: a key and what it does.
type Hint struct{ Key, Does string }

// Shortcuts listens to single keys and presses or focuses the element that carries the
// key in its Shortcut; "?" opens the help. One, in the shell.
type Shortcuts struct {
	app.Compo
	Off    bool // switched off by the person: only the help's button remains
	Hints  []Hint
	Help   bool // the help is open
	OnHelp func(ctx app.Context, open bool)
}

func (s *Shortcuts) Render() app.UI { return app.Div() }
