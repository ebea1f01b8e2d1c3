package browser

import (
	"context"
	"sync"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

// Answer answers requests of the page that match, in place of the server. Status 0
// lets the server answer.
func (tab *Tab) Answer(pattern string, answer func() (status int, body string)) {
	tab.t.Helper()
	tab.pause(pattern, func(ctx context.Context, paused *fetch.EventRequestPaused) {
		status, body := answer()
		if status == 0 {
			_, _ = chromedp.Call(ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: paused.RequestID})
			return
		}
		_, _ = chromedp.Call(ctx, fetch.FulfillRequest, fetch.FulfillRequestParams{
			RequestID: paused.RequestID, ResponseCode: int64(status), Body: []byte(body),
			ResponseHeaders: []*fetch.HeaderEntry{{Name: "Content-Type", Value: "application/problem+json"}},
		})
	})
}

// Hold keeps requests that match on their way until it is released.
func (tab *Tab) Hold(pattern string) (release func()) {
	tab.t.Helper()
	gate := make(chan struct{})
	tab.pause(pattern, func(ctx context.Context, paused *fetch.EventRequestPaused) {
		select {
		case <-gate:
		case <-ctx.Done():
		}
		_, _ = chromedp.Call(ctx, fetch.ContinueRequest, fetch.ContinueRequestParams{RequestID: paused.RequestID})
	})
	return sync.OnceFunc(func() { close(gate) })
}

func (tab *Tab) pause(pattern string, handle func(context.Context, *fetch.EventRequestPaused)) {
	tab.t.Helper()
	err := chromedp.Listen(tab.ctx, func(event any) {
		if paused, ok := event.(*fetch.EventRequestPaused); ok {
			go handle(tab.ctx, paused) // a listener must not wait
		}
	})
	if err != nil {
		tab.t.Fatal(err)
	}
	call(tab, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: pattern}}})
}
