package rest_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"keystead/server/rest"
	"keystead/shared/fault"
)

// line is a request in the log.
type line struct {
	Level     string
	Msg       string
	RequestID string `json:"request_id"`
	Method    string
	Path      string
	Status    int
	TookUS    *int64 `json:"took_us"`
	Address   string
}

// Every request is one line, with the id that its answer bears, and nothing of its
// query, its headers or its body.
func TestOneLineARequest(t *testing.T) {
	var said bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&said, nil))
	observed := map[int]int{}
	journal := rest.Journal{Log: log, Address: func(*fiber.Ctx) string { return "192.0.2.1" }, Other: func(status int, _ time.Duration) { observed[-status]++ }}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true, ErrorHandler: rest.Problem(log)})
	app.Use(journal.Around(rest.Recover(log, (*fiber.Ctx).Next)))
	door := func(next fiber.Handler) fiber.Handler {
		return rest.Observed(func(status int, took time.Duration) {
			if observed[status]++; took <= 0 || took > time.Minute {
				t.Errorf("it took %v", took)
			}
		}, next)
	}
	app.Post("/ok/:id", door(func(c *fiber.Ctx) error { return c.SendString("fine") }))
	app.Post("/no", door(func(*fiber.Ctx) error { return fault.New(fault.KeyLimitReached, "No.") }))
	app.Post("/broken", door(func(*fiber.Ctx) error { panic("boom") }))
	ids := map[string]bool{}
	for _, c := range []struct {
		path   string
		status int
	}{{"/ok/7?q=canary", 200}, {"/no", 409}, {"/broken", 500}, {"/nowhere", 404}, {"/a%0ab", 404}} {
		said.Reset()
		req := httptest.NewRequest("POST", c.path, strings.NewReader("canary"))
		req.Header.Set("User-Agent", "canary")
		req.Header.Set("X-Request-Id", "canary")
		res, err := app.Test(req, -1)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(said.String(), "canary") {
			t.Errorf("%s: it says too much: %s", c.path, said.String())
		}
		var requests []line
		for text := range strings.Lines(said.String()) {
			var l line
			if err := json.Unmarshal([]byte(text), &l); err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			if l.Msg == "request" {
				requests = append(requests, l)
			}
		}
		if len(requests) != 1 {
			t.Fatalf("%s: %d lines: %s", c.path, len(requests), said.String())
		}
		got := requests[0]
		path, _, _ := strings.Cut(c.path, "?")
		if got.Level != "INFO" || got.Method != "POST" || got.Path != path || got.Status != c.status || got.TookUS == nil || got.Address != "192.0.2.1" {
			t.Errorf("%s: %+v", c.path, got)
		}
		if res.StatusCode != c.status || res.Header.Get("X-Request-Id") != got.RequestID || !regexp.MustCompile(`^[0-9a-f]{16}$`).MatchString(got.RequestID) || ids[got.RequestID] {
			t.Errorf("%s: %d, request id %q, and %q in the log", c.path, res.StatusCode, res.Header.Get("X-Request-Id"), got.RequestID)
		}
		ids[got.RequestID] = true
	}
	for status, want := range map[int]int{200: 1, 409: 1, 500: 1, -404: 2} {
		if observed[status] != want {
			t.Errorf("status %d was observed %d times, want %d", status, observed[status], want)
		}
	}
}
