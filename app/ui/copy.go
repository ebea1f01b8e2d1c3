package ui

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Result is how a copy ended.
type Result int

const (
	Copied  Result = iota // it is in the clipboard
	Refused               // the browser refused every way; Value is for the eyes
	Missed                // fetch failed; Err says why
)

// Outcome is what Copy reports. Value is set when Refused only.
type Outcome struct {
	Result Result
	Value  string
	Err    error
}

// Copy puts what fetch returns into the clipboard. Call it inside the click itself.
func Copy(ctx app.Context, fetch func(context.Context) (string, error), done func(app.Context, Outcome)) {
}

// CopyButton copies a text that is no secret.
type CopyButton struct {
	app.Compo
	ID     string
	Label  string // accessible name: Copy account ID
	Text   string // the word on the button; "" for an icon alone
	Value  string
	OnDone func(ctx app.Context, out Outcome) // nil: a toast
}

func (b *CopyButton) Render() app.UI { return app.Button() }
