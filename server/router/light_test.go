package router_test

import (
	"log/slog"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"keystead/server/rest"
	"keystead/server/router"
	"keystead/web"
)

// TestLightPagesHaveTheirHeaders: with "Referrer-Policy: no-referrer" a browser would send
// "Origin: null" with a form, and nobody could sign in without scripts.
func TestLightPagesHaveTheirHeaders(t *testing.T) {
	r, err := router.New(router.Map{
		Light: []router.Light{{Method: rest.Get, Path: "/sign-in", Serve: func(c *fiber.Ctx) error { return c.SendString("a form") }}},
		Gate:  &rest.Gate{Limits: rest.NewLimits(time.Now, 1, 1)},
		Log:   slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	res, err := r.App.Test(httptest.NewRequest(rest.Get, "/sign-in", nil), -1)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	for _, h := range append(web.PageHeaders(), web.LightHeaders()...) {
		if got := res.Header.Values(h[0]); len(got) != 1 || got[0] != h[1] {
			t.Errorf("%s is %q, not %q", h[0], got, h[1])
		}
	}
}
