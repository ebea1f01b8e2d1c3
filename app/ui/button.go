package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Kind is how loud a button or a badge speaks.
type Kind string

const (
	Plain   Kind = ""
	Primary Kind = "primary"
	Danger  Kind = "danger"
	Quiet   Kind = "quiet"
)

// Button is a button with a word on it.
type Button struct {
	app.Compo
	ID       string
	Label    string
	Icon     Icon
	Kind     Kind
	Busy     bool   // asks the server: announced, and deaf to clicks
	Off      string // why it can't be pressed; "" when it can
	Submit   bool   // submits the form it stands in
	Wide     bool
	Shortcut string // a key of Shortcuts that presses it, "c"
	Expanded string // aria-expanded, "true" or "false"; "" where nothing expands
	Pressed  string // aria-pressed, likewise
	Controls string // id of what it opens
	Focus    bool   // takes the focus when its dialog opens
	OnClick  func(ctx app.Context)
}

func (b *Button) Render() app.UI { return app.Button() }

// IconButton is a button with a picture on it; Label names the act and its object.
type IconButton struct {
	app.Compo
	ID      string
	Label   string // accessible name: Delete "ci-runner"
	Tip     string // the short word on hover: Delete
	Icon    Icon
	Busy    bool
	Off     string
	Framed  bool
	OnClick func(ctx app.Context)
}

func (b *IconButton) Render() app.UI { return app.Button() }
