package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Message is what a toast says: short, past tense, the object named, never a secret.
type Message struct {
	Text     string
	Tone     Tone   // OK by default; Bad stays until it is dismissed
	Action   string // Undo
	OnAction func(ctx app.Context)
}

const (
	toastAction = "ui/toast"
	toastFor    = 6 * time.Second
)

// Toast shows a message, in place of the one before it.
func Toast(ctx app.Context, m Message) {
	if m.Tone == Neutral {
		m.Tone = OK
	}
	ctx.NewActionWithValue(toastAction, m)
}

// Toasts is the region where they appear: one, in the shell, before any of them, or
// screen readers would not hear the first. It floats above dialogs as a popover.
type Toasts struct {
	app.Compo

	message    Message
	held       bool // hovered or focused: it waits
	generation int
	ctx        app.Context
}

func (t *Toasts) OnMount(ctx app.Context) {
	ctx.PreventUpdate()
	t.ctx = ctx
	ctx.Handle(toastAction, t.onMessage)
	t.JSValue().Call("showPopover")
}

func (t *Toasts) onMessage(ctx app.Context, a app.Action) {
	m, ok := a.Value.(Message)
	if !ok {
		return
	}
	t.message = m
	t.wait()
	if document().Call("querySelector", "dialog:modal").Truthy() {
		// A dialog that came later covers the region, and has silenced it.
		t.JSValue().Call("hidePopover")
		t.JSValue().Call("showPopover")
		Announce(m.Text)
	}
}

// wait starts the clock again; an error has none, it may have to be read out to someone.
func (t *Toasts) wait() {
	t.generation++
	generation := t.generation
	if t.held || t.message.Tone == Bad {
		return
	}
	t.ctx.After(toastFor, func(app.Context) {
		if generation == t.generation {
			t.message = Message{}
		}
	})
}

func (t *Toasts) Render() app.UI {
	region := El("div", "class", "toasts", "popover", "manual", "role", "status")
	if t.message.Text == "" {
		return region
	}
	return region.Body(El("div", "class", "toast", "data-tone", string(t.message.Tone)).
		OnMouseEnter(t.onHold).OnMouseLeave(t.onRelease).
		On("focusin", t.onHold).On("focusout", t.onRelease).
		Body(t.line()...))
}

func (t *Toasts) line() []app.UI {
	line := []app.UI{toneIcon(t.message.Tone).Draw(), El("span").Text(t.message.Text)}
	if t.message.Action != "" {
		line = append(line, El("button", "type", "button", "class", "toast-act").Text(t.message.Action).OnClick(t.onAction))
	}
	return append(line, El("button", "type", "button", "class", "toast-close", "aria-label", "Dismiss").OnClick(t.onDismiss).Body(IconClose.Draw()))
}

func (t *Toasts) onHold(app.Context, app.Event) {
	t.held = true
	t.generation++
}

func (t *Toasts) onRelease(app.Context, app.Event) {
	t.held = false
	t.wait()
}

func (t *Toasts) onAction(app.Context, app.Event) {
	act := t.message.OnAction
	t.clear()
	call(t.ctx, act)
}

func (t *Toasts) onDismiss(app.Context, app.Event) { t.clear() }

func (t *Toasts) clear() {
	t.message, t.held = Message{}, false
	t.generation++
}
