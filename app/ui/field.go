package ui

import (
	"cmp"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Field is one line of input with its label, hint and error. It writes the
// input's value itself, after each render: go-app drops an empty value and
// compares with what it last rendered, not with what stands in the input.
type Field struct {
	app.Compo
	ID           string // required: label, hint and error refer to it
	Label        string
	HideLabel    bool   // the label is for screen readers only
	Type         string // text (default), email, password, search, date, number
	Value        string // the truth; OnInput must store what comes, at once
	Placeholder  string
	Hint         string
	Error        string // stands below the field until it is ""
	AutoComplete string // "username", "current-password"; off by default
	Min, Max     string // for dates (2006-01-02) and numbers
	MaxLength    int
	Icon         Icon
	Optional     bool   // says so beside the label
	Off          string // why it can't be changed; "" when it can
	Mono         bool
	Focus        bool   // takes the focus when its dialog opens
	Shortcut     string // a key of Shortcuts that focuses it, "/"
	OnInput      func(ctx app.Context, value string)
	OnEnter      func(ctx app.Context)

	text typing
}

func (f *Field) OnMount(ctx app.Context)  { ctx.PreventUpdate(); f.sync() }
func (f *Field) OnUpdate(ctx app.Context) { ctx.Defer(func(app.Context) { f.sync() }) }

func (f *Field) sync() { f.text.write(f.JSValue(), "input", f.Value) }

func (f *Field) Render() app.UI {
	input := El("input",
		"id", f.ID,
		"type", cmp.Or(f.Type, "text"),
		"placeholder", f.Placeholder,
		"autocomplete", cmp.Or(f.AutoComplete, "off"),
		"min", f.Min,
		"max", f.Max,
		"readonly", yes(f.Off != ""),
		"autofocus", yes(f.Focus),
		"spellcheck", "false",
		"autocapitalize", "none",
		"aria-describedby", describedBy(f.ID, f.Hint, f.Error),
		"aria-invalid", flag(f.Error != ""),
		"aria-description", f.Off,
		"aria-keyshortcuts", f.Shortcut,
		"data-shortcut", f.Shortcut,
	).OnInput(f.onInput).OnKeyDown(f.onKeyDown)
	if f.MaxLength > 0 {
		input = input.Attr("maxlength", f.MaxLength)
	}
	class := "field"
	if f.Mono {
		class += " mono"
	}
	box := El("div", "class", class, "data-tip", f.Off)
	if f.Icon != "" {
		box = box.Body(f.Icon.Draw(), input)
	} else {
		box = box.Body(input)
	}
	return labelled(labels{f.ID, f.Label, f.HideLabel, f.Optional, f.Hint, f.Error}, box)
}

func (f *Field) onInput(ctx app.Context, e app.Event) {
	defer Rescue(ctx)
	if f.OnInput != nil {
		f.OnInput(ctx, f.text.read(ctx.JSSrc()))
	}
}

func (f *Field) onKeyDown(ctx app.Context, e app.Event) {
	// An Enter that picks a word of an input method is not ours.
	if f.OnEnter == nil || e.Get("key").String() != "Enter" || e.Get("isComposing").Truthy() {
		ctx.PreventUpdate()
		return
	}
	e.PreventDefault()
	call(ctx, f.OnEnter)
}

// labels are the words around an input.
type labels struct {
	id, label   string
	hide        bool
	optional    bool
	hint, error string
}

// labelled stacks label, input, hint and error, wired by ids.
func labelled(l labels, input app.UI) app.UI {
	label := El("label", "for", l.id).Body(app.Text(l.label))
	if l.optional {
		label = label.Body(app.Text(l.label+" "), El("small").Text("(optional)"))
	}
	if l.hide {
		label = label.Class("sr")
	}
	return El("div", "class", "stack").Body(label, input, below("hint", l.id+"-hint", l.hint), below("error", l.id+"-error", l.error))
}

// below is the hint or the error of an input. The error is an alert: it is read
// out when it comes, wherever the focus is.
func below(class, id, text string) app.UI {
	if text == "" {
		return nil
	}
	line := El("p", "class", class, "id", id)
	if class == "error" {
		line = line.Role("alert")
	}
	return line.Text(text)
}

func describedBy(id, hint, err string) string {
	var ids []string
	if err != "" {
		ids = append(ids, id+"-error")
	}
	if hint != "" {
		ids = append(ids, id+"-hint")
	}
	return strings.Join(ids, " ")
}

// typing is what an input held when it was last read or written. The engine queues
// events: an input that holds anything else has strokes whose events still wait, and
// writing over it would lose them.
type typing struct{ known string }

// write writes an input's value where it differs, so that the caret stays.
func (t *typing) write(root app.Value, tag, value string) {
	el := find(root, tag)
	if !el.Truthy() {
		return
	}
	stands := el.Get("value").String()
	switch {
	case stands == value:
		t.known = value
	case stands == t.known:
		el.Set("value", value)
		t.known = el.Get("value").String() // a date that is none is empty
	}
}

func (t *typing) read(el app.Value) string {
	t.known = el.Get("value").String()
	return t.known
}

// find returns the element of a component that matches, or a falsy value.
func find(root app.Value, selector string) app.Value {
	if !present(root) {
		return app.Null()
	}
	if root.Call("matches", selector).Truthy() {
		return root
	}
	return root.Call("querySelector", selector)
}

// present says whether a component stands in the document: the value of one that
// left is nil, and calling it would end the program.
func present(el app.Value) bool { return el != nil && el.Truthy() }
