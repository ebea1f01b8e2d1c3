package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Item is one line of a Menu.
type Item struct {
	Label   string
	Icon    Icon
	Danger  bool
	Line    bool   // a line above it
	Checked bool   // the chosen one of several
	Off     string // why it can't be chosen; "" when it can
	OnPick  func(ctx app.Context)
}

// Menu is a button and the list of acts it opens.
type Menu struct {
	app.Compo
	ID    string // required
	Label string // accessible name: More actions for "ci-runner"
	Text  string // the word on the button; "" for an icon alone
	Icon  Icon   // IconMore by default
	Kind  Kind   // Quiet by default for an icon alone
	Items func() []Item
}

func (m *Menu) Render() app.UI { return app.Div() }

// CompoID keeps the open menu with its own button.
func (m *Menu) CompoID() string { return m.ID }
