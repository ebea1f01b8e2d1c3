package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Tone is what a badge or a notice means.
type Tone string

const (
	Neutral Tone = ""
	OK      Tone = "ok"
	Info    Tone = "info"
	Warn    Tone = "warn"
	Bad     Tone = "bad"
)

// Badge is a short word; icon may be "".
func Badge(tone Tone, icon Icon, text string) app.UI { return app.Span() }

// Avatar is a person's initials.
func Avatar(name string, small bool) app.UI { return app.Span() }

// Kbd is a key on the keyboard.
func Kbd(key string) app.UI { return app.Elem("kbd") }

// Skeleton stands for lines that are on their way.
func Skeleton(lines int) app.UI { return app.Div() }
