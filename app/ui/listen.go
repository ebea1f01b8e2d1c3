package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Listeners are event handlers on things outside the tree. Release them in OnDismount.
type Listeners struct{}

// On calls fn on the UI goroutine at each event of target.
func (l *Listeners) On(ctx app.Context, target app.Value, event string, fn func(ctx app.Context, e app.Event)) {
}

// Every calls fn each d until Release.
func (l *Listeners) Every(ctx app.Context, d time.Duration, fn func(ctx app.Context)) {}

// Release removes all of them.
func (l *Listeners) Release() {}
