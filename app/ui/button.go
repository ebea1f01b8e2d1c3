package ui

import (
	"cmp"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Kind is how loud a button speaks.
type Kind string

const (
	Plain   Kind = ""
	Primary Kind = "primary"
	Danger  Kind = "danger"
	Quiet   Kind = "quiet"
)

// Button is a button with a word on it. One that can't be pressed stays in the
// tab order and says why: a disabled element could not be asked.
type Button struct {
	app.Compo
	ID       string
	Label    string
	Name     string // accessible name where Label alone is not enough; it must contain Label
	Icon     Icon
	Kind     Kind
	Busy     bool   // asks the server: announced, and deaf to clicks
	Off      string // why it can't be pressed; "" when it can
	Submit   bool   // submits the form it stands in, which looks by itself whether it may
	Wide     bool
	Shortcut string // a key of Shortcuts that presses it, "c"
	Expanded string // aria-expanded, "true" or "false"; "" where nothing expands
	Pressed  string // aria-pressed, likewise
	Controls string // id of what it opens
	Focus    bool   // takes the focus when its dialog opens
	OnClick  func(ctx app.Context)
}

func (b *Button) Render() app.UI {
	body := []app.UI{El("span").Text(b.Label)}
	switch {
	case b.Busy:
		body = append([]app.UI{El("span", "class", "spinner", "aria-hidden", "true")}, body...)
	case b.Icon != "":
		body = append([]app.UI{b.Icon.Draw()}, body...)
	}
	class := "btn " + string(b.Kind)
	if b.Wide {
		class += " wide"
	}
	return El("button",
		"class", class,
		"type", buttonType(b.Submit),
		"id", b.ID,
		"autofocus", yes(b.Focus),
		"aria-label", b.Name,
		"aria-expanded", b.Expanded,
		"aria-pressed", b.Pressed,
		"aria-controls", b.Controls,
		"aria-keyshortcuts", b.Shortcut,
		"data-shortcut", b.Shortcut,
		"aria-busy", flag(b.Busy),
		"aria-disabled", flag(b.Busy || b.Off != ""),
		"aria-description", b.Off,
		"data-tip", b.Off,
	).OnClick(b.onClick).Body(body...)
}

func (b *Button) onClick(ctx app.Context, e app.Event) {
	switch {
	case b.Busy:
		e.PreventDefault() // a submit button would submit
	case b.Off == "":
		call(ctx, b.OnClick)
	case !b.Submit:
		e.PreventDefault()
	}
	// A form decides by itself: what was typed may be newer than what was drawn.
}

// IconButton is a button with a picture on it.
type IconButton struct {
	app.Compo
	ID      string
	Label   string // accessible name, act and object: Delete "ci-runner"
	Tip     string // the short word on hover: Delete
	Icon    Icon
	Busy    bool
	Off     string // why it can't be pressed; "" when it can
	Framed  bool
	OnClick func(ctx app.Context)
}

func (b *IconButton) Render() app.UI {
	class := "btn icon quiet"
	if b.Framed {
		class = "btn icon"
	}
	face := b.Icon.Draw()
	if b.Busy {
		face = El("span", "class", "spinner", "aria-hidden", "true")
	}
	return El("button",
		"class", class,
		"type", "button",
		"id", b.ID,
		"aria-label", b.Label,
		"aria-busy", flag(b.Busy),
		"aria-disabled", flag(b.Busy || b.Off != ""),
		"aria-description", b.Off,
		"data-tip", cmp.Or(b.Off, b.Tip),
	).OnClick(b.onClick).Body(face)
}

func (b *IconButton) onClick(ctx app.Context, e app.Event) {
	if b.Busy || b.Off != "" {
		return
	}
	call(ctx, b.OnClick)
}

func buttonType(submit bool) string {
	if submit {
		return "submit"
	}
	return "button"
}
