package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Message is what a toast says: short, past tense, the object named, never a secret.
type Message struct {
	Text     string
	Tone     Tone   // OK by default; Bad stays until dismissed
	Action   string // Undo
	OnAction func(ctx app.Context)
}

// Toast shows a message, in place of the one before it.
func Toast(ctx app.Context, m Message) {}

// Toasts is the region where they appear. One, in the shell.
type Toasts struct{ app.Compo }

func (t *Toasts) Render() app.UI { return app.Div() }
