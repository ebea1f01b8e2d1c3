package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// valueStep is the second half of the dialogs that make a value: it shows the value
// until Done, with Copy and a line to try it, and asks once before it lets go of what
// was not copied. Whoever embeds one calls drop when the dialog closes and when it
// leaves the page; after that the value is nowhere.
type valueStep struct {
	value   string
	what    string // key "ci-runner"
	again   string // how it can be seen again, or that it can't
	example string // a line to try it, without the value; "" for none
	tell    string // how to treat it

	copied  bool
	copying bool
	asked   bool
	byHand  bool
}

// valueStepID is the element that holds the value; only one dialog is open at a time.
const valueStepID = "new-value"

func (v *valueStep) begin(value api.Secret, what, again, example string) {
	*v = valueStep{value: value.Reveal(), what: what, again: again, example: example, tell: "Store it in your secret manager now. "}
}

// drop forgets the value.
func (v *valueStep) drop() { *v = valueStep{} }

// on reports whether there is a value to show.
func (v *valueStep) on() bool { return v.value != "" }

// mayLeave reports whether the dialog may close: the value was copied, or the person
// said a second time that they do not want it.
func (v *valueStep) mayLeave() bool {
	if v.copied || v.asked {
		return true
	}
	v.asked = true
	ui.Announce("You have not copied it. " + v.again)
	return false
}

func (v *valueStep) body() []app.UI {
	list := []app.UI{
		ui.El("div", "class", "secret", "data-state", "shown").Body(
			ui.El("code", "id", valueStepID, "tabindex", "0", "aria-label", "Value of "+v.what).Text(v.value),
		),
	}
	if v.byHand {
		list = append(list, ui.El("p", "class", "hint", "role", "status").Text("The browser does not let the console copy. The value is selected: press Ctrl+C."))
	}
	if v.asked && !v.copied {
		list = append(list, ui.Notice(ui.Warn, "You have not copied it.", v.again, nil))
	} else {
		list = append(list, soft(v.tell+v.again))
	}
	if v.example != "" {
		list = append(list, ui.El("div", "class", "example").Body(
			ui.El("pre", "tabindex", "0", "aria-label", "A line to try it").Text(v.example),
			&ui.CopyButton{ID: "value-example-copy", Label: "Copy curl line", Value: v.example, Done: "Copied the curl line."},
		))
	}
	return list
}

// footer has Copy first and loud until it was copied, Done after that.
func (v *valueStep) footer(done func(app.Context)) []app.UI {
	copying := &ui.Button{ID: "value-copy", Label: "Copy", Icon: ui.IconCopy, Kind: ui.Primary, Busy: v.copying, Focus: true, OnClick: v.onCopy}
	leave := &ui.Button{ID: "value-done", Label: "Done", OnClick: done}
	switch {
	case v.copied:
		copying.Label, copying.Icon, copying.Kind = "Copied", ui.IconCheck, ui.Plain
		leave.Kind = ui.Primary
	case v.asked:
		leave.Label, leave.Kind = "Close without copying", ui.Plain
	}
	return []app.UI{copying, leave}
}

func (v *valueStep) onCopy(ctx app.Context) {
	value := v.value
	v.copying = true
	ui.Copy(ctx, func(context.Context) (string, error) { return value, nil }, func(_ app.Context, out ui.Outcome) {
		v.copying = false
		if value != v.value {
			return // the dialog was closed meanwhile
		}
		if out.Result == ui.Copied {
			v.copied, v.byHand = true, false
			ui.Announce("Copied " + v.what)
			return
		}
		v.byHand, v.asked = true, true // the next Done may close: the person was told
		selectText(valueStepID)
	})
}

// selectText selects what an element holds, to be copied by hand.
func selectText(id string) {
	el := app.Window().GetElementByID(id)
	if !el.Truthy() {
		return
	}
	app.Window().Call("getSelection").Call("selectAllChildren", el)
}
