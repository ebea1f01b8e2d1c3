package router_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"keystead/server/router"
	"keystead/web"
)

const (
	shell   = "<!doctype html><title>Keystead</title>"
	program = "\x00asm and so on, and so on, and so on"
)

// tiny is a front end as the packer writes it, with one file of each sort.
func tiny(t *testing.T) *web.Site {
	t.Helper()
	list, err := json.Marshal(map[string]any{
		"version": "1",
		"files": []web.File{
			{Path: "/", Type: "text/html; charset=utf-8", ETag: `W/"page"`, Size: len(shell), File: "index.html", Brotli: "index.html.br", Gzip: "index.html.gz"},
			{Path: "/assets/app.1.wasm", Type: "application/wasm", ETag: `W/"wasm"`, Size: len(program), Immutable: true, Brotli: "app.br", Gzip: "app.gz"},
			{Path: "/assets/icon.1.png", Type: "image/png", ETag: `W/"icon"`, Size: 3, Immutable: true, File: "icon.png"},
			{Path: "/sw.js", Type: "text/javascript; charset=utf-8", ETag: `W/"sw"`, Size: 2, File: "sw.js"},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	site, err := web.OpenFS(fstest.MapFS{
		web.Index:       {Data: list},
		"index.html":    {Data: []byte(shell)},
		"index.html.br": {Data: brotlied(t, shell)},
		"index.html.gz": {Data: gzipped(t, shell)},
		"app.br":        {Data: brotlied(t, program)},
		"app.gz":        {Data: gzipped(t, program)},
		"icon.png":      {Data: []byte("png")},
		"sw.js":         {Data: []byte("//")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

func brotlied(t *testing.T, text string) []byte {
	var out bytes.Buffer
	w := brotli.NewWriter(&out)
	return closed(t, &out, w, text)
}

func gzipped(t *testing.T, text string) []byte {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	return closed(t, &out, w, text)
}

func closed(t *testing.T, out *bytes.Buffer, w io.WriteCloser, text string) []byte {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// serving is a server with one route of the API before the files.
func serving(site *web.Site) *fiber.App {
	app := fiber.New(fiber.Config{CaseSensitive: true, StrictRouting: true, DisableStartupMessage: true})
	app.Get("/v1/me", func(c *fiber.Ctx) error { return c.SendString("me") })
	app.Use(router.Static(site))
	return app
}

func ask(t *testing.T, app *fiber.App, method, path string, header ...string) (*http.Response, string) {
	t.Helper()
	req := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	answer, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, string(body)
}

func TestStaticPaths(t *testing.T) {
	app := serving(tiny(t))
	for _, row := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"GET", "/", 200, shell},
		{"GET", "/settings/secrets-keys", 200, shell},
		{"GET", "/no/such/page", 200, shell},
		{"GET", "/v1x", 200, shell},
		{"GET", "/sw.js", 200, "//"},
		{"GET", "/assets/icon.1.png", 200, "png"},
		{"GET", "/assets/icon.0.png", 404, ""},
		{"GET", "/favicon.ico", 404, ""},
		{"GET", "/index.html", 404, ""},
		{"GET", "/app.br", 404, ""},
		{"GET", "/v1/me", 200, "me"},
		{"GET", "/v1/none", 404, ""},
		{"GET", "/v1", 404, ""},
		{"GET", "/api/anything", 404, ""},
		{"GET", "/.well-known/none", 404, ""},
		{"GET", "/invite", 404, ""},
		{"GET", "/metrics", 404, ""},
		{"GET", "/metrics/", 404, ""},
		{"GET", "/sw.js/below", 404, ""},
		{"POST", "/v1/none", 404, ""},
		{"POST", "/v1/me", 405, ""},
		{"POST", "/", 405, ""},
		{"DELETE", "/settings/secrets-keys", 405, ""},
		{"HEAD", "/", 200, ""},
		{"HEAD", "/settings/secrets-keys", 200, ""},
	} {
		answer, body := ask(t, app, row.method, row.path)
		if answer.StatusCode != row.status {
			t.Errorf("%s %s: %d, want %d", row.method, row.path, answer.StatusCode, row.status)
		}
		if row.status == 200 && body != row.body {
			t.Errorf("%s %s: body %q, want %q", row.method, row.path, body, row.body)
		}
		if row.status == 405 && answer.Header.Get("Allow") == "" {
			t.Errorf("%s %s: no Allow", row.method, row.path)
		}
	}
}

func TestStaticEncodings(t *testing.T) {
	app := serving(tiny(t))
	for _, row := range []struct{ path, accept, encoding, text string }{
		{"/", "gzip, deflate, br, zstd", "br", shell},
		{"/", "gzip", "gzip", shell},
		{"/", "br;q=0, gzip;q=0.5", "gzip", shell},
		{"/", "*", "br", shell},
		{"/", "*;q=0", "", shell},
		{"/", "br; q=0, *", "gzip", shell},
		{"/", "identity", "", shell},
		{"/", "", "", shell},
		{"/", "brotli", "", shell},
		{"/assets/app.1.wasm", "br", "br", program},
		{"/assets/app.1.wasm", "gzip", "gzip", program},
		{"/assets/app.1.wasm", "", "", program},
		{"/assets/icon.1.png", "br, gzip", "", "png"},
	} {
		answer, body := ask(t, app, "GET", row.path, "Accept-Encoding", row.accept)
		if got := answer.Header.Get("Content-Encoding"); got != row.encoding {
			t.Errorf("%s with %q: encoding %q, want %q", row.path, row.accept, got, row.encoding)
			continue
		}
		if text := decoded(t, row.encoding, body); text != row.text {
			t.Errorf("%s with %q: %q, want %q", row.path, row.accept, text, row.text)
		}
		if answer.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s with %q: no Vary", row.path, row.accept)
		}
	}
}

func decoded(t *testing.T, encoding, body string) string {
	t.Helper()
	var r io.Reader = strings.NewReader(body)
	switch encoding {
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		var err error
		if r, err = gzip.NewReader(r); err != nil {
			t.Fatal(err)
		}
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestStaticCaching(t *testing.T) {
	app := serving(tiny(t))
	for _, row := range []struct{ path, kind, caching, etag string }{
		{"/", "text/html; charset=utf-8", "no-cache", `W/"page"`},
		{"/settings/secrets-keys", "text/html; charset=utf-8", "no-cache", `W/"page"`},
		{"/sw.js", "text/javascript; charset=utf-8", "no-cache", `W/"sw"`},
		{"/assets/app.1.wasm", "application/wasm", "public, max-age=31536000, immutable", `W/"wasm"`},
	} {
		answer, _ := ask(t, app, "GET", row.path)
		for name, want := range map[string]string{"Content-Type": row.kind, "Cache-Control": row.caching, "ETag": row.etag} {
			if got := answer.Header.Get(name); got != want {
				t.Errorf("%s: %s %q, want %q", row.path, name, got, want)
			}
		}
		for _, have := range []string{row.etag, strings.TrimPrefix(row.etag, "W/"), `"other", ` + row.etag, "*"} {
			answer, body := ask(t, app, "GET", row.path, "If-None-Match", have)
			if answer.StatusCode != 304 || body != "" || answer.Header.Get("ETag") != row.etag {
				t.Errorf("%s with If-None-Match %s: %d %q", row.path, have, answer.StatusCode, body)
			}
		}
		if answer, _ := ask(t, app, "GET", row.path, "If-None-Match", `"other"`); answer.StatusCode != 200 {
			t.Errorf("%s with another ETag: %d, want 200", row.path, answer.StatusCode)
		}
	}
}

func TestStaticNotBuilt(t *testing.T) {
	app := serving(nil)
	if answer, body := ask(t, app, "GET", "/"); answer.StatusCode != 503 || !strings.Contains(body, "make build") {
		t.Errorf("GET /: %d %q", answer.StatusCode, body)
	}
	if answer, body := ask(t, app, "GET", "/v1/me"); answer.StatusCode != 200 || body != "me" {
		t.Errorf("GET /v1/me: %d %q", answer.StatusCode, body)
	}
	if answer, _ := ask(t, app, "GET", "/v1/none"); answer.StatusCode != 404 {
		t.Errorf("GET /v1/none: %d, want 404", answer.StatusCode)
	}
}

// The front end that this binary carries, if it was built.
func TestStaticBuiltFrontEnd(t *testing.T) {
	site, err := web.Open()
	if err != nil {
		t.Skip(err)
	}
	app := serving(site)
	for _, listed := range site.Files {
		for _, accept := range []string{"br", "gzip", ""} {
			answer, body := ask(t, app, "GET", listed.Path, "Accept-Encoding", accept)
			text := decoded(t, answer.Header.Get("Content-Encoding"), body)
			if answer.StatusCode != 200 || len(text) != listed.Size {
				t.Errorf("%s with %q: %d, %d bytes, want %d", listed.Path, accept, answer.StatusCode, len(text), listed.Size)
			}
		}
	}
}
