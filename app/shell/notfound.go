package shell

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/session"
	"keystead/app/ui"
)

// NotFound is the page of an address that leads nowhere.
type NotFound struct{ app.Compo }

// Render says so, and where to go from there.
func (n *NotFound) Render() app.UI {
	return FrameOfPerson("Not found",
		ui.PageHead("There is no such page", "The address may be mistyped, or from another version of the console."),
		ui.El("p").Body(ui.El("a", "class", "btn", "href", session.Now().Link(PathHome)).Text("Go to Secrets & Keys")),
	)
}
