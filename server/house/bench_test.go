package house_test

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"

	"keystead/server/logbook"
	"keystead/server/router"
	"keystead/server/testkit"
	"keystead/shared/api"
)

// BenchmarkKeysAtWork is what other services ask for, but for the kernel's part of it.
func BenchmarkKeysAtWork(b *testing.B) {
	c := testkit.NewCast(testkit.New(b, nil))
	_, asker := c.Key(c.Verifier, c.X, api.ReadOnly, "asker")
	_, known := c.Key(c.Operator, c.X, api.Admin, "known")
	key := func(of testkit.Credential) string { return strings.TrimPrefix(of[0], "Authorization: Bearer ") }
	c.House.Log = slog.New(logbook.New(io.Discard, slog.LevelInfo))
	r, err := c.House.Router()
	c.Must(err)
	for _, door := range []struct{ name, head, body string }{
		{"verify", "POST /v1/keys/verify HTTP/1.1\r\nContent-Type: application/json\r\n" + asker[0], `{"key":"` + key(known) + `"}`},
		{"introspect", "POST /v1/oauth/introspect HTTP/1.1\r\n" + testkit.FormType + "\r\n" + asker[0], "token=" + key(known)},
		{"forward-auth", "GET /v1/forward-auth HTTP/1.1\r\nX-Keystead-Proxy: " + key(asker) + "\r\n" + known[0], ""},
		{"health", "GET /healthz HTTP/1.1", ""},
	} {
		request := fmt.Sprintf("%s\r\nHost: 127.0.0.1:8080\r\nContent-Length: %d\r\n\r\n%s", door.head, len(door.body), door.body)
		b.Run(door.name, func(b *testing.B) { ask(b, r, request) })
	}
}

func ask(b *testing.B, r *router.Router, request string) {
	_ = r.App.Handler() // makes it ready to serve
	w := &wire{request: request, left: b.N}
	b.ReportAllocs()
	if err := r.App.Server().ServeConn(w); err != nil {
		b.Fatal(err)
	}
	if !strings.HasPrefix(string(w.answer), "HTTP/1.1 200 ") {
		b.Fatalf("%s", w.answer)
	}
}

// wire is a connection on which the same request comes again and again.
type wire struct {
	net.Conn
	request string
	left    int
	answer  []byte // the last one
}

func (w *wire) Read(p []byte) (int, error) {
	if w.left == 0 {
		return 0, io.EOF
	}
	w.left--
	return copy(p, w.request), nil
}

func (w *wire) Write(p []byte) (int, error) {
	w.answer = append(w.answer[:0], p...)
	return len(p), nil
}

var here = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}

func (w *wire) Close() error                     { return nil }
func (w *wire) LocalAddr() net.Addr              { return here }
func (w *wire) RemoteAddr() net.Addr             { return here }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }
