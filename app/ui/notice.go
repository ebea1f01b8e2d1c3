package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Notice is a box of a page that tells something; action may be nil. Where it
// appears by itself, the page wraps it in a region with role status or alert.
func Notice(tone Tone, title, text string, action app.UI) app.UI {
	words := []app.UI{}
	if title != "" {
		words = append(words, El("strong").Text(title))
	}
	if text != "" {
		words = append(words, app.Text(" "+text))
	}
	body := []app.UI{toneIcon(tone).Draw(), El("div", "class", "words").Body(words...)}
	if action != nil {
		body = append(body, action)
	}
	return El("div", "class", "notice "+string(tone)).Body(body...)
}

// Banner is a line across the page; action may be nil.
func Banner(tone Tone, icon Icon, text string, action app.UI) app.UI {
	body := []app.UI{icon.Draw(), El("span", "class", "words").Text(text)}
	if action != nil {
		body = append(body, action)
	}
	return El("div", "class", "banner "+string(tone), "role", "status").Body(body...)
}

// EmptyKind is why there is nothing.
type EmptyKind int

const (
	NothingYet EmptyKind = iota
	NoMatch
	NotAllowed
	NotSynced // offline, and this list was never kept
)

var emptyIcons = [...]Icon{NothingYet: IconKey, NoMatch: IconSearch, NotAllowed: IconLock, NotSynced: IconOffline}

// Empty says why a list is empty and what to do; action may be nil.
func Empty(kind EmptyKind, title, text string, action app.UI) app.UI {
	return EmptyWith(emptyIcons[kind], title, text, action)
}

// EmptyWith is [Empty] under the icon of what is not there yet.
func EmptyWith(icon Icon, title, text string, action app.UI) app.UI {
	body := []app.UI{icon.Draw(), El("h2").Text(title), El("p").Text(text)}
	if action != nil {
		body = append(body, action)
	}
	return El("div", "class", "empty").Body(body...)
}

func toneIcon(tone Tone) Icon {
	switch tone {
	case Warn, Bad:
		return IconWarn
	case OK:
		return IconCheck
	}
	return IconInfo
}
