package ui

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Secret is a value that is masked until it is shown for ten seconds.
type Secret struct {
	app.Compo
	ID         string // required, unique on the page
	Label      string // what it is, for names of buttons: key "billing-prod"
	Head, Tail string // what may be seen of it: prefix and public id, last four
	Inline     bool   // stands in a table cell
	ShowOff    string // why it can't be shown; "" when it can
	CopyOff    string
	NoButtons  bool // another's: the mask alone
	// Reveal and Fetch block until they have the value, off the UI goroutine; Reveal is for
	// the eyes, Fetch for the clipboard. Their context ends when the value is no longer wanted.
	Reveal   func(ctx context.Context) (string, error)
	Fetch    func(ctx context.Context) (string, error)
	OnCopied func(ctx app.Context)
	OnFail   func(ctx app.Context, err error)
}

func (s *Secret) Render() app.UI { return app.Div() }

// CompoID keeps a value with its own row.
func (s *Secret) CompoID() string { return s.ID }

// HideAll drops whatever is shown, at sign-out.
func HideAll() {}
