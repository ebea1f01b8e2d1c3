package ui

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Secret is a value that is masked until it is shown for ten seconds. It hides at
// once on Hide, Escape, a hidden tab, navigation, HideAll and when it leaves the
// page. While it is hidden the value is nowhere: not here, not in the document. What
// comes late for a value that was hidden meanwhile is dropped by its generation.
type Secret struct {
	app.Compo
	ID         string // required, unique on the page
	Label      string // what it is, for the names of its buttons: key “billing-prod”
	Head, Tail string // what may be seen of it: prefix and public id, last four
	Inline     bool   // stands in a table cell
	MaskOnly   bool   // another's: no buttons at all
	ShowOff    string // why it can't be shown; "" when it can
	CopyOff    string // why it can't be copied; "" when it can
	// Reveal and Fetch return the value, for the eyes and for the clipboard. They block,
	// off the UI goroutine; Reveal's context ends when the value is no longer wanted.
	Reveal   func(ctx context.Context) (string, error)
	Fetch    func(ctx context.Context) (string, error)
	OnCopied func(ctx app.Context)            // nil: a toast
	OnFail   func(ctx app.Context, err error) // Reveal or Fetch failed

	value      string // set while shown, and only then
	deadline   time.Time
	generation int
	cancel     context.CancelFunc // set while Reveal runs
	copying    bool
	byHand     bool // the browser refused to copy: the value is selected to be copied by hand
	listeners  Listeners
	ctx        app.Context
}

// open holds the secrets that are shown or asked for. UI goroutine only.
var open = map[*Secret]bool{}

// HideAll drops whatever is shown or on its way, at sign-out.
func HideAll() {
	for s := range open {
		s.hide()
	}
}

// CompoID keeps a value with its own row.
func (s *Secret) CompoID() string { return s.ID }

func (s *Secret) OnMount(ctx app.Context) { ctx.PreventUpdate(); s.ctx = ctx }
func (s *Secret) OnDismount()             { s.drop() }

func (s *Secret) OnNav(ctx app.Context) {
	if !open[s] {
		ctx.PreventUpdate()
	}
	s.hide()
}

func (s *Secret) isShown() bool { return !s.deadline.IsZero() }

func (s *Secret) onShow(app.Context) {
	if s.isShown() {
		s.hide()
		return
	}
	s.generation++
	generation, reveal := s.generation, s.Reveal
	ctx, cancel := context.WithCancel(s.ctx.Context)
	s.cancel = cancel
	open[s] = true
	s.ctx.Async(func() {
		value, err := fetched(ctx, reveal)
		s.ctx.Dispatch(Safe(func(app.Context) {
			if generation == s.generation {
				s.revealed(value, err)
			}
		}))
	})
}

func (s *Secret) revealed(value string, err error) {
	if err != nil {
		s.drop()
		s.failed(err)
		return
	}
	if document().Get("hidden").Truthy() {
		s.drop() // nobody is looking
		return
	}
	s.show(value)
	Announce(Capital(s.Label) + " shown, hides in 10 seconds")
}

// show keeps the value for ten seconds. Only one is shown at a time.
func (s *Secret) show(value string) {
	for other := range open {
		if other != s {
			other.hide()
		}
	}
	s.drop()
	open[s] = true
	s.value, s.deadline = value, time.Now().Add(showFor)
	s.listeners.On(s.ctx, document(), "visibilitychange", func(app.Context, app.Event) { s.hide() })
	s.listeners.On(s.ctx, window(), "pagehide", func(app.Context, app.Event) { s.hide() })
	s.listeners.On(s.ctx, window(), "keydown", s.onKeyDown)
	s.tick(s.generation)
}

func (s *Secret) onKeyDown(ctx app.Context, e app.Event) {
	if e.Get("key").String() == "Escape" {
		s.hide()
		return
	}
	ctx.PreventUpdate()
}

func (s *Secret) tick(generation int) {
	left := until(s.deadline, time.Now())
	if left.over() {
		s.hide()
		return
	}
	s.ctx.After(left.next(), func(app.Context) {
		if generation == s.generation {
			s.tick(generation)
		}
	})
}

func (s *Secret) onKeep(app.Context) {
	s.deadline = s.deadline.Add(showFor)
	s.generation++
	s.tick(s.generation)
	Announce("Ten more seconds")
}

// hide drops the value, says so, and draws the mask.
func (s *Secret) hide() {
	if !open[s] {
		return
	}
	wasShown, hadFocus := s.isShown(), s.holdsFocus()
	s.drop()
	if !s.Mounted() {
		return
	}
	s.ctx.Update()
	if wasShown {
		Announce(Capital(s.Label) + " hidden")
	}
	if hadFocus {
		focusNow(s.ID + "-show") // Keep showing goes away, and the focus with it
	}
}

// drop forgets the value. The text in the document goes now and not at the next
// render, which a hidden tab may put off.
func (s *Secret) drop() {
	s.generation++
	if code := find(s.JSValue(), ".value"); code.Truthy() {
		code.Get("firstChild").Set("nodeValue", "")
	}
	if s.cancel != nil {
		s.cancel()
	}
	s.listeners.Release()
	s.value, s.deadline, s.cancel, s.byHand = "", time.Time{}, nil, false
	delete(open, s)
}

func (s *Secret) holdsFocus() bool {
	el := s.JSValue()
	return present(el) && el.Call("contains", document().Get("activeElement")).Truthy()
}

func (s *Secret) onCopy(app.Context) {
	s.copying = true
	Copy(s.ctx, s.Fetch, func(ctx app.Context, out Outcome) {
		defer Rescue(ctx)
		s.copying = false
		switch out.Result {
		case Missed:
			s.failed(out.Err)
		case Refused:
			s.showForHand(out.Value)
		case Copied:
			if s.OnCopied != nil {
				s.OnCopied(ctx)
				return
			}
			Toast(ctx, Message{Text: "Copied " + s.Label + "."})
		}
	})
}

// showForHand is what is left when the browser refuses the clipboard: the value,
// selected, and the keys to press.
func (s *Secret) showForHand(value string) {
	s.show(value)
	s.byHand = true
	s.ctx.Defer(func(app.Context) {
		if code := find(s.JSValue(), ".value"); code.Truthy() {
			window().Call("getSelection").Call("selectAllChildren", code)
		}
	})
	Announce("The browser refused to copy. " + Capital(s.Label) + " is selected: press " + copyKeys())
}

func (s *Secret) failed(err error) {
	if s.OnFail != nil {
		s.OnFail(s.ctx, err)
	}
}
