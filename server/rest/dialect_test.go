package rest_test

import (
	"io"
	"log/slog"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"keystead/server/rest"
	"keystead/shared/fault"
)

type complaint struct {
	Complaint string `json:"complaint"`
}

// grumble is a dialect in which nothing is missing and all else is refused by 400.
func grumble(name string, under ...string) rest.Dialect {
	return rest.Dialect{
		Name: name, Under: under, Problem: reflect.TypeFor[complaint](), Rates: name == "rated",
		Refuse: func(f *fault.Error, status int) (int, any) {
			if status == 422 {
				status = 400
			}
			return status, complaint{name + ": " + string(f.Code)}
		},
	}
}

func newGrumbler(t *testing.T) *fiber.App {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	dialects := rest.Dialects{grumble("rated", "/api"), grumble("inner", "/api/v1")}
	gate := &rest.Gate{
		Dialects: dialects, Now: time.Now, Log: log, Limits: rest.NewLimits(time.Now, 5, 70),
		Address: func(*fiber.Ctx) string { return "192.0.2.1" },
	}
	type item struct {
		Name string `json:"name" required:"true"`
	}
	routes := []rest.Route{
		{Method: rest.Post, Path: "/api/items", Guard: rest.Public, Do: rest.Lenient(func(_ *rest.Request, in item) (item, error) {
			if in.Name == "no" {
				return in, fault.At("name", fault.InvalidValue, "Not that one.")
			}
			return in, nil
		}).Answering(202)},
		{Method: rest.Delete, Path: "/api/items/:name", Guard: rest.Public, Query: []rest.Param{{Name: "page", Min: 0, Max: 9}},
			Do: rest.Lenient(func(r *rest.Request, _ rest.None) (item, error) {
				name, err := r.Path("name")
				return item{name}, err
			})},
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true, StrictRouting: true, ErrorHandler: rest.Problem(log, dialects...)})
	app.Use(rest.Rates(dialects, gate.Limits, (*fiber.Ctx).Next))
	for i := range routes {
		app.Add(routes[i].Method, routes[i].Path, gate.Handler(&routes[i]))
	}
	return app
}

func TestADialectSpeaksItsOwnWords(t *testing.T) {
	app := newGrumbler(t)
	for _, c := range []struct {
		what, media, body string
		status            int
		want              string
	}{
		{"POST /api/items", "application/json", `{"name":"a","unknown":1}`, 202, `{"name":"a"}`},
		{"POST /api/items", "", `{"name":"a"}`, 202, `{"name":"a"}`},
		{"POST /api/items", "text/plain", `{"name":"a"}`, 415, `{"complaint":"rated: unsupported_media_type"}`},
		{"POST /api/items", "application/json", `{"name":"a","name":"b"}`, 400, `{"complaint":"rated: bad_request"}`},
		{"POST /api/items", "application/json", `{}`, 400, `{"complaint":"rated: bad_request"}`},
		{"POST /api/items", "application/json", ``, 400, `{"complaint":"rated: bad_request"}`},
		{"POST /api/items", "application/json", `{"name":"no"}`, 400, `{"complaint":"rated: invalid_value"}`},
		{"DELETE /api/items/a%20b?page=1&other=2", "application/json", `{"any":[]}`, 200, `{"name":"a b"}`},
		{"DELETE /api/items/a?page=10", "", ``, 400, `{"complaint":"rated: bad_request"}`},
		{"GET /api/nowhere", "", ``, 404, `{"complaint":"rated: not_found"}`},
		{"GET /api/v1/nowhere", "", ``, 404, `{"complaint":"inner: not_found"}`},
		{"GET /api/v10", "", ``, 404, `{"complaint":"rated: not_found"}`},
	} {
		method, path, _ := strings.Cut(c.what, " ")
		req := httptest.NewRequest(method, path, strings.NewReader(c.body))
		if c.media != "" {
			req.Header.Set("Content-Type", c.media)
		}
		res, err := app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := string(body); res.StatusCode != c.status || got != c.want {
			t.Errorf("%s %s: %d %s, want %d %s", c.what, c.body, res.StatusCode, got, c.status, c.want)
		}
		if got, rated := res.Header.Get("X-Ratelimit-Limit"), !strings.HasPrefix(path, "/api/v1/"); rated != (got == "70") {
			t.Errorf("%s tells of a limit of %q", c.what, got)
		}
	}
}
