// Package worker does in the background what is to be done again and again. A round that
// fails, or panics, is no more than that: it is logged, once for as long as it goes on,
// and the next one comes at its time. Without that, one bad row would end everyone's
// server, since nobody is above a goroutine (security.md, P43).
package worker

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"keystead/shared/keyfmt"
)

// Worker is one thing that is done again and again.
type Worker struct {
	what string // in the log: "write last logins"
	act  func(context.Context) error
	log  *slog.Logger

	failing       bool
	stop, stopped chan struct{}
}

// Every has act done every so often until [Worker.End].
func Every(often time.Duration, what string, log *slog.Logger, act func(context.Context) error) *Worker {
	w := &Worker{what: what, act: act, log: log, stop: make(chan struct{}), stopped: make(chan struct{})}
	go w.loop(often)
	return w
}

// End waits for the round that is under way; no other comes.
func (w *Worker) End() {
	close(w.stop)
	<-w.stopped
}

func (w *Worker) loop(often time.Duration) {
	defer close(w.stopped)
	tick := time.NewTicker(often)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			w.round()
		case <-w.stop:
			return
		}
	}
}

func (w *Worker) round() {
	err := Safely(w.log, w.what, func() error { return w.act(context.Background()) })
	if err != nil && !w.failing {
		w.log.Error("could not "+w.what+"; it is tried again", "cause", err.Error())
	}
	w.failing = err != nil
}

// Safely does act; a panic in it is an error, with its stack in the log.
func Safely(log *slog.Logger, what string, act func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%s: panic", what)
			log.Error("panic", "in", what, "cause", keyfmt.Redact(fmt.Sprint(p)), "stack", string(debug.Stack()))
		}
	}()
	return act()
}
