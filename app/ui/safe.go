package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// OnPanic hears of every panic that Rescue caught.
var OnPanic func(v any, stack []byte)

// Rescue is deferred at the top of a handler: a panic ends the act, not the console.
func Rescue(ctx app.Context) {}

// Safe wraps what is given to Dispatch or After. Not for DOM handlers: every func it
// returns has one code pointer, by which go-app would take them for the same.
func Safe(fn func(app.Context)) func(app.Context) { return fn }
