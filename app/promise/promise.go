// Package promise waits for what the browser promises. A blocked event callback is
// a dead program (Go's js/wasm has one thread), so [Await] belongs into goroutines:
// ctx.Async, or main before the console runs.
package promise

import (
	"context"
	"errors"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Rejected is why a promise was not kept.
type Rejected struct {
	Name    string // the DOMException's name, such as "AbortError"
	Message string
}

// Error is the browser's own sentence.
func (r *Rejected) Error() string { return r.Name + ": " + r.Message }

// ErrNoBrowser is what every promise ends in where there is no browser.
var ErrNoBrowser = errors.New("promise: there is no browser here")

// Await blocks until the promise is kept, rejected, or ctx is done. A rejection is
// a [*Rejected]; none is ever left unhandled.
func Await(ctx context.Context, p app.Value) (app.Value, error) {
	if app.IsServer {
		return nil, ErrNoBrowser
	}
	kept, broken := make(chan app.Value, 1), make(chan error, 1)
	then := app.FuncOf(func(_ app.Value, args []app.Value) any {
		kept <- first(args)
		return nil
	})
	otherwise := app.FuncOf(func(_ app.Value, args []app.Value) any {
		broken <- reason(first(args))
		return nil
	})
	settled := p.Call("then", then, otherwise)
	release := func() { then.Release(); otherwise.Release() }

	select {
	case v := <-kept:
		release()
		return v, nil
	case err := <-broken:
		release()
		return nil, err
	case <-ctx.Done():
		// The browser may still call either, and calling a released function
		// ends the program's patience: leave them until it has.
		settled.Then(func(app.Value) { release() })
		return nil, ctx.Err()
	}
}

// Request waits for an IDBRequest, which reports by events and not by a promise.
func Request(ctx context.Context, request app.Value) (app.Value, error) {
	if app.IsServer {
		return nil, ErrNoBrowser
	}
	done := make(chan error, 1)
	success := app.FuncOf(func(app.Value, []app.Value) any { send(done, nil); return nil })
	failure := app.FuncOf(func(app.Value, []app.Value) any { send(done, reason(request.Get("error"))); return nil })
	defer success.Release()
	defer failure.Release()
	request.Set("onsuccess", success)
	request.Set("onerror", failure)
	defer request.Set("onsuccess", nil)
	defer request.Set("onerror", nil)

	select {
	case err := <-done:
		if err != nil {
			return nil, err
		}
		return request.Get("result"), nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func send(done chan<- error, err error) {
	select {
	case done <- err:
	default:
	}
}

func first(args []app.Value) app.Value {
	if len(args) == 0 {
		return app.Undefined()
	}
	return args[0]
}

func reason(v app.Value) error {
	if !v.Truthy() {
		return &Rejected{Name: "Error", Message: "refused without a reason"}
	}
	return &Rejected{Name: v.Get("name").String(), Message: v.Get("message").String()}
}
