package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// secretRotate is the dialog that rotates the agent access key or the shared secret,
// or creates the latter, then shows the value until Done.
type secretRotate struct {
	app.Compo
	Desk     *keyDesk
	Open     bool
	Kind     secretKind
	Has      bool // there is one: rotate it; else create it
	Previous *api.Previous
	OnDone   func() // a new one was made

	renewing
}

func (d *secretRotate) OnMount(ctx app.Context) { d.ctx = ctx }

func (d *secretRotate) OnDismount() { d.value.drop() }

func (d *secretRotate) OnUpdate(app.Context) { d.turned(d.Open) }

func (d *secretRotate) Render() app.UI {
	return d.dialog(&ui.Dialog{
		ID: "secret-rotate", Title: d.word("Rotate ", "Create ") + d.Kind.the, Open: d.Open,
		Body: d.fields, OnSubmit: d.onSubmit,
	}, d.word("Rotate", "Create"), d.Desk.off(), d.done(), d.onCancel)
}

func (d *secretRotate) word(rotate, create string) string {
	if d.Has {
		return rotate
	}
	return create
}

func (d *secretRotate) done() string { return d.word("Rotated ", "Created ") + d.Kind.the }

func (d *secretRotate) fields() []app.UI {
	list := []app.UI{soft(d.Kind.means)}
	if d.Has {
		choose := d.choice("secret-rotate-overlap", "The old one works")
		list = append(list, choose)
		if d.overlap == overlapNow {
			list = append(list, ui.Notice(ui.Warn, d.Kind.stops(), "", nil))
		} else {
			choose.Hint = overlapHint(d.overlap, "")
		}
		list = append(list, d.two(d.Previous, "Two work at this moment.")...)
	}
	return append(list, d.refusal(d.word("Not rotated.", "Not created."))...)
}

func (d *secretRotate) onSubmit(app.Context) {
	org, kind, ask := d.Desk.view.Org.ID, d.Kind.Kind, rotation(d.overlap)
	act := func(ctx context.Context) (api.AddedOrgSecret, error) { return client.API.AddSecret(ctx, org, kind) }
	if d.Has {
		act = func(ctx context.Context) (api.AddedOrgSecret, error) {
			return client.API.RotateSecret(ctx, org, kind, ask)
		}
	}
	send(&d.asking, act, d.made)
}

func (d *secretRotate) made(added api.AddedOrgSecret) {
	d.OnDone()
	if !d.Open {
		d.Desk.toast(d.done() + ".")
		return
	}
	d.show(added.Value, d.Kind.the, "You can show it again, for ten seconds at a time.", "")
}

func (d *secretRotate) onCancel(app.Context) {
	if d.mayLeave() {
		d.Desk.close()
	}
}
