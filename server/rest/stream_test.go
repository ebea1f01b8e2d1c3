package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"keystead/server/rest"
)

// streaming is a router with one door that also answers text/csv, by write.
func streaming(write func(context.Context, io.Writer) error) *fiber.App {
	log := slog.New(slog.DiscardHandler)
	gate := &rest.Gate{Now: time.Now, Log: log, Limits: rest.NewLimits(time.Now, 5, 1000), Address: func(*fiber.Ctx) string { return "192.0.2.1" }}
	route := rest.Route{Method: rest.Get, Path: "/rows", Guard: rest.Public,
		Do: rest.Do(func(*rest.Request, rest.None) (int, error) { return 7, nil }).Streaming(
			func(*rest.Request, string) (rest.Stream, error) {
				return rest.Stream{Type: "text/csv", File: "rows.csv", Write: write}, nil
			}, "text/csv")}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, ErrorHandler: rest.Problem(log)})
	app.Get(route.Path, gate.Handler(&route))
	return app
}

// read serves the app on a port, asks for the stream and reads it to its end.
func read(t *testing.T, app *fiber.App, method string) (string, error) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = app.Listener(listener) }()
	defer func() { _ = app.Shutdown() }()
	req, err := http.NewRequestWithContext(t.Context(), method, "http://"+listener.Addr().String()+"/rows", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", "text/csv")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != 200 || res.Header.Get("Content-Type") != "text/csv" ||
		res.Header.Get("Content-Disposition") != "attachment; filename=rows.csv" {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	body, err := io.ReadAll(res.Body)
	return string(body), err
}

func TestAStreamIsSentAsItIsWritten(t *testing.T) {
	app := streaming(func(_ context.Context, w io.Writer) error {
		for i := range 20_000 {
			if _, err := fmt.Fprintln(w, i); err != nil {
				return err
			}
		}
		return nil
	})
	if body, err := read(t, app, "GET"); err != nil || strings.Count(body, "\n") != 20_000 {
		t.Errorf("%d lines, %v", strings.Count(body, "\n"), err)
	}
}

func TestAStreamThatBreaksDoesNotLookWhole(t *testing.T) {
	for name, fail := range map[string]func() error{
		"an error": func() error { return errors.New("the disk is gone") },
		"a panic":  func() error { panic("boom") },
	} {
		app := streaming(func(_ context.Context, w io.Writer) error {
			_, _ = io.WriteString(w, "one\n")
			return fail()
		})
		if body, err := read(t, app, "GET"); err == nil {
			t.Errorf("%s: %q seems to be all", name, body)
		}
	}
}

func TestAStreamEndsWhereNobodyReadsIt(t *testing.T) {
	ended := make(chan error, 1)
	app := streaming(func(_ context.Context, w io.Writer) error {
		var err error
		for err == nil {
			_, err = io.WriteString(w, "row\n")
		}
		ended <- err
		return err
	})
	if body, err := read(t, app, "HEAD"); err != nil || body != "" {
		t.Errorf("%q, %v", body, err)
	}
	if err := <-ended; !errors.Is(err, io.ErrClosedPipe) {
		t.Error(err)
	}
}
