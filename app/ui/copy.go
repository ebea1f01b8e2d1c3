package ui

import (
	"context"
	"errors"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Result is how a copy ended.
type Result int

const (
	Copied  Result = iota // it is in the clipboard
	Refused               // the browser refused every way; Value is for the eyes
	Missed                // fetch failed; Err says why
)

// Outcome is what Copy reports. Value is set when Refused only.
type Outcome struct {
	Result Result
	Value  string
	Err    error
}

// Copy puts what fetch returns into the clipboard and tells done, on the UI
// goroutine, what became of it. It must be called inside the click itself: the
// browser lends the clipboard to that click only, so a promise is handed over at
// once and kept when the value has come. fetch runs off the UI goroutine.
//
// The ladder: that promise; else writeText; else an off-screen field and the copy
// command, which is all there is on plain HTTP. Whoever draws ctx must live until done.
func Copy(ctx app.Context, fetch func(context.Context) (string, error), done func(app.Context, Outcome)) {
	rungs := clipboard()
	var offer *offered
	if rungs.item {
		offer = offerItem()
	}
	ctx.Async(func() {
		value, err := fetched(ctx.Context, fetch)
		if offer != nil {
			offer.keep(value, err)
		}
		switch {
		case err != nil:
			ctx.Dispatch(func(ctx app.Context) { done(ctx, Outcome{Result: Missed, Err: err}) })
		case offer != nil && offer.written(), rungs.text && writeText(value):
			ctx.Dispatch(func(ctx app.Context) { done(ctx, Outcome{Result: Copied}) })
		default:
			ctx.Dispatch(func(ctx app.Context) { done(ctx, byField(value)) })
		}
	})
}

// abilities say which rungs the browser has; the last one is always tried.
type abilities struct{ item, text bool }

func clipboard() abilities {
	board := window().Get("navigator").Get("clipboard")
	if !board.Truthy() {
		return abilities{} // no secure context
	}
	return abilities{
		item: board.Get("write").Truthy() && window().Get("ClipboardItem").Truthy(),
		text: board.Get("writeText").Truthy(),
	}
}

// fetched turns a panic into an error: off the UI goroutine nothing else would catch it.
func fetched(ctx context.Context, fetch func(context.Context) (string, error)) (value string, err error) {
	defer func() {
		if v := recover(); v != nil {
			value, err = "", errors.New("reading the value stopped unexpectedly")
		}
	}()
	return fetch(ctx)
}

// offered is a ClipboardItem whose text is still a promise.
type offered struct {
	executor        app.Func
	resolve, reject app.Value
	write           <-chan bool
}

// offerItem returns nil where the browser throws instead of promising.
func offerItem() (o *offered) {
	defer func() {
		if recover() != nil {
			o = nil
		}
	}()
	o = &offered{}
	o.executor = app.FuncOf(func(_ app.Value, args []app.Value) any {
		o.resolve, o.reject = args[0], args[1]
		return nil
	})
	text := window().Get("Promise").New(o.executor)
	settle(text) // a failed fetch rejects it, and nobody else may be listening
	item := window().Get("ClipboardItem").New(map[string]any{"text/plain": text})
	o.write = settle(window().Get("navigator").Get("clipboard").Call("write", []any{item}))
	return o
}

func (o *offered) keep(value string, err error) {
	defer o.executor.Release()
	if err != nil {
		o.reject.Invoke("no value")
		return
	}
	o.resolve.Invoke(window().Get("Blob").New([]any{value}, map[string]any{"type": "text/plain"}))
}

func (o *offered) written() bool { return <-o.write }

func writeText(value string) (ok bool) {
	defer func() {
		if recover() != nil {
			ok = false
		}
	}()
	return <-settle(window().Get("navigator").Get("clipboard").Call("writeText", value))
}

// settle says once whether a promise was kept. Both ends are handled: a promise
// broken without a catch is an error of the page.
func settle(promise app.Value) <-chan bool {
	settled := make(chan bool, 1)
	var kept, broken app.Func
	end := func(ok bool) any {
		settled <- ok
		kept.Release()
		broken.Release()
		return nil
	}
	kept = app.FuncOf(func(app.Value, []app.Value) any { return end(true) })
	broken = app.FuncOf(func(app.Value, []app.Value) any { return end(false) })
	promise.Call("then", kept, broken)
	return settled
}

// byField is the last rung. The field stands inside the modal dialog where one is
// open: outside it nothing can be focused.
func byField(value string) Outcome {
	doc := document()
	home := doc.Call("querySelector", "dialog:modal")
	if !home.Truthy() {
		home = doc.Get("body")
	}
	before := doc.Get("activeElement")
	field := doc.Call("createElement", "textarea")
	field.Set("className", "sr")
	field.Set("readOnly", true)
	field.Set("value", value)
	home.Call("appendChild", field)
	field.Call("select")
	ok := doc.Call("execCommand", "copy").Truthy()
	field.Set("value", "")
	field.Call("remove")
	if before.Truthy() {
		before.Call("focus")
	}
	if ok {
		return Outcome{Result: Copied}
	}
	return Outcome{Result: Refused, Value: value}
}
