package shell

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
)

// rowsMayTake is how long the first drawing waits for its rows: less than a person takes
// for a delay.
const rowsMayTake = 100 * time.Millisecond

// Start readies the console before its first page: who is signed in, what happens
// when the server wants to know that again, and where "/" leads. It blocks until the
// server answered or was found out of reach, and does nothing outside a browser.
func Start() {
	if app.IsServer {
		return
	}
	client.API.Hooks.Elevate = elevate
	session.OnLeave = ui.HideAll
	session.Open(context.Background())
	rows, cancel := context.WithTimeout(context.Background(), rowsMayTake)
	client.AheadComes(rows)
	cancel()
	if app.Window().URL().Path == "/" {
		app.Window().Get("history").Call("replaceState", nil, "", session.Now().Link(PathHome))
	}
}
