package pages

import (
	"context"
	"time"

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

	ctx     app.Context
	overlap string
	value   valueStep
	problem string
	busy    bool
	was     bool
}

func (d *secretRotate) OnMount(ctx app.Context) { d.ctx = ctx }

func (d *secretRotate) OnDismount() { d.value.drop() }

func (d *secretRotate) OnUpdate(app.Context) {
	if d.Open != d.was {
		d.was, d.busy, d.problem, d.overlap = d.Open, false, "", overlapNow
		d.value.drop()
	}
}

func (d *secretRotate) Render() app.UI {
	dialog := &ui.Dialog{
		ID: "secret-rotate", Title: d.word("Rotate ", "Create ") + d.Kind.the, Open: d.Open,
		Body: d.fields, OnSubmit: d.onSubmit, OnCancel: d.onCancel,
		Footer: func() []app.UI {
			return []app.UI{
				&ui.Button{Label: "Cancel", OnClick: d.onCancel},
				&ui.Button{Label: d.word("Rotate", "Create"), Kind: ui.Primary, Submit: true, Busy: d.busy, Off: d.Desk.off()},
			}
		},
	}
	if d.value.on() {
		dialog.Title = d.word("Rotated ", "Created ") + d.Kind.the
		dialog.Body = d.value.body
		dialog.Footer = func() []app.UI { return d.value.footer(d.onCancel) }
		dialog.OnSubmit = nil
	}
	return dialog
}

func (d *secretRotate) word(rotate, create string) string {
	if d.Has {
		return rotate
	}
	return create
}

func (d *secretRotate) fields() []app.UI {
	list := []app.UI{soft(d.Kind.means)}
	if d.Has {
		choose := &ui.Select{ID: "secret-rotate-overlap", Label: "The old one works", Value: d.overlap, Options: overlaps,
			OnChange: func(_ app.Context, v string) { d.overlap = v }}
		list = append(list, choose)
		if d.overlap == overlapNow {
			list = append(list, ui.Notice(ui.Warn, d.Kind.stops(), "", nil))
		} else {
			choose.Hint = overlapHint(d.overlap, "")
		}
		if overlapping(d.Previous, time.Now()) {
			list = append(list, ui.Notice(ui.Warn, "Two work at this moment.", "The older one ends at once with this rotation.", nil))
		}
	}
	if d.problem != "" {
		list = append(list, refused(d.word("Not rotated.", "Not created."), d.problem))
	}
	return list
}

func (d *secretRotate) onSubmit(app.Context) {
	if d.busy {
		return
	}
	d.busy, d.problem = true, ""
	org, kind, has, ask := d.Desk.view.Org.ID, d.Kind.Kind, d.Has, rotation(d.overlap)
	d.ctx.Async(func() {
		var added api.AddedOrgSecret
		var err error
		if has {
			added, err = client.API.RotateSecret(context.Background(), org, kind, ask)
		} else {
			added, err = client.API.AddSecret(context.Background(), org, kind)
		}
		d.ctx.Dispatch(ui.Safe(func(app.Context) { d.made(added, err) }))
	})
}

func (d *secretRotate) made(added api.AddedOrgSecret, err error) {
	d.busy = false
	switch {
	case client.GivenUp(err):
		return
	case err != nil:
		d.problem = client.Sentence(err)
		return
	}
	d.OnDone()
	if !d.Open {
		d.Desk.toast(d.word("Rotated ", "Created ") + d.Kind.the + ".")
		return
	}
	d.value.begin(added.Value, d.Kind.the, "You can show it again, for ten seconds at a time.", "")
	ui.FocusID(d.ctx, "value-copy")
}

func (d *secretRotate) onCancel(app.Context) {
	if d.busy || d.value.on() && !d.value.mayLeave() {
		return
	}
	d.value.drop()
	d.Desk.close()
}
