package pages

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/shell"
	"keystead/app/ui"
)

// SecretsKeys is the page Settings → Secrets & Keys.
type SecretsKeys struct{ app.Compo }

// Render draws it.
func (p *SecretsKeys) Render() app.UI {
	return shell.Frame("Secrets & Keys", ui.PageHead("Secrets & Keys", ""))
}
