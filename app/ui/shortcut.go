package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Hint is a line of the help: a key and what it does.
type Hint struct{ Key, Does string }

// Shortcuts listens to single keys and presses or focuses the element that carries
// the key in its Shortcut; "?" opens the help. One, in the shell. A person who
// dictates or hits keys by accident can switch them off (WCAG 2.1.4).
type Shortcuts struct {
	app.Compo
	Off    bool
	Hints  []Hint
	Help   bool // the help is open
	OnHelp func(ctx app.Context, open bool)
	OnOff  func(ctx app.Context, off bool)

	listeners Listeners
}

func (s *Shortcuts) OnMount(ctx app.Context) {
	ctx.PreventUpdate()
	s.listeners.On(ctx, window(), "keydown", s.onKeyDown)
}

func (s *Shortcuts) OnDismount() { s.listeners.Release() }

func (s *Shortcuts) Render() app.UI {
	return &Dialog{
		ID: "shortcuts", Title: "Keyboard shortcuts", Size: "narrow", Open: s.Help,
		Body: s.help, OnCancel: func(ctx app.Context) { s.setHelp(ctx, false) },
	}
}

func (s *Shortcuts) help() []app.UI {
	lines := make([]app.UI, 0, 2*len(s.Hints))
	for _, h := range s.Hints {
		lines = append(lines, El("dt").Body(Kbd(h.Key)), El("dd").Text(h.Does))
	}
	return []app.UI{
		El("dl", "class", "keys").Body(lines...),
		&Check{ID: "shortcuts-on", Label: "Use single-key shortcuts", On: !s.Off, OnChange: s.onSwitch},
	}
}

func (s *Shortcuts) onSwitch(ctx app.Context, on bool) {
	if s.OnOff != nil {
		s.OnOff(ctx, !on)
	}
}

func (s *Shortcuts) setHelp(ctx app.Context, open bool) {
	if s.OnHelp != nil {
		s.OnHelp(ctx, open)
	}
}

func (s *Shortcuts) onKeyDown(ctx app.Context, e app.Event) {
	p := pressed(e)
	if s.Off || !p.counts() || document().Call("querySelector", "dialog:modal").Truthy() {
		ctx.PreventUpdate()
		return
	}
	if p.key == "?" {
		s.setHelp(ctx, true)
		return
	}
	ctx.PreventUpdate()
	if el := carrier(p.key); el.Truthy() {
		e.PreventDefault() // or "/" is typed into the field it focuses
		if el.Call("matches", "input").Truthy() {
			el.Call("focus")
			el.Call("select")
			return
		}
		el.Call("click")
	}
}

// keyPress is one key going down.
type keyPress struct {
	key     string
	typing  bool // in a field
	chorded bool // with Ctrl, Alt or Meta: the browser's
	again   bool // held down
}

func pressed(e app.Event) keyPress {
	p := keyPress{
		key:     e.Get("key").String(),
		chorded: e.Get("ctrlKey").Truthy() || e.Get("altKey").Truthy() || e.Get("metaKey").Truthy(),
		again:   e.Get("repeat").Truthy() || e.Get("isComposing").Truthy(),
	}
	target := e.Get("target")
	if target.Get("matches").Truthy() {
		p.typing = target.Call("matches", "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable], [role=menu] *").Truthy()
	}
	return p
}

// counts says whether a key is meant for us: one letter, slash or question mark, alone.
func (p keyPress) counts() bool {
	if len(p.key) != 1 || p.typing || p.chorded || p.again {
		return false
	}
	k := p.key[0]
	return k == '/' || k == '?' || 'a' <= k && k <= 'z'
}

// carrier is the visible element that answers to a key, which counts has vetted.
func carrier(key string) app.Value {
	found := document().Call("querySelectorAll", `[data-shortcut="`+key+`"]`)
	for i := range found.Length() {
		if el := found.Index(i); el.Get("offsetParent").Truthy() {
			return el
		}
	}
	return app.Null()
}
