package pages

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/shell"
	"keystead/app/ui"
)

// APIKeys is the page Settings → User Management → API Keys.
type APIKeys struct{ app.Compo }

// Render draws it.
func (p *APIKeys) Render() app.UI {
	return shell.Frame("API Keys", ui.PageHead("API Keys", ""))
}
