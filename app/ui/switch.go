package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Switch is on or off. OnChange asks the server; until On follows, the switch shows
// what is true, with Pending set it waits.
type Switch struct {
	app.Compo
	ID       string
	Label    string // accessible name: ci-runner enabled
	On       bool
	Pending  bool
	Off      string // why it can't be changed; "" when it can
	OnChange func(ctx app.Context, on bool)
}

func (s *Switch) Render() app.UI { return app.Input() }
