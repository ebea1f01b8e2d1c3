package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Dialog is a native modal dialog. Keep it in the tree always and let Open say
// whether it shows: the part calls showModal and close, which bring focus in and
// back. Rendering the open attribute would make a dialog that is not modal.
type Dialog struct {
	app.Compo
	ID       string // required
	Title    string
	Size     string // "" (480 px), "narrow" or "wide"
	Open     bool
	Body     func() []app.UI // called while Open only, so nothing of it stays behind
	Footer   func() []app.UI
	OnSubmit func(ctx app.Context) // makes it a form: Enter submits
	// OnCancel hears Escape and the close button. The page answers with Open = false, or
	// stays open and asks. Without it the dialog closes by its footer only.
	OnCancel func(ctx app.Context)
	ReturnTo string // id that takes the focus when the opener is gone

	shown bool
}

// CompoID keeps two dialogs apart.
func (d *Dialog) CompoID() string { return d.ID }

func (d *Dialog) OnMount(ctx app.Context)  { ctx.PreventUpdate(); ctx.Defer(d.sync) }
func (d *Dialog) OnUpdate(ctx app.Context) { ctx.Defer(d.sync) }

// sync makes the browser's dialog what Open says, after the content is there.
func (d *Dialog) sync(ctx app.Context) {
	el := d.JSValue()
	switch isOpen := el.Get("open").Truthy(); {
	case d.Open && !isOpen:
		el.Call("showModal")
		if !d.shown {
			d.focus(el)
		}
	case !d.Open && isOpen:
		el.Call("close")
		d.returnFocus()
	}
	d.shown = d.Open
}

// focus goes to what asks for it, else to the first input, else to the first button
// of the footer: Cancel comes first there, so Enter destroys nothing.
func (d *Dialog) focus(el app.Value) {
	for _, selector := range []string{"[autofocus]", ".body :is(input, select)", "footer button", ".body button"} {
		if target := el.Call("querySelector", selector); target.Truthy() {
			target.Call("focus")
			return
		}
	}
}

// returnFocus helps where the browser could not give the focus back.
func (d *Dialog) returnFocus() {
	if active := document().Get("activeElement"); active.Truthy() && !active.Equal(document().Get("body")) {
		return
	}
	if d.ReturnTo == "" || !focusNow(d.ReturnTo) {
		focusNow(PageTitleID)
	}
}

func (d *Dialog) Render() app.UI {
	return El("dialog",
		"id", d.ID,
		"class", d.Size,
		"tabindex", "-1",
		"aria-labelledby", d.ID+"-title",
	).On("cancel", d.onCancel).On("close", d.onClose).OnKeyDown(d.onKeyDown).Body(d.content()...)
}

func (d *Dialog) content() []app.UI {
	live := Announcer()
	if !d.Open {
		return []app.UI{live}
	}
	inside := []app.UI{El("div", "class", "body").Body(d.Body()...)}
	if d.Footer != nil {
		inside = append(inside, El("footer").Body(d.Footer()...))
	}
	frame := app.UI(El("div").Body(inside...))
	if d.OnSubmit != nil {
		frame = El("form", "novalidate", "true").OnSubmit(d.onSubmit).Body(inside...)
	}
	return []app.UI{live, d.head(), frame}
}

func (d *Dialog) head() app.UI {
	title := El("h2", "id", d.ID+"-title").Text(d.Title)
	if d.OnCancel == nil {
		return El("header").Body(title)
	}
	return El("header").Body(title, &IconButton{Label: "Close", Icon: IconClose, OnClick: d.OnCancel})
}

func (d *Dialog) onSubmit(ctx app.Context, e app.Event) {
	e.PreventDefault()
	call(ctx, d.OnSubmit)
}

func (d *Dialog) onKeyDown(ctx app.Context, e app.Event) {
	if e.Get("key").String() != "Escape" || e.Get("isComposing").Truthy() ||
		document().Call("querySelector", ":popover-open[popover=auto]").Truthy() {
		ctx.PreventUpdate()
		return
	}
	// Chromium lets a page refuse only the first of two cancels; a prevented key makes none.
	e.PreventDefault()
	call(ctx, d.OnCancel)
}

// onCancel hears close requests that are no key: the back gesture of a phone.
func (d *Dialog) onCancel(ctx app.Context, e app.Event) {
	e.PreventDefault()
	call(ctx, d.OnCancel)
}

// onClose hears a close the browser forced. If the page does not agree, it opens again.
func (d *Dialog) onClose(ctx app.Context, e app.Event) {
	if d.Open {
		call(ctx, d.OnCancel)
		ctx.Defer(d.sync)
	}
}
