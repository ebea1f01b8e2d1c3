package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// keyRotate is the dialog that gives a key a new value, then shows it until Done.
type keyRotate struct {
	app.Compo
	Desk    *keyDesk
	Open    bool
	Offline bool
	Key     api.Key

	renewing
}

func (d *keyRotate) OnMount(ctx app.Context) { d.ctx = ctx }

func (d *keyRotate) OnDismount() { d.value.drop() }

func (d *keyRotate) OnUpdate(app.Context) { d.turned(d.Open) }

func (d *keyRotate) Render() app.UI {
	return d.dialog(&ui.Dialog{
		ID: "key-rotate", Title: "Rotate " + quoted(d.Key.Name), Open: d.Open, ReturnTo: "key-row-" + keyRef(d.Key.ID),
		Body: d.fields, OnSubmit: d.onRotate,
	}, "Rotate", d.Desk.off(), "Rotated "+quoted(d.Key.Name), d.onCancel)
}

func (d *keyRotate) fields() []app.UI {
	choose := d.choice("key-rotate-overlap", "The old value works")
	choose.Hint = overlapHint(d.overlap, "Whatever uses it")
	list := []app.UI{soft("The key gets a new value. Name, role, expiry and last login stay."), choose}
	list = append(list, d.two(d.Key.Previous, "Two values work at this moment.")...)
	return append(list, d.refusal("Not rotated.")...)
}

func (d *keyRotate) onRotate(app.Context) {
	key, ask := d.Key, rotation(d.overlap)
	send(&d.asking, func(ctx context.Context) (api.AddedKey, error) { return client.API.RotateKey(ctx, key.ID, ask) }, d.rotated)
}

func (d *keyRotate) rotated(rotated api.AddedKey) {
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
	d.show(rotated.Value, "key "+quoted(rotated.Key.Name), showAgain(policy), curlExample(d.Desk.base()))
}

func (d *keyRotate) onCancel(app.Context) {
	if d.mayLeave() {
		d.Desk.close()
	}
}
