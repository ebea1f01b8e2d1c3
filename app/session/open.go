package session

import (
	"context"
	"encoding/json"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Open learns who is signed in, from the server or, where that is out of reach, from
// what was kept. It blocks until the first page can be drawn; where nobody is signed
// in the browser goes to sign-in and Open never returns.
func Open(ctx context.Context) {
	client.API.Hooks.Answered = answered
	client.API.Hooks.Unreachable = unreachable
	client.API.Hooks.SignedOut = signedOut

	known.Lock()
	known.prefs = readPrefs(stored)
	known.Unlock()
	handed()
	follow()

	err := Reload(ctx)
	if fault.Is(err, fault.Offline) {
		recall(ctx)
	}
	known.Lock()
	leaving, me := known.leaving, known.me.User.ID
	known.opened = time.Now()
	known.Unlock()
	if leaving {
		select {} // the page is about to go; drawing it would only flash
	}
	if err == nil {
		time.AfterFunc(dropAfter, func() { dropOthers(ctx, me) })
	}
	time.AfterFunc(syncAfter, nudge)
	go watch(ctx)
}

// handed takes the session that the page asked for before the console was loaded.
func handed() {
	text := app.Window().Get("keysteadSession")
	if !text.Truthy() {
		return
	}
	var s api.Session
	if json.Unmarshal([]byte(text.String()), &s) == nil {
		setLimits(s)
	}
	app.Window().Set("keysteadSession", "")
}

// recall takes the person from what was kept.
func recall(ctx context.Context) {
	kept, err := load(ctx)
	if err != nil || kept.Me.User.ID == 0 {
		return
	}
	change(func() bool {
		known.me, known.ok, known.asOf = kept.Me, true, kept.At
		return true
	})
}
