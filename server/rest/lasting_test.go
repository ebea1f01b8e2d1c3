package rest_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"keystead/server/rest"
)

// during runs act as what a door does with a request.
func during(act func(context.Context)) {
	gate := &rest.Gate{Now: time.Now, Log: slog.New(slog.DiscardHandler), Address: func(*fiber.Ctx) string { return "" }}
	route := rest.Route{Method: rest.Get, Path: "/", Guard: rest.Public, Do: rest.Do(func(r *rest.Request, _ rest.None) (rest.None, error) {
		act(r.Context())
		return rest.None{}, nil
	})}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Get(route.Path, gate.Handler(&route))
	app.Handler()(&fasthttp.RequestCtx{})
}

func TestARequestLastsTenSeconds(t *testing.T) {
	for what, wait := range map[string]func(context.Context){
		"its own":       func(ctx context.Context) { <-ctx.Done() },
		"a child's":     func(ctx context.Context) { child, end := context.WithCancel(ctx); defer end(); <-child.Done() },
		"nobody waited": func(context.Context) { time.Sleep(10 * time.Second) },
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			during(func(ctx context.Context) {
				if err := ctx.Err(); err != nil {
					t.Errorf("%s: at the start %v", what, err)
				}
				wait(ctx)
				if took := time.Since(start); took != 10*time.Second || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
					t.Errorf("%s: after %s: %v", what, took, ctx.Err())
				}
				if until, ok := ctx.Deadline(); !ok || until.Sub(start) != 10*time.Second {
					t.Errorf("%s: until %s", what, until)
				}
			})
		})
	}
}

// What an act leaves behind ends with the request, whether anybody waited before or not.
func TestARequestsContextEndsWithIt(t *testing.T) {
	var waited, child, not context.Context
	during(func(ctx context.Context) {
		var end context.CancelFunc
		waited = ctx
		child, end = context.WithTimeout(ctx, time.Hour)
		t.Cleanup(end)
	})
	during(func(ctx context.Context) { not = ctx })
	for what, ctx := range map[string]context.Context{"waited for": waited, "a child": child, "not waited for": not} {
		<-ctx.Done()
		if !errors.Is(ctx.Err(), context.Canceled) {
			t.Errorf("%s: %v", what, ctx.Err())
		}
	}
}
