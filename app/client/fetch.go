package client

import (
	"context"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/promise"
	"keystead/shared/fault"
)

// fetch is the browser's transport: same origin, cookie included, nothing cached.
// (net/http would be fetch as well, for 5 MB more of WASM.)
func fetch(ctx context.Context, r Request) (Answer, error) {
	if app.IsServer {
		return Answer{}, promise.ErrNoBrowser
	}
	if came := ahead(r, "keysteadCame"); came != nil {
		return whole(came), nil
	}
	if r.AtOnce {
		return Answer{}, fault.New(Cancelled, "Not answered yet.")
	}
	if question := ahead(r, "keysteadTake"); question != nil {
		came, err := promise.Await(ctx, question.Get("coming"))
		if err != nil {
			return Answer{}, interrupted(ctx, err)
		}
		return whole(came), nil
	}
	abort := app.Window().Get("AbortController").New()
	stop := context.AfterFunc(ctx, func() { abort.Call("abort") })
	defer stop()

	response, err := promise.Await(ctx, app.Window().Call("fetch", r.Path, options(r, abort)))
	if err != nil {
		return Answer{}, interrupted(ctx, err)
	}
	if r.File != "" && response.Get("ok").Truthy() {
		// A file stays on the browser's side: it may be larger than the console.
		file, err := promise.Await(ctx, response.Call("blob"))
		if err != nil {
			return Answer{}, interrupted(ctx, err)
		}
		a := answer(response, "")
		a.File = file
		return a, nil
	}
	text, err := promise.Await(ctx, response.Call("text"))
	if err != nil {
		return Answer{}, interrupted(ctx, err)
	}
	return answer(response, text.String()), nil
}

// ahead asks the page, by one of its functions, about its own request for the same, made
// while this program was loaded; nil where there is none, and once it was taken.
func ahead(r Request, function string) app.Value {
	take := app.Window().Get(function)
	if r.Method != "GET" || r.File != "" || !take.Truthy() {
		return nil
	}
	if taken := take.Invoke(r.Path); taken.Truthy() {
		return taken
	}
	return nil
}

// AheadComes blocks until what the page asked ahead has been answered, or has failed, or
// ctx is done. Nobody draws a page without rows to draw it again a moment later.
func AheadComes(ctx context.Context) {
	if coming := app.Window().Get("keysteadAhead"); coming.Truthy() {
		_, _ = promise.Await(ctx, coming)
	}
}

// whole is an answer that the page has read.
func whole(came app.Value) Answer {
	return answer(came.Get("response"), came.Get("text").String())
}

func options(r Request, abort app.Value) map[string]any {
	accept := "application/json"
	if r.File != "" {
		accept = r.File
	}
	headers := map[string]any{"Accept": accept}
	o := map[string]any{
		"method":      r.Method,
		"headers":     headers,
		"credentials": "same-origin",
		"cache":       "no-store",
		"redirect":    "error",
		"signal":      abort.Get("signal"),
	}
	if r.Body != nil {
		headers["Content-Type"] = "application/json"
		o["body"] = string(r.Body)
	}
	if r.Background {
		headers["X-Keystead-Background"] = "1"
	}
	return o
}

// interrupted prefers the reason that we know over the browser's AbortError.
func interrupted(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func answer(response app.Value, body string) Answer {
	header := func(name string) string {
		v := response.Get("headers").Call("get", name)
		if v.IsNull() {
			return ""
		}
		return v.String()
	}
	date, _ := time.Parse(time.RFC1123, header("Date"))
	return Answer{
		Status:     response.Get("status").Int(),
		Body:       []byte(body),
		Problem:    strings.HasPrefix(header("Content-Type"), "application/problem+json"),
		RetryAfter: header("Retry-After"),
		Rights:     header("X-Keystead-Rights"),
		Version:    header("X-App-Version"),
		Date:       date,
	}
}
