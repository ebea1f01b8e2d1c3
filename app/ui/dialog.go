package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Dialog is a native modal dialog. Keep it in the tree always and let Open say whether it shows.
type Dialog struct {
	app.Compo
	ID       string // required
	Title    string
	Size     string // "" (480 px), "narrow" or "wide"
	Open     bool
	Body     func() []app.UI // called while Open only
	Footer   func() []app.UI
	OnSubmit func(ctx app.Context) // makes it a form: Enter submits
	// OnCancel hears Escape and the close button; the page answers by Open = false, or
	// by a question. A dialog without it closes by its footer only.
	OnCancel func(ctx app.Context)
	ReturnTo string // id that takes the focus when the opener is gone
}

func (d *Dialog) Render() app.UI { return app.Dialog() }

// CompoID keeps two dialogs apart.
func (d *Dialog) CompoID() string { return d.ID }
