package rest_test

import (
	"io"
	"strings"
	"testing"

	"github.com/valyala/fasthttp/fasthttputil"
)

// raw sends bytes on a connection of its own and answers all that comes back until
// the server closes it.
func (e *echo) raw(t *testing.T, request string) string {
	t.Helper()
	ln := fasthttputil.NewInmemoryListener()
	go func() { _ = e.app.Listener(ln) }()
	t.Cleanup(func() { _ = ln.Close() })
	conn, err := ln.Dial()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn)
	if err != nil {
		t.Fatal(err)
	}
	return string(answer)
}

// What a proxy may have read otherwise is refused, and ends the connection: the
// request hidden behind it is not answered.
func TestAmbiguousRequestsAreRefused(t *testing.T) {
	const hidden = "GET /list HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
	for what, request := range map[string]string{
		"length and coding":        "POST /add HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden,
		"a blank before a colon":   "GET /list HTTP/1.1\r\nHost: a\r\nX-Forwarded-For : 192.0.2.9\r\n\r\n" + hidden,
		"a tab before a colon":     "GET /list HTTP/1.1\r\nHost: a\r\nAuthorization\t: Bearer x\r\n\r\n" + hidden,
		"a line that goes on":      "GET /list HTTP/1.1\r\nHost: a\r\nX-A: b\r\n c\r\n\r\n" + hidden,
		"a tab before a name":      "GET /list HTTP/1.1\r\nHost: a\r\nX-A: b\r\n\tX-B: c\r\n\r\n" + hidden,
		"a version of the future":  "GET /list HTTP/9.9\r\nHost: a\r\n\r\n" + hidden,
		"another framing":          "GET /list HTTP/2.0\r\nHost: a\r\n\r\n" + hidden,
		"a version in lower case":  "GET /list http/1.1\r\nHost: a\r\n\r\n" + hidden,
		"a blank after the length": "POST /add HTTP/1.1\r\nHost: a\r\nContent-Length : 0\r\n\r\n" + hidden,
	} {
		answer := newEcho(t).raw(t, request)
		if strings.Count(answer, "HTTP/1.1 ") != 1 || !strings.HasPrefix(answer, "HTTP/1.1 400 ") {
			t.Errorf("%s: %s", what, answer)
		}
	}
	if answer := newEcho(t).raw(t, "GET /list HTTP/1.0\r\nHost: a\r\n\r\n"); !strings.Contains(answer, " 200 ") {
		t.Errorf("an old client: %s", answer)
	}
	if answer := newEcho(t).raw(t, hidden); !strings.HasPrefix(answer, "HTTP/1.1 200 ") {
		t.Errorf("a plain request: %s", answer)
	}
	if answer := newEcho(t).raw(t, "GET /list HTTP/1.1\r\nHost: a\r\nX-A: b : c\r\n\r\n"+hidden); strings.Count(answer, "HTTP/1.1 200 ") != 2 {
		t.Errorf("a blank before a colon in a value: %s", answer)
	}
}
