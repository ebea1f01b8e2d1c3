package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Notice is a box of a page that tells something; action may be nil.
func Notice(tone Tone, title, text string, action app.UI) app.UI { return app.Div() }

// Banner is a line across the page; action may be nil.
func Banner(tone Tone, icon Icon, text string, action app.UI) app.UI { return app.Div() }

// EmptyKind is why there is nothing.
type EmptyKind int

const (
	NothingYet EmptyKind = iota
	NoMatch
	NotAllowed
	OfflineEmpty
)

// Empty says why a list is empty and what to do; action may be nil.
func Empty(kind EmptyKind, title, text string, action app.UI) app.UI { return app.Div() }
