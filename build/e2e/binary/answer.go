package binary

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"keystead/shared/api"
	"keystead/shared/fault"
)

// Answer is what the server answered.
type Answer struct {
	Status  int
	Header  http.Header
	Body    []byte
	Cookies []*http.Cookie

	t       testing.TB
	request *http.Request
}

func (a Answer) fail(format string, args ...any) {
	a.t.Helper()
	a.t.Errorf(a.request.Method+" "+a.request.URL.Path+": "+format, args...)
}

// Into reads the body as a T. A member that T does not have is a failure: answers
// carry documented fields only (P45).
func Into[T any](a Answer, status int) T {
	a.t.Helper()
	var out T
	if a.Status != status {
		a.t.Fatalf("%s %s: %d %s, want %d", a.request.Method, a.request.URL.Path, a.Status, a.Body, status)
	}
	strict := json.NewDecoder(bytes.NewReader(a.Body))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&out); err != nil {
		a.t.Fatalf("%s %s: %v in %s", a.request.Method, a.request.URL.Path, err, a.Body)
	}
	return out
}

// Problem is RFC 9457's document with our members.
type Problem struct {
	Type      string     `json:"type"`
	Title     string     `json:"title"`
	Status    int        `json:"status"`
	Detail    string     `json:"detail"`
	Code      fault.Code `json:"code"`
	Field     string     `json:"field"`
	RequestID string     `json:"request_id"`
}

// Refused checks that the answer is this refusal, at this field, and answers it.
func (a Answer) Refused(status int, code fault.Code, field string) Problem {
	a.t.Helper()
	var p Problem
	_ = json.Unmarshal(a.Body, &p)
	if a.Status != status || p.Code != code || p.Field != field {
		a.fail("%d %s at %q, want %d %s at %q\n%s", a.Status, p.Code, p.Field, status, code, field, a.Body)
	}
	return p
}

// Is checks the status alone.
func (a Answer) Is(status int) Answer {
	a.t.Helper()
	if a.Status != status {
		a.fail("%d, want %d\n%s", a.Status, status, a.Body)
	}
	return a
}

// check holds every answer of every test against what is promised of all of them:
// P09 (cookies), P42 (problems), P52 (no-store), P54 (headers).
func (a Answer) check(s *Server) {
	a.t.Helper()
	a.checkHeaders()
	for _, cookie := range a.Cookies {
		a.checkCookie(cookie, s)
	}
	path := a.request.URL.Path
	if api.ServerOwned(path) && path != "/sw.js" && a.Header.Get("Cache-Control") != "no-store" {
		a.fail("P52: Cache-Control is %q", a.Header.Get("Cache-Control"))
	}
	switch {
	case a.Status < 400 || light(path):
	case strings.HasPrefix(path, "/api/") || path == "/api":
		a.checkDialect()
	default:
		a.checkProblem()
	}
}

// light are the pages whose refusals are pages.
func light(path string) bool { return path == "/sign-in" || path == "/setup" || path == "/invite" }

// Guards of every answer, and those of what a browser draws besides. Then the policies of
// the two.
var (
	guards = map[string]string{
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"X-Content-Type-Options":       "nosniff",
	}
	pageGuards = map[string]string{
		"Cross-Origin-Embedder-Policy": "require-corp",
		"X-Frame-Options":              "DENY",
	}
	policy     = []string{"default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"}
	pagePolicy = []string{
		"default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "object-src 'none'", "base-uri 'none'",
		"frame-ancestors 'none'", "form-action 'self'", "require-trusted-types-for 'script'",
	}
)

// drawn reports an answer that a browser draws or runs. What is refused before it comes to
// a light page is a problem, as everywhere.
func (a Answer) drawn() bool {
	path := a.request.URL.Path
	return strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") ||
		a.Status < 400 && (light(path) || !api.ServerOwned(path) || path == "/sw.js")
}

