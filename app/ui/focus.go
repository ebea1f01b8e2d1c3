package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// PageShown does what a browser does on a new page and a client router forgets:
// title, scroll to the top, focus on the heading #page-title.
func PageShown(ctx app.Context, title string) {}

// FocusID focuses an element after the next render.
func FocusID(ctx app.Context, id string) {}

// Announce says a sentence to screen readers, politely.
func Announce(text string) {}

// Announcer is where Announce speaks. One, in the shell.
func Announcer() app.UI { return app.Div() }

// PageHead is the heading of a page, its sentence and its acts.
func PageHead(title, lead string, acts ...app.UI) app.UI { return app.Header() }
