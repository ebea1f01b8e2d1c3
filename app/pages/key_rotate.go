package pages

import (
	"context"
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// keyRotate is the dialog that gives a key a new value, then shows it until Done.
type keyRotate struct {
	app.Compo
	Desk *keyDesk
	Open bool
	Key  api.Key

	ctx     app.Context
	overlap string
	value   valueStep
	problem string
	busy    bool
	was     bool
}

func (d *keyRotate) OnMount(ctx app.Context) { d.ctx = ctx }

func (d *keyRotate) OnDismount() { d.value.drop() }

func (d *keyRotate) OnUpdate(app.Context) {
	if d.Open != d.was {
		d.was, d.busy, d.problem, d.overlap = d.Open, false, "", overlapNow
		d.value.drop()
	}
}

func (d *keyRotate) Render() app.UI {
	dialog := &ui.Dialog{
		ID: "key-rotate", Title: "Rotate " + quoted(d.Key.Name), Open: d.Open, ReturnTo: "key-row-" + keyRef(d.Key.ID),
		Body: d.fields, OnSubmit: d.onRotate, OnCancel: d.onCancel,
		Footer: func() []app.UI {
			return []app.UI{
				&ui.Button{Label: "Cancel", OnClick: d.onCancel},
				&ui.Button{Label: "Rotate", Kind: ui.Primary, Submit: true, Busy: d.busy, Off: d.Desk.off()},
			}
		},
	}
	if d.value.on() {
		dialog.Title = "Rotated " + quoted(d.Key.Name)
		dialog.Body = d.value.body
		dialog.Footer = func() []app.UI { return d.value.footer(d.onCancel) }
		dialog.OnSubmit = nil
	}
	return dialog
}

func (d *keyRotate) fields() []app.UI {
	list := []app.UI{
		soft("The key gets a new value. Name, role, expiry and last login stay."),
		&ui.Select{ID: "key-rotate-overlap", Label: "The old value works", Value: d.overlap, Options: overlaps,
			Hint: overlapHint(d.overlap, "Whatever uses it"), OnChange: func(_ app.Context, v string) { d.overlap = v }},
	}
	if overlapping(d.Key.Previous, time.Now()) {
		list = append(list, ui.Notice(ui.Warn, "Two values work at this moment.", "The older one ends at once with this rotation.", nil))
	}
	if d.problem != "" {
		list = append(list, refused("Not rotated.", d.problem))
	}
	return list
}

// overlapNow is the choice of no overlap, in seconds as all of them.
const overlapNow = "0"

var overlaps = []ui.Option{
	{Value: overlapNow, Label: "No longer: it ends now"},
	{Value: "3600", Label: "For 1 more hour"},
	{Value: "86400", Label: "For 1 more day"},
	{Value: "604800", Label: "For 7 more days"},
	{Value: "2592000", Label: "For 30 more days"},
}

func overlapHint(overlap, user string) string {
	if overlap == overlapNow {
		return user + " is rejected at once until it has the new one."
	}
	return "Both values work until then, so there is time to change over."
}

func rotation(overlap string) api.Rotate {
	seconds, _ := strconv.ParseInt(overlap, 10, 64)
	return api.Rotate{OverlapSeconds: seconds}
}

func (d *keyRotate) onRotate(app.Context) {
	if d.busy {
		return
	}
	d.busy, d.problem = true, ""
	key, ask := d.Key, rotation(d.overlap)
	d.ctx.Async(func() {
		rotated, err := client.API.RotateKey(context.Background(), key.ID, ask)
		d.ctx.Dispatch(ui.Safe(func(app.Context) { d.rotated(rotated, err) }))
	})
}

func (d *keyRotate) rotated(rotated api.AddedKey, err error) {
	d.busy = false
	switch {
	case client.GivenUp(err):
		return
	case err != nil:
		d.problem = client.Sentence(err)
		return
	}
	d.Desk.list.put(rotated.Key)
	d.Desk.changed()
	if !d.Open {
		d.Desk.toast("Rotated " + quoted(rotated.Key.Name) + ".")
		return
	}
	policy := d.Desk.view.Me.KeyPolicy
	if !rotated.Key.Global() {
		policy = d.Desk.view.Org.Policy
	}
	d.value.begin(rotated.Value, "key "+quoted(rotated.Key.Name), showAgain(policy), curlExample(d.Desk.base()))
	ui.FocusID(d.ctx, "value-copy")
}

func (d *keyRotate) onCancel(app.Context) {
	if d.busy || d.value.on() && !d.value.mayLeave() {
		return
	}
	d.value.drop()
	d.Desk.close()
}
