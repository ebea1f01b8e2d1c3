package remote_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"keystead/server/remote"
)

const secret = "ks_0123456789"

// asks runs a command against a server that is none of ours.
func asks(t *testing.T, words, in string, answer http.HandlerFunc) (out, notes string, err error) {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	var o, n bytes.Buffer
	for _, cmd := range remote.Commands() {
		if args, ok := strings.CutPrefix(words, cmd.Words); ok {
			env := []string{"KEYSTEAD_URL=" + server.URL + "/", "KEYSTEAD_KEY=" + secret}
			err = cmd.Run(context.Background(), strings.Fields(args), env, remote.Streams{In: strings.NewReader(in), Out: &o, Err: &n})
			return o.String(), n.String(), err
		}
	}
	t.Fatalf("there is no command %q", words)
	return "", "", nil
}

func TestTheKeyFollowsNoRedirect(t *testing.T) {
	var came atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { came.Add(1) }))
	defer other.Close()
	for _, status := range []int{301, 302, 307, 308} {
		_, _, err := asks(t, "verify", "presented", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, status)
		})
		if err == nil || !strings.Contains(err.Error(), "KEYSTEAD_URL") || came.Load() != 0 {
			t.Errorf("%d: %v, %d requests elsewhere", status, err, came.Load())
		}
	}
}

func TestWhatIsNoKeystead(t *testing.T) {
	for name, answer := range map[string]http.HandlerFunc{
		"a page":            func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>welcome")) },
		"a proxy’s refusal": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) },
		"half an answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"valid":true`))
		},
	} {
		out, _, err := asks(t, "verify", "presented", answer)
		if err == nil || out != "" || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %q, %v", name, out, err)
		}
	}
}

// An empty object is no verdict that lets anyone in, and no value to write to a file.
func TestAnEmptyAnswerIsNoSuccess(t *testing.T) {
	empty := func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{}`)) }
	_, _, err := asks(t, "verify", "presented", empty)
	var coded interface{ ExitCode() int }
	if !errors.As(err, &coded) || coded.ExitCode() != 3 {
		t.Errorf("verify: %v", err)
	}
	for _, words := range []string{"key reveal 7", "key rotate 7", "key create --global --name x"} {
		if out, _, err := asks(t, words, "", empty); err == nil || out != "" {
			t.Errorf("%s: %q, %v", words, out, err)
		}
	}
}

func TestNamesSteerNoTerminal(t *testing.T) {
	const list = `{"items":[{"id":7,"name":"a\u001b[2Jb\u202e\tc\nd","user":{}}],"total":1}`
	out, _, err := asks(t, "key list --global", "", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(list)) })
	if err != nil || strings.ContainsAny(out, "\x1b\u202e\t") || strings.Count(out, "\n") != 2 {
		t.Errorf("%q, %v", out, err)
	}
	_, _, err = asks(t, "key delete 7", "", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(429)
		_, _ = w.Write([]byte(`{"code":"too_many_tries","detail":"Too\u001b[31m many."}`))
	})
	if err == nil || strings.ContainsRune(err.Error(), '\x1b') || !strings.Contains(err.Error(), "Try again in 5 s. (too_many_tries)") {
		t.Errorf("%v", err)
	}
}
