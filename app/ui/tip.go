package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Tips shows what data-tip says while its element is hovered or focused: the full
// time, the reason why a button is off, the word of an icon. It goes away on Escape
// and stays while the pointer is on it. One, in the shell.
//
// It works outside the engine, because the pointer crosses elements all the time and
// an event of the engine renders the page.
type Tips struct {
	app.Compo
	listeners Listeners
	anchor    app.Value
	pressed   app.Value // of which the pointer has not left yet: a tip would cover what the press did
}

func (t *Tips) Render() app.UI {
	return El("div", "class", "tip", "popover", "manual", "aria-hidden", "true")
}

func (t *Tips) OnMount(ctx app.Context) {
	ctx.PreventUpdate()
	doc := document()
	t.listeners.Raw(doc, "pointerover", t.onOver)
	t.listeners.Raw(doc, "focusin", t.onFocus)
	t.listeners.Raw(doc, "focusout", func(app.Event) { t.hide() })
	t.listeners.Raw(doc, "pointerdown", func(e app.Event) {
		t.hide()
		t.pressed = tipped(e.Get("target"))
	})
	t.listeners.Raw(doc, "scroll", func(app.Event) { t.hide() })
	t.listeners.Raw(doc, "keydown", func(e app.Event) {
		if e.Get("key").String() == "Escape" {
			t.hide()
		}
	})
}

func (t *Tips) OnDismount() { t.listeners.Release() }

func (t *Tips) onOver(e app.Event) {
	target := e.Get("target")
	if tip := t.JSValue(); present(tip) && tip.Equal(target) || e.Get("pointerType").String() == "touch" {
		return
	}
	if anchor := tipped(target); t.pressed != nil && anchor != nil && anchor.Equal(t.pressed) {
		return
	}
	t.pressed = nil
	t.showFor(target)
}

// tipped is the element around a place that has a tip, nil where none has.
func tipped(target app.Value) app.Value {
	if !target.Get("closest").Truthy() {
		return nil
	}
	if anchor := target.Call("closest", "[data-tip]"); anchor.Truthy() {
		return anchor
	}
	return nil
}

// onFocus leaves a clicked element alone: its tip would cover what it did.
func (t *Tips) onFocus(e app.Event) {
	if target := e.Get("target"); target.Call("matches", ":focus-visible").Truthy() {
		t.showFor(target)
	}
}

func (t *Tips) showFor(target app.Value) {
	anchor := tipped(target)
	if anchor == nil {
		t.hide()
		return
	}
	if t.anchor != nil && anchor.Equal(t.anchor) {
		return
	}
	t.hide()
	t.anchor = anchor
	tip := t.JSValue()
	tip.Set("textContent", anchor.Get("dataset").Get("tip").String())
	tip.Call("showPopover")
	place(tip, anchor)
}

func (t *Tips) hide() {
	if t.anchor == nil {
		return
	}
	t.anchor = nil
	if tip := t.JSValue(); present(tip) {
		tip.Call("hidePopover")
	}
}
