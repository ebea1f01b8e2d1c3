package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/fault"
)

// sheet is what a roll's dialog is about. Pages make one when an act begins; it goes
// when the dialog closes, and with it whatever was typed or shown.
type sheet interface {
	// draw is the dialog, but for what the roll sets: ID, Open, OnCancel.
	draw() *ui.Dialog
	// leave reports whether the dialog may close.
	leave() bool
}

// open begins an act.
func (r *roll) open(s sheet) {
	r.sheet, r.busy, r.problem = s, false, nil
}

// close ends it.
func (r *roll) close() { r.sheet, r.busy, r.problem = nil, false, nil }

// shows reports whether the dialog is still about s.
func (r *roll) shows(s sheet) bool { return r.sheet == s }

// dialog is the one dialog of the page. It stays in the tree.
func (r *roll) dialog(id string) app.UI {
	d := &ui.Dialog{}
	if r.sheet != nil {
		d = r.sheet.draw()
		d.Open, d.OnCancel = true, r.onCancel
		r.returnTo = d.ReturnTo
	}
	d.ID, d.ReturnTo = id, r.returnTo
	return d
}

func (r *roll) onCancel(app.Context) {
	if r.sheet == nil || !r.busy && r.sheet.leave() {
		r.close()
	}
}

// buttons are Cancel, what may be done instead, and the act itself.
func (r *roll) buttons(act *ui.Button, instead ...app.UI) []app.UI {
	act.Submit, act.Busy = true, r.busy
	if act.Kind == ui.Plain {
		act.Kind = ui.Primary
	}
	if act.Off == "" {
		act.Off = r.off()
	}
	return append(append([]app.UI{&ui.Button{Label: "Cancel", OnClick: r.onCancel}}, instead...), act)
}

// send asks the server for the act of the dialog. done hears that it was done; a
// refusal stays in the dialog, or is told in a toast where the person left it.
func (r *roll) send(act func(context.Context) error, done func()) {
	if r.busy || r.off() != "" {
		return
	}
	asked := r.sheet
	r.busy, r.problem = true, nil
	r.ctx.Async(func() {
		err := act(context.Background())
		r.ctx.Dispatch(ui.Safe(func(app.Context) {
			if asked == r.sheet {
				r.busy = false
			}
			switch {
			case err == nil:
				done()
			case client.GivenUp(err):
			case asked == r.sheet:
				r.problem = err
			default:
				r.complain(err)
			}
		}))
	})
}

// at is the refusal where it means one of these fields.
func (r *roll) at(fields ...string) string {
	refused, ok := fault.From(r.problem)
	if !ok {
		return ""
	}
	for _, f := range fields {
		if refused.Field == f {
			return client.Sentence(r.problem)
		}
	}
	return ""
}

// refusal is the notice about a refusal that means none of these fields.
func (r *roll) refusal(title string, fields ...string) []app.UI {
	if r.problem == nil || r.at(fields...) != "" {
		return nil
	}
	return []app.UI{refused(title, client.Sentence(r.problem))}
}
