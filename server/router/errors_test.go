package router_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"keystead/server/rest"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/web"
)

// internals are words that only we use: of Go, of SQL, of the file system.
var internals = regexp.MustCompile(`(?i)sql|select |insert |constraint|goroutine|panic|runtime|\.go\b|/tmp/|/home/|/root/|nil pointer|0x[0-9a-f]{6}|unmarshal|json:|fiber|fasthttp|stack`)

// wrongs are what can be wrong with a request whatever it is for: header lines, a query
// and a body.
var wrongs = []struct{ lines, query, body string }{
	{},
	{body: `{`},
	{body: `{"nothing":1,"nothing":2}`},
	{body: `{"no_such_member":true}`},
	{body: `[]`},
	{body: "\xff\xfe"},
	{body: strings.Repeat("[", 60_000)},
	{body: `{"name":"` + strings.Repeat("x", 60_000) + `"}`},
	{lines: "Content-Type: text/plain", body: "{}"},
	{lines: "Content-Type: nonsense/;", body: "{}"},
	{lines: "Content-Encoding: gzip", body: "{}"},
	{lines: "Authorization: Bearer nonsense"},
	{lines: "Authorization: Basic eDp5"},
	{lines: "Authorization: Bearer "},
	{lines: "X-API-Key: a|X-API-Key: b"},
	{lines: "Cookie: keystead_8080=nonsense"},
	{lines: "Cookie: keystead_8080=a.b.c|Sec-Fetch-Site: same-origin"},
	{lines: "Sec-Fetch-Site: cross-site"},
	{lines: "Origin: http://evil.example"},
	{query: "?no_such_parameter=1"},
	{query: "?page=0"},
	{query: "?token=x"},
	{query: "?%zz"},
	{query: "?page=1&page=2"},
}

// TestP42P54EveryErrorIsAProblem does everything wrong at every door, for a stranger and
// for the Full Administrator: each refusal is RFC 9457's document without a word of what
// is inside, each 401 says how to come in, and every answer at all has the headers.
func TestP42P54EveryErrorIsAProblem(t *testing.T) {
	s := newStage(t)
	_, global := s.Key(s.Admin, 0, api.Admin, "does it all wrong")
	asked := 0
	for _, route := range s.Router.Routes {
		for _, wrong := range wrongs {
			for _, as := range []testkit.Credential{nil, global} {
				if wrong.lines != "" {
					as = append(append(testkit.Credential{}, as...), strings.Split(wrong.lines, "|")...)
				}
				what := route.Method + " " + strings.NewReplacer(":org", "999999", ":id", "999999").Replace(route.Path) + wrong.query
				got := s.Send(as, what, wrong.body)
				asked++
				checkAnswer(t, what+" "+wrong.lines+" "+wrong.body[:min(40, len(wrong.body))], route, got)
			}
		}
	}
	for _, what := range []string{
		"GET /v1/nothing", "GET /v1", "GET /api", "PUT /v1/me", "PROPFIND /v1/me", "TRACE /v1/me", "OPTIONS /v1/me", "CONNECT /v1/me", "BREW /healthz", "GET /.well-known/nothing",
		"GET /nothing.css", "GET /assets/nothing.js", "POST /", "DELETE /settings/secrets-keys", "GET /v1/api-keys/7/nothing", "GET /v1/me/", "GET /v1//me", "GET /v1/%00",
	} {
		checkAnswer(t, what, rest.Route{}, s.Send(nil, what, ""))
	}
	t.Logf("%d requests", asked)
}

func checkAnswer(t *testing.T, what string, route rest.Route, got testkit.Answer) {
	t.Helper()
	for _, header := range web.AnswerHeaders(false) {
		if got.Header.Get(header[0]) != header[1] {
			t.Errorf("%s: %d with %s %q", what, got.Status, header[0], got.Header.Get(header[0]))
		}
	}
	if got.Header.Get("X-Request-Id") == "" || got.Header.Get("Server") != "" {
		t.Errorf("%s: %d with %v", what, got.Status, got.Header)
	}
	if got.Status == http.StatusUnauthorized && !strings.HasPrefix(got.Header.Get("Www-Authenticate"), "Bearer ") {
		t.Errorf("%s: 401 does not say how to come in", what)
	}
	if got.Status < 400 {
		return
	}
	if got.Status == http.StatusInternalServerError {
		t.Errorf("%s: %s", what, got.Body)
	}
	if got.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("%s: %d may be kept", what, got.Status)
	}
	if found := internals.FindString(got.Body); found != "" {
		t.Errorf("%s: the answer says %q: %s", what, found, got.Body)
	}
	_, path, _ := strings.Cut(what, " ")
	if route.Do.Rules() || strings.HasPrefix(path, "/v1/oauth/") || strings.HasPrefix(path, "/api") {
		return // it speaks otherwise
	}
	var p struct {
		Type, Title, Detail, Code, Field string
		Status                           int
		RequestID                        string `json:"request_id"`
	}
	strict := json.NewDecoder(strings.NewReader(got.Body))
	strict.DisallowUnknownFields()
	err := strict.Decode(&p)
	if err != nil || got.Header.Get("Content-Type") != "application/problem+json" || p.Type != "about:blank" || p.Title != http.StatusText(got.Status) ||
		p.Status != got.Status || p.Detail == "" || !regexp.MustCompile(`^[a-z_]+$`).MatchString(p.Code) || p.RequestID != got.Header.Get("X-Request-Id") {
		t.Errorf("%s: %d %v %s: %v", what, got.Status, got.Header.Get("Content-Type"), got.Body, err)
	}
}

// The first word of a request is in the log where HTTP has such a method, and else
// nowhere: it may be what somebody pasted.
func TestP05AnUnknownMethodIsNotSaid(t *testing.T) {
	k := testkit.New(t, nil)
	const pasted = "ks_a1b2c3d4e5AbCdEfG"
	if got := k.Send(nil, pasted+" /v1/me", ""); got.Status != http.StatusMethodNotAllowed && got.Status != http.StatusBadRequest || strings.Contains(got.Body, pasted) {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	k.Send(nil, "TRACE /v1/me", "")
	said := k.Logged()
	if strings.Contains(said, pasted[:10]) || !strings.Contains(said, "method=other") || !strings.Contains(said, "method=TRACE") {
		t.Errorf("the log says %s", said)
	}
}
