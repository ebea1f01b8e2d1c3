package ui

import (
	"strings"
	"unicode"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Tone is what a badge, a notice or a toast means.
type Tone string

const (
	Neutral Tone = ""
	OK      Tone = "ok"
	Info    Tone = "info"
	Warn    Tone = "warn"
	Bad     Tone = "bad"
)

// Badge is a short word; icon may be "".
func Badge(tone Tone, icon Icon, text string) app.UI {
	badge := El("span", "class", "badge "+string(tone))
	if icon == "" {
		return badge.Text(text)
	}
	return badge.Body(icon.Draw(), app.Text(text))
}

// Avatar is a person's initials, for the eye alone: the name stands beside it.
func Avatar(name string, small bool) app.UI {
	class := "avatar"
	if small {
		class = "avatar small"
	}
	return El("span", "class", class, "aria-hidden", "true").Text(initials(name))
}

// initials are the first letters of the first and the last word.
func initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '@' || r == '.' })
	if len(words) == 0 {
		return "?"
	}
	first := string([]rune(words[0])[:1])
	if len(words) > 1 {
		first += string([]rune(words[len(words)-1])[:1])
	}
	return strings.ToUpper(first)
}

// Kbd is a key on the keyboard.
func Kbd(key string) app.UI { return El("kbd").Text(key) }

// Skeleton stands for lines that are on their way. Announce what is loading elsewhere.
func Skeleton(lines int) app.UI {
	bones := make([]app.UI, lines)
	for i := range bones {
		bones[i] = bone()
	}
	return El("div", "class", "skeleton", "aria-hidden", "true").Body(bones...)
}

func bone() app.UI { return El("span", "class", "bone") }
