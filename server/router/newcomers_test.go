package router_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"keystead/server/router"
	"keystead/server/testkit"
)

// A stop waits for half a request, and for nobody who said nothing: browsers open
// connections in advance, with TLS also shake hands on them.
func TestP68AStopWaitsForNoSilentConnection(t *testing.T) {
	for name, secure := range map[string]bool{"plain": false, "TLS": true} {
		t.Run(name, func(t *testing.T) {
			k := testkit.New(t, nil)
			taken, err := net.Listen("tcp", "127.0.0.1:0")
			k.Must(err)
			inner := net.Listener(router.Patient{Listener: taken})
			if secure {
				inner = tls.NewListener(inner, certified(t))
			}
			listener := router.Welcome(inner)
			ended := make(chan error)
			go func() { ended <- k.Router.App.Listener(listener) }()
			dial := func() net.Conn {
				conn, err := net.Dial("tcp", taken.Addr().String())
				k.Must(err)
				t.Cleanup(func() { _ = conn.Close() })
				k.Must(conn.SetDeadline(time.Now().Add(30 * time.Second)))
				if !secure {
					return conn
				}
				over := tls.Client(conn, &tls.Config{InsecureSkipVerify: true}) // #nosec G402 -- of this test
				k.Must(over.Handshake())
				return over
			}
			silent, asked, slow := dial(), dial(), dial()
			ask := func(conn net.Conn, text string) {
				_, err := io.WriteString(conn, text)
				k.Must(err)
			}
			read := func(what string, conn net.Conn) {
				t.Helper()
				answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
				if err != nil || answer.StatusCode != 200 {
					t.Fatalf("%s: %v %v", what, answer, err)
				}
			}
			const request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
			ask(asked, request)
			read("before the stop", asked)
			ask(slow, request[:20])
			ask(asked, request) // whoever listens has seen the half by now
			read("before the stop", asked)

			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			stopped := make(chan error)
			go func() { stopped <- k.Router.Stop(ctx, listener, 0) }()
			if _, err := silent.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Errorf("the silent one: %v", err)
			}
			ask(slow, request[20:])
			read("the half request", slow)
			k.Must(<-stopped)
			k.Must(<-ended)
			if said := k.Logged(); strings.Contains(said, "status=4") {
				t.Errorf("the log says %s", said)
			}
		})
	}
}
