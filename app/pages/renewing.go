package pages

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// renewing is asking for a new value, which the dialog then shows until Done.
type renewing struct {
	asking
	overlap string
	value   valueStep
}

// turned forgets the value, too.
func (r *renewing) turned(open bool) {
	if r.asking.turned(open) {
		r.overlap = overlapNow
		r.value.drop()
	}
}

// dialog is the question, or the value in its place once there is one. Both are given
// up by cancel; act is the word for going on.
func (r *renewing) dialog(question *ui.Dialog, act, off, done string, cancel func(app.Context)) *ui.Dialog {
	question.OnCancel = cancel
	if r.value.on() {
		question.Title, question.Body, question.OnSubmit = done, r.value.body, nil
		question.Footer = func() []app.UI { return r.value.footer(cancel) }
		return question
	}
	question.Footer = func() []app.UI {
		return []app.UI{
			&ui.Button{Label: "Cancel", OnClick: cancel},
			&ui.Button{Label: act, Kind: ui.Primary, Submit: true, Busy: r.busy, Off: off},
		}
	}
	return question
}

// show puts the value in the question's place, the focus on Copy.
func (r *renewing) show(value api.Secret, what, again, example string) {
	r.value.begin(value, what, again, example)
	ui.FocusID(r.ctx, "value-copy")
}

// mayLeave reports whether the dialog may close now; it drops the value then.
func (r *renewing) mayLeave() bool {
	if r.busy || r.value.on() && !r.value.mayLeave() {
		return false
	}
	r.value.drop()
	return true
}

// choice is the choice of how long the old value works on.
func (r *renewing) choice(id, label string) *ui.Select {
	return &ui.Select{ID: id, Label: label, Value: r.overlap, Options: overlaps,
		OnChange: func(_ app.Context, v string) { r.overlap = v }}
}

// two warns where two values work already: the older one ends with this rotation.
func (r *renewing) two(previous *api.Previous, title string) []app.UI {
	if !overlapping(previous, time.Now()) {
		return nil
	}
	return []app.UI{ui.Notice(ui.Warn, title, "The older one ends at once with this rotation.", nil)}
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