func (a Answer) checkHeaders() {
	a.t.Helper()
	headers, parts := maps.Clone(guards), policy
	if a.drawn() {
		maps.Copy(headers, pageGuards)
		parts = pagePolicy
	}
	for name, want := range headers {
		if got := a.Header.Get(name); got != want {
			a.fail("P54: %s is %q, want %q", name, got, want)
		}
	}
	csp := a.Header.Get("Content-Security-Policy")
	for _, part := range parts {
		if !strings.Contains(csp+";", part+";") {
			a.fail("P53: the policy lacks %s: %q", part, csp)
		}
	}
	if strings.Contains(csp, "unsafe-inline") || strings.Contains(csp, "'unsafe-eval'") {
		a.fail("P53: the policy is %q", csp)
	}
	referrer := "no-referrer"
	if light(a.request.URL.Path) && strings.HasPrefix(a.Header.Get("Content-Type"), "text/html") {
		referrer = "same-origin"
	}
	if got := a.Header.Get("Referrer-Policy"); got != referrer && !(a.Status/100 == 3 && light(a.request.URL.Path)) {
		a.fail("P54: Referrer-Policy is %q, want %q", got, referrer)
	}
	if got := a.Header.Get("Strict-Transport-Security"); (got != "") != (a.request.URL.Scheme == "https") {
		a.fail("P54: Strict-Transport-Security is %q over %s", got, a.request.URL.Scheme)
	}
	for name := range a.Header {
		if strings.HasPrefix(name, "Access-Control-") || name == "Server" || name == "X-Powered-By" {
			a.fail("sends %s", name)
		}
	}
}

// deviceSuffix ends the name of the cookie by which a browser where somebody signed
// in before is told from a stranger's: it opens nothing, see P14.
const deviceSuffix = "_device"

// checkCookie knows the session and the device cookie; any other fails.
func (a Answer) checkCookie(cookie *http.Cookie, s *Server) {
	a.t.Helper()
	https := a.request.URL.Scheme == "https"
	want, kind := "keystead_"+s.Port, "ks-session+jwt"
	if https {
		want = "__Host-keystead"
	}
	if strings.HasSuffix(cookie.Name, deviceSuffix) {
		want, kind = want+deviceSuffix, "ks-device+jwt"
	}
	if cookie.Name != want {
		a.fail("P09: cookie %s, want %s", cookie.Name, want)
	}
	if !cookie.HttpOnly || cookie.Path != "/" || cookie.Domain != "" || cookie.SameSite != http.SameSiteStrictMode || cookie.Secure != https {
		a.fail("P09: cookie %s: HttpOnly %v, Path %q, Domain %q, SameSite %v, Secure %v",
			cookie.Name, cookie.HttpOnly, cookie.Path, cookie.Domain, cookie.SameSite, cookie.Secure)
	}
	if cookie.MaxAge < 0 {
		return
	}
	head, _, _ := strings.Cut(cookie.Value, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil || !strings.Contains(string(text), `"`+kind+`"`) {
		a.fail("P09: cookie %s is no %s: %s %v", cookie.Name, kind, text, err)
	}
}

// internals are words of ours that no stranger should read.
var internals = regexp.MustCompile(`(?i)\bsql|sqlite|goroutine|\.go:\d|panic|/root/|/home/|no such table|constraint`)

// checkDialect holds the refusals that other people's clients read: JSON, in their form,
// which is tested where it is made.
func (a Answer) checkDialect() {
	a.t.Helper()
	if a.request.Method == http.MethodHead {
		return
	}
	if got := a.Header.Get("Content-Type"); got != "application/json" || !json.Valid(a.Body) {
		a.fail("P42: %d has the type %q: %s", a.Status, got, a.Body)
	}
	if internals.Match(a.Body) {
		a.fail("P42: shows internals: %s", a.Body)
	}
}

func (a Answer) checkProblem() {
	a.t.Helper()
	if a.request.Method == http.MethodHead {
		return
	}
	if got := a.Header.Get("Content-Type"); got != "application/problem+json" {
		a.fail("P42: %d has the type %q: %s", a.Status, got, a.Body)
		return
	}
	var p Problem
	strict := json.NewDecoder(bytes.NewReader(a.Body))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&p); err != nil {
		a.fail("P42: %v in %s", err, a.Body)
	}
	if p.Type == "" || p.Title != http.StatusText(a.Status) || p.Status != a.Status || p.Detail == "" || p.Code == "" || p.RequestID == "" {
		a.fail("P42: incomplete: %s", a.Body)
	}
	if p.RequestID != a.Header.Get("X-Request-Id") && a.Header.Get("X-Request-Id") != "" {
		a.fail("P42: two request ids: %s and %s", p.RequestID, a.Header.Get("X-Request-Id"))
	}
	if internals.Match(a.Body) {
		a.fail("P42: shows internals: %s", a.Body)
	}
	if a.Status == http.StatusUnauthorized && a.Header.Get("WWW-Authenticate") == "" {
		a.fail("P42: 401 without WWW-Authenticate")
	}
	if a.Status == http.StatusTooManyRequests && a.Header.Get("Retry-After") == "" {
		a.fail("429 without Retry-After")
	}
}
