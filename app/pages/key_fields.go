package pages

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// The parts that the dialogs about keys share.

// soft is a sentence that explains.
func soft(text string) app.UI { return ui.El("p", "class", "soft").Text(text) }

// refused says, aloud too, what was not done and why.
func refused(title, why string) app.UI {
	return ui.El("div", "role", "alert").Body(ui.Notice(ui.Bad, title, why, nil))
}

// expiryFields choose when a key ends: a lifetime, a day, or never.
func expiryFields(prefix string, f *keyForm, p api.Policy, options []ui.Option) []app.UI {
	choose := &ui.Select{ID: prefix + "-expiry", Label: "Expires", Value: f.Expiry, Options: options,
		OnChange: func(_ app.Context, v string) { f.SetExpiry(v) }}
	if p.MaxLifetimeDays != nil {
		choose.Hint = "Keys live at most " + daysWord(*p.MaxLifetimeDays) + " here."
	}
	if f.Expiry != expiryDate {
		choose.Error = f.ExpiryError
		return []app.UI{choose}
	}
	now := time.Now()
	day := &ui.Field{ID: prefix + "-day", Label: "Last day", Type: "date", Value: f.Day, Error: f.ExpiryError, Min: dayOf(now),
		Hint: "It works to the end of that day.", OnInput: func(_ app.Context, v string) { f.SetDay(v) }}
	if longest, ok := longestExpiry(p, f.made(now)); ok {
		day.Max = dayOf(longest)
	}
	return []app.UI{choose, day}
}

func newExpiryOptions(p api.Policy) []ui.Option {
	choices, _ := expiryChoices(p, time.Now(), time.Now(), dayOf)
	return expiryOptions(choices)
}

func expiryOptions(choices []expiryChoice) []ui.Option {
	options := make([]ui.Option, len(choices))
	for i, c := range choices {
		options[i] = ui.Option{Value: c.Value, Label: c.Label}
	}
	return options
}

// mayDo lists what a new key will be allowed to do.
func mayDo(may keyMay) app.UI {
	acts := make([]app.UI, len(may.Acts))
	for i, act := range may.Acts {
		acts[i] = ui.El("li").Text(act)
	}
	return ui.El("details", "class", "may").Body(
		ui.El("summary").Body(app.Text(may.Summary)),
		ui.El("p").Text("It may"),
		ui.El("ul").Body(acts...),
	)
}

// focusFirstError takes the person to what is wrong.
func focusFirstError(ctx app.Context, prefix string, f keyForm) {
	switch {
	case f.NameError != "":
		ui.FocusID(ctx, prefix+"-name")
	case f.DescriptionError != "":
		ui.FocusID(ctx, prefix+"-description")
	case f.ExpiryError != "" && f.Expiry == expiryDate:
		ui.FocusID(ctx, prefix+"-day")
	case f.ExpiryError != "":
		ui.FocusID(ctx, prefix+"-expiry")
	}
}
