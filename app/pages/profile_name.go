package pages

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// nameForm changes the person's own name. A part that nobody typed in is nil, and
// shows what the session knows.
type nameForm struct {
	first, last           *string
	firstFault, lastFault string
	busy                  bool
}

func (f *nameForm) fields(v session.View) []app.UI {
	off := ""
	if v.Offline {
		off = "You are offline."
	}
	return []app.UI{
		&ui.Field{ID: "profile-first", Label: "First name", Optional: true, AutoComplete: "given-name",
			Value: typedOr(f.first, v.Me.User.FirstName), Error: f.firstFault, Off: off,
			OnInput: func(_ app.Context, text string) { f.first, f.firstFault = &text, nameFault(text) }},
		&ui.Field{ID: "profile-last", Label: "Last name", Optional: true, AutoComplete: "family-name",
			Value: typedOr(f.last, v.Me.User.LastName), Error: f.lastFault, Off: off,
			OnInput: func(_ app.Context, text string) { f.last, f.lastFault = &text, nameFault(text) }},
		app.P().Class("hint").Text("You sign in as " + v.Me.User.Email + "."),
		app.Div().Class("acts").Body(
			&ui.Button{ID: "profile-name-save", Label: "Save name", Busy: f.busy, Off: off, Submit: true}),
	}
}

func typedOr(typed *string, saved string) string {
	if typed != nil {
		return *typed
	}
	return saved
}

// take is what was typed; it is not ok where there is nothing to send, or what is
// there can't be. Why the server refused it before is forgotten.
func (f *nameForm) take() (api.EditMe, bool) {
	f.firstFault, f.lastFault = nameFault(typedOr(f.first, "")), nameFault(typedOr(f.last, ""))
	if f.busy || f.firstFault != "" || f.lastFault != "" {
		return api.EditMe{}, false
	}
	edit := api.EditMe{FirstName: trimmed(f.first), LastName: trimmed(f.last)}
	f.busy = edit.FirstName != nil || edit.LastName != nil
	return edit, f.busy
}

func trimmed(text *string) *string {
	if text == nil {
		return nil
	}
	bare := strings.TrimSpace(*text)
	return &bare
}

func (f *nameForm) done(ctx app.Context, err error) {
	f.busy = false
	refused, _ := fault.From(err)
	switch {
	case err == nil:
		*f = nameForm{}
		ui.Toast(ctx, ui.Message{Text: "Saved your name."})
	case client.GivenUp(err):
	case refused != nil && refused.Field == "last_name":
		f.lastFault = client.Sentence(err)
	default:
		f.firstFault = client.Sentence(err)
	}
}

func (p *Profile) onName(ctx app.Context, e app.Event) {
	defer ui.Rescue(ctx)
	e.PreventDefault()
	edit, ok := p.name.take()
	if !ok {
		return
	}
	ctx.Async(func() {
		_, err := client.API.EditMe(context.Background(), edit)
		if err == nil {
			// What can't be loaded anew now comes with the next answer that is.
			_ = session.Reload(context.Background())
		}
		ctx.Dispatch(func(ctx app.Context) { p.name.done(ctx, err) })
	})
}
