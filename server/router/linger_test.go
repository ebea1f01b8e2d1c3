package router_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"keystead/server/router"
	"keystead/server/testkit"
)

// serve listens as the server does, with TLS or without, until the test ends.
func serve(t *testing.T, secure bool) (dial func() net.Conn) {
	t.Helper()
	k := testkit.New(t, nil)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	k.Must(err)
	listener := net.Listener(router.Patient{Listener: taken})
	if secure {
		listener = tls.NewListener(listener, certified(t))
	}
	listener = router.Welcome(listener)
	ended := make(chan error)
	go func() { ended <- k.Router.App.Listener(listener) }()
	t.Cleanup(func() {
		k.Must(k.Router.App.ShutdownWithTimeout(10 * time.Second))
		k.Must(<-ended)
	})
	return func() net.Conn {
		conn, err := net.Dial("tcp", taken.Addr().String())
		k.Must(err)
		t.Cleanup(func() { _ = conn.Close() })
		k.Must(conn.SetDeadline(time.Now().Add(10 * time.Second)))
		// Little is on its way: what the server does not read can't be sent.
		k.Must(conn.(*net.TCPConn).SetWriteBuffer(16 << 10))
		if secure {
			conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true}) // #nosec G402 -- of this test
		}
		return conn
	}
}

// certified are the settings of a server with a certificate of the standard library's.
func certified(t *testing.T) *tls.Config {
	t.Helper()
	borrowed := httptest.NewTLSServer(http.NotFoundHandler())
	defer borrowed.Close()
	return &tls.Config{Certificates: borrowed.TLS.Certificates}
}

// Whoever sends all of a request that is refused for its size reads why: the answer is
// not lost to what is on its way when the connection is closed.
func TestP42ATooLargeRequestIsAnswered(t *testing.T) {
	const post = "POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	body := strings.Repeat("x", 1<<20)
	for name, c := range map[string]struct {
		request string
		status  int
	}{
		"a body of a length": {post + "Content-Length: 1048576\r\n\r\n" + body, 413},
		"a body in chunks":   {post + "Transfer-Encoding: chunked\r\n\r\n100000\r\n" + body + "\r\n0\r\n\r\n", 413},
		"a head":             {"GET /v1/me HTTP/1.1\r\nHost: x\r\nX-Long: " + body + "\r\n\r\n", 431},
	} {
		for _, secure := range []bool{false, true} {
			conn := serve(t, secure)()
			if _, err := io.WriteString(conn, c.request); err != nil {
				t.Errorf("%s, TLS %v: %v", name, secure, err)
				continue
			}
			answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
			if err != nil || answer.StatusCode != c.status {
				t.Errorf("%s, TLS %v: %v %v, want %d", name, secure, answer, err, c.status)
				continue
			}
			if text, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(text), `"code":`) {
				t.Errorf("%s, TLS %v: %s %v", name, secure, text, err)
			}
		}
	}
}

// A client that does not come to an end is left all the same.
func TestP49WhatIsRefusedIsNotReadForEver(t *testing.T) {
	conn := serve(t, false)()
	if _, err := io.WriteString(conn, "POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	sent, err := io.Copy(conn, io.LimitReader(zeros{}, 1_000_000_000))
	if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) || sent > 64<<20 {
		t.Errorf("%d bytes were taken, and then %v", sent, err)
	}
}

// Nor is one that waits.
func TestP50WhoIsRefusedIsNotWaitedForLong(t *testing.T) {
	conn := serve(t, false)()
	if _, err := io.WriteString(conn, "POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, conn); err != nil {
		t.Fatal(err)
	}
	var err error
	for err == nil { // until the kernel knows of nobody who would read it
		_, err = io.WriteString(conn, "x")
		time.Sleep(10 * time.Millisecond)
	}
	if !errors.Is(err, syscall.EPIPE) && !errors.Is(err, syscall.ECONNRESET) {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }
