package pages

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
)

// sharedSecretDialog shows the API shared secret on the screen of the API keys: show,
// copy, create, rotate.
type sharedSecretDialog struct {
	app.Compo
	Desk  *keyDesk
	Open  bool
	Panel func() app.UI
}

func (d *sharedSecretDialog) Render() app.UI {
	return &ui.Dialog{
		ID: "shared-secret", Title: sharedSecret.Name, Open: d.Open, ReturnTo: "shared-secret-open", OnCancel: d.onDone,
		Body: func() []app.UI {
			return []app.UI{
				soft(sharedSecret.means + " Treat it as you treat a key: never e‑mail it or write it down."),
				d.Panel(),
			}
		},
		Footer: func() []app.UI { return []app.UI{&ui.Button{Label: "Done", OnClick: d.onDone}} },
	}
}

func (d *sharedSecretDialog) onDone(app.Context) { d.Desk.close() }
