package ui

import (
	"runtime/debug"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// OnPanic hears of every panic that Rescue caught. What it is given may quote
// user data: it may be counted and shown to a developer, never sent anywhere.
var OnPanic func(v any, stack []byte)

// Rescue is deferred at the top of a handler: a panic ends the act, not the
// console. Without it a panic ends the Go program and leaves a page that looks alive.
func Rescue(ctx app.Context) {
	v := recover()
	if v == nil {
		return
	}
	if OnPanic != nil {
		OnPanic(v, debug.Stack())
	}
	Toast(ctx, Message{Tone: Bad, Text: "Something went wrong here. What you see may be out of date: reload the page."})
}

// Safe wraps what is given to Dispatch or After. It is not for handlers of elements:
// every func it returns has one code pointer, by which go-app would take them for the same.
func Safe(fn func(app.Context)) func(app.Context) {
	return func(ctx app.Context) {
		defer Rescue(ctx)
		fn(ctx)
	}
}

// call runs a handler that may be nil.
func call(ctx app.Context, fn func(app.Context)) {
	defer Rescue(ctx)
	if fn != nil {
		fn(ctx)
	}
}
