package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// dots stand for what is masked. Always ten: the mask tells nothing of the length.
const dots = "••••••••••"

func (s *Secret) Render() app.UI {
	class, state := "secret", "hidden"
	if s.Inline {
		class += " inline"
	}
	text, left, show, copy := s.mask(), El("span"), El("span"), El("span")
	if s.isShown() {
		state = "shown"
		text = El("code", "class", "value", "tabindex", "0", "aria-label", Capital(s.Label)).Text(s.value)
		left = left.Class("left").Body(until(s.deadline, time.Now()).ring(), s.keepButton())
	}
	if !s.MaskOnly {
		show, copy = show.Body(s.showButton()), copy.Body(s.copyButton())
	}
	body := []app.UI{text, left, show, copy}
	if s.byHand {
		body = append(body, El("p", "class", "by-hand").Text("The browser refused to copy. Press "+copyKeys()+"."))
	}
	return El("div", "class", class, "id", s.ID, "data-state", state).Body(body...)
}

func (s *Secret) mask() app.UI {
	return El("code").Body(
		El("span").Text(s.Head),
		El("span", "class", "dots", "aria-hidden", "true").Text(dots),
		El("span").Text(s.Tail),
	)
}

func (s *Secret) keepButton() app.UI {
	return &IconButton{Label: "Keep showing " + s.Label, Tip: "Keep showing", Icon: IconClock, OnClick: s.onKeep}
}

// showButton and copyButton keep their place in both states, and so their element and
// the focus: go-app compares by place.
func (s *Secret) showButton() app.UI {
	verb, icon := "Show", IconEye
	if s.isShown() {
		verb, icon = "Hide", IconEyeOff
	}
	return &IconButton{ID: s.ID + "-show", Label: verb + " " + s.Label, Tip: verb, Icon: icon, Busy: s.cancel != nil, Off: s.ShowOff, OnClick: s.onShow}
}

func (s *Secret) copyButton() app.UI {
	return &IconButton{ID: s.ID + "-copy", Label: "Copy " + s.Label, Tip: "Copy", Icon: IconCopy, Busy: s.copying, Off: s.CopyOff, OnClick: s.onCopy}
}
