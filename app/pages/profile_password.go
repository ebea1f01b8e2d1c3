package pages

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

// passwordForm changes the person's own password. It holds what is typed until it
// is saved, and no longer.
type passwordForm struct {
	typed, again       string
	problem, different string
	busy               bool
}

func (f *passwordForm) fields(v session.View) []app.UI {
	off := ""
	if v.Offline {
		off = "You are offline."
	}
	return []app.UI{
		shell.Username(),
		&ui.Field{ID: "password-new", Label: "New password", Type: "password", AutoComplete: "new-password",
			Value: f.typed, Error: f.problem, Off: off, Hint: "15 characters or more, and hard to guess: a few unrelated words, no well-known phrase.",
			OnInput: func(_ app.Context, value string) { f.typed, f.problem = value, "" }},
		&ui.Field{ID: "password-again", Label: "The same again", Type: "password", AutoComplete: "new-password",
			Value: f.again, Error: f.different, Off: off,
			OnInput: func(_ app.Context, value string) { f.again, f.different = value, "" }},
		app.Div().Class("acts").Body(
			&ui.Button{ID: "password-save", Label: "Change password", Busy: f.busy, Off: off, Submit: true}),
	}
}

// take checks what was typed; it is not ok where that can't be sent.
func (f *passwordForm) take() (api.Secret, bool) {
	if f.busy {
		return api.Secret{}, false
	}
	f.problem, f.different = keyfmt.PasswordFault(f.typed), ""
	if f.problem == "" && f.typed != f.again {
		f.different = "The two are not the same."
	}
	f.busy = f.problem == "" && f.different == ""
	return api.Hide(f.typed), f.busy
}

func (f *passwordForm) done(ctx app.Context, err error) {
	f.busy = false
	switch {
	case err == nil:
		*f = passwordForm{}
		ui.Toast(ctx, ui.Message{Text: "Changed your password."})
	case !client.GivenUp(err):
		f.problem = client.Sentence(err)
	}
}
