package rest_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
)

const goodKey = "good-key"

// echo is a router with one door of each kind, and what its log says.
type echo struct {
	app *fiber.App
	log *bytes.Buffer
	got api.AddKey
}

func newEcho(t testing.TB) *echo {
	t.Helper()
	e := &echo{log: &bytes.Buffer{}}
	log := slog.New(slog.NewTextHandler(e.log, nil))
	bearer := func(_ context.Context, credential string, _ rest.Arrival) (caller.Caller, error) {
		if credential != goodKey {
			return caller.Caller{}, fault.New(fault.BadCredentials, "This credential is not good here.")
		}
		return caller.Caller{Kind: api.CallerKey, Rights: "7", Key: &caller.Key{ID: 1, Role: api.Admin}}, nil
	}
	gate := &rest.Gate{
		Cookie: "keystead_8080", Now: time.Now, Log: log, Bearer: bearer,
		Session: func(_ context.Context, token string, at rest.Arrival) (caller.Caller, error) {
			if token != "good-session" {
				return caller.Caller{}, fault.New(fault.NotSignedIn, "Sign in.")
			}
			return caller.Caller{Kind: api.CallerSession, Session: &caller.Session{ID: 1}}, nil
		},
		Limits:  rest.NewLimits(time.Now, 5, 1000),
		Address: func(*fiber.Ctx) string { return "192.0.2.1" },
	}
	add := rest.Make(func(_ *rest.Request, in api.AddKey) (api.AddedKey, error) {
		e.got = in
		return api.AddedKey{Value: api.Hide("the-value")}, nil
	})
	routes := []rest.Route{
		{Method: rest.Post, Path: "/add", Guard: rest.Callers, Do: add},
		{Method: rest.Post, Path: "/elevated", Guard: rest.Keepers.Elevated(), Do: add},
		{Method: rest.Get, Path: "/programs", Guard: rest.Programs, Do: rest.Do(func(*rest.Request, rest.None) (rest.None, error) { return rest.None{}, nil })},
		{Method: rest.Get, Path: "/sessions", Guard: rest.Sessions, Do: rest.Do(func(*rest.Request, rest.None) (rest.None, error) { return rest.None{}, nil })},
		{Method: rest.Get, Path: "/list", Guard: rest.Public, Query: rest.Paged([]string{"name"}), Do: rest.Do(func(r *rest.Request, _ rest.None) (api.List, error) { return r.List(), nil })},
		{Method: rest.Get, Path: "/id/:id", Guard: rest.Public, Do: rest.Do(func(r *rest.Request, _ rest.None) (api.KeyID, error) { return rest.ID[api.KeyID](r, "id") })},
		{Method: rest.Get, Path: "/broken", Guard: rest.Public, Do: rest.Do(func(*rest.Request, rest.None) (rest.None, error) {
			panic("boom ks_7Hq2mVbT9xKc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x_000000")
		})},
	}
	e.app = fiber.New(fiber.Config{DisableStartupMessage: true, CaseSensitive: true, StrictRouting: true, Immutable: true, BodyLimit: rest.MaxBody, ErrorHandler: rest.Problem(log)})
	e.app.Use(rest.Journal{Log: log, Address: gate.Address}.Around(rest.Recover(log, rest.Refuse)))
	for i := range routes {
		e.app.Add(routes[i].Method, routes[i].Path, gate.Handler(&routes[i]))
	}
	return e
}

// send sends a request of "METHOD path", header lines, and a body.
func (e *echo) send(t *testing.T, what, body string, headers ...string) (status int, text string, header http.Header) {
	t.Helper()
	method, path, _ := strings.Cut(what, " ")
	req := httptest.NewRequest(method, path, strings.NewReader(body))
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		req.Header.Add(name, value)
	}
	res, err := e.app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(read), res.Header
}

const (
	asKey  = "Authorization: Bearer " + goodKey
	isJSON = "Content-Type: application/json"
)

func TestP44BodiesAreReadStrictly(t *testing.T) {
	e := newEcho(t)
	for body, want := range map[string]int{
		`{"name":"n","role":"ADMIN"}`:                   201,
		`{"name":"n","role":"ADMIN","expires_at":null}`: 201,
		``:                                   400,
		`{}`:                                 400,
		`null`:                               400,
		`[]`:                                 400,
		`"x"`:                                400,
		`{"name":"n"}`:                       400,
		`{"name":null,"role":"ADMIN"}`:       400,
		`{"name":"","role":"ADMIN"}`:         201, // its rule refuses it, with a sentence
		`{"name":"","role":null}`:            400,
		`{"name":""}`:                        400,
		`{"name":"n","role":"ADMIN","id":7}`: 400,
		`{"name":"n","role":"ADMIN","owner_id":7}`:            400,
		`{"name":"n","name":"m","role":"ADMIN"}`:              400,
		`{"name":"n","role":"READONLY","\u0072ole":"ADMIN"}`:  400,
		`{"name":"n","ROLE":"ADMIN"}`:                         400,
		`{"name":"n","role":"READONLY","ROLE":"ADMIN"}`:       400,
		`{"name":7,"role":"ADMIN"}`:                           400,
		`{"name":"n","role":"ADMIN"} {}`:                      400,
		`{"name":"n","role":"ADMIN"`:                          400,
		"{\"name\":\"\xff\",\"role\":\"ADMIN\"}":              400,
		`{"name":"n","role":"ADMIN","expires_at":"tomorrow"}`: 422,
		`{"name":"n","role":"ADMIN","expires_at":7}`:          400,
		`{"name":"n","role":"ADMIN","expires_at":1e309}`:      400,
		strings.Repeat("[", 20_000):                           400,
		`{"name":` + strings.Repeat(`{"name":`, 5_000) + `1`:  400,
	} {
		status, text, _ := e.send(t, "POST /add", body, asKey, isJSON)
		if status != want {
			t.Errorf("%.60s: %d %s", body, status, text)
		}
		if want == 400 && !strings.Contains(text, `"code":"bad_request"`) {
			t.Errorf("%.60s: %s", body, text)
		}
		if want == 422 && (!strings.Contains(text, `"code":"invalid_value","field":"expires_at"`) || !strings.Contains(text, "RFC 3339, such as 2027-")) {
			t.Errorf("%.60s: %s", body, text)
		}
	}
}

func TestAnAbsentExpiryIsNotANullOne(t *testing.T) {
	e := newEcho(t)
	e.send(t, "POST /add", `{"name":"n","role":"ADMIN"}`, asKey, isJSON)
	if e.got.ExpiresAt.Set {
		t.Error("absent was read as set")
	}
	e.send(t, "POST /add", `{"name":"n","role":"ADMIN","expires_at":null}`, asKey, isJSON)
	if !e.got.ExpiresAt.Set || e.got.ExpiresAt.Value != nil {
		t.Error("null was not read as null")
	}
}

func TestOnlyAnswersThatMayHoldASecretShowIt(t *testing.T) {
	e := newEcho(t)
	_, text, header := e.send(t, "POST /add", `{"name":"n","role":"ADMIN"}`, asKey, isJSON)
	if !strings.Contains(text, `"value":"the-value"`) {
		t.Error(text, header)
	}
	if strings.Contains(e.log.String(), "the-value") {
		t.Error("the log shows it")
	}
}

func TestP49ContentTypesAndEncodings(t *testing.T) {
	e := newEcho(t)
	body := `{"name":"n","role":"ADMIN"}`
	for header, want := range map[string]int{
		"Content-Type: application/json":                   201,
		"Content-Type: application/json; charset=utf-8":    201,
		"Content-Type: application/json;charset=\"UTF-8\"": 201,
		"Content-Type: application/json; charset=utf-16":   415,
		"Content-Type: application/json; charset=":         415,
		"Content-Type: text/plain":                         415,
		"Content-Type: application/x-www-form-urlencoded":  415,
		"Content-Type: application/jsonp":                  415,
		"X-None: 1":                                        415,
	} {
		if status, text, _ := e.send(t, "POST /add", body, asKey, header); status != want {
			t.Errorf("%s: %d %s", header, status, text)
		}
	}
	for _, second := range []string{isJSON, "content-type: text/plain"} {
		if status, text, _ := e.send(t, "POST /add", body, asKey, isJSON, second); status != 415 {
			t.Errorf("twice: %d %s", status, text)
		}
	}
	for _, encoding := range []string{"gzip", "br", "deflate", "identity", ""} {
		if status, text, _ := e.send(t, "POST /add", body, asKey, isJSON, "Content-Encoding: "+encoding); encoding != "" && status != 415 {
			t.Errorf("%s: %d %s", encoding, status, text)
		}
	}
}

func TestP19ExactlyOneCredential(t *testing.T) {
	e := newEcho(t)
	body := `{"name":"n","role":"ADMIN"}`
	for name, row := range map[string]struct {
		headers []string
		want    int
		code    string
	}{
		"bearer":              {[]string{asKey}, 201, ""},
		"lower-case scheme":   {[]string{"Authorization: bearer " + goodKey}, 201, ""},
		"X-API-Key":           {[]string{"X-API-Key: " + goodKey}, 201, ""},
		"none":                {nil, 401, "not_signed_in"},
		"both headers":        {[]string{asKey, "X-API-Key: " + goodKey}, 400, "several_credentials"},
		"twice":               {[]string{asKey, asKey}, 400, "several_credentials"},
		"with a cookie":       {[]string{asKey, "Cookie: keystead_8080=good-session"}, 400, "several_credentials"},
		"two cookies":         {[]string{"Cookie: keystead_8080=good-session; keystead_8080=planted", "Sec-Fetch-Site: same-origin"}, 400, "several_credentials"},
		"the second is good":  {[]string{"Cookie: keystead_8080=planted; keystead_8080=good-session", "Sec-Fetch-Site: same-origin"}, 400, "several_credentials"},
		"one of them empty":   {[]string{"Cookie: keystead_8080=; keystead_8080=good-session", "Sec-Fetch-Site: same-origin"}, 400, "several_credentials"},
		"in two lines":        {[]string{"Cookie: keystead_8080=good-session", "Cookie: keystead_8080=planted", "Sec-Fetch-Site: same-origin"}, 400, "several_credentials"},
		"another's beside it": {[]string{"Cookie: keystead_8081=x; keystead_8080=good-session; theme=dark", "Sec-Fetch-Site: same-origin"}, 201, ""},
		"basic":               {[]string{"Authorization: Basic Z29vZC1rZXk6"}, 401, "bad_credentials"},
		"basic, not encoded":  {[]string{"Authorization: Basic " + goodKey}, 401, "bad_credentials"},
		"empty":               {[]string{"Authorization: Bearer "}, 401, "bad_credentials"},
		"unknown":             {[]string{"Authorization: Bearer nope"}, 401, "bad_credentials"},
		"cookie, same origin": {[]string{"Cookie: keystead_8080=good-session", "Sec-Fetch-Site: same-origin"}, 201, ""},
	} {
		status, text, header := e.send(t, "POST /add", body, append(row.headers, isJSON)...)
		if status != row.want || !strings.Contains(text, row.code) {
			t.Errorf("%s: %d %s", name, status, text)
		}
		if status == 401 && header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: no WWW-Authenticate", name)
		}
	}
	for _, query := range []string{"?api_key=" + goodKey, "?access_token=x", "?token=x", "?x=ks_7Hq2mVbT9xKc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x_000000"} {
		if status, text, _ := e.send(t, "POST /add"+query, body, isJSON); status != 400 {
			t.Errorf("%s: %d %s", query, status, text)
		}
	}
}

func TestP55UnsafeRequestsWithACookieAreSameOrigin(t *testing.T) {
	e := newEcho(t)
	const cookie = "Cookie: keystead_8080=good-session"
	for header, want := range map[string]int{
		"Sec-Fetch-Site: same-origin":     201,
		"Sec-Fetch-Site: none":            201,
		"Sec-Fetch-Site: same-site":       403,
		"Sec-Fetch-Site: cross-site":      403,
		"Sec-Fetch-Site: nonsense":        403,
		"Origin: http://example.com":      201, // httptest's Host
		"Origin: http://example.com:81":   403,
		"Origin: http://evil.example":     403,
		"Origin: null":                    403,
		"Origin: http://example.com.evil": 403,
		"Referer: http://example.com/x":   403,
	} {
		status, text, _ := e.send(t, "POST /add", `{"name":"n","role":"ADMIN"}`, cookie, isJSON, header)
		if status != want {
			t.Errorf("%s: %d %s", header, status, text)
		}
	}
	for _, twice := range [][]string{
		{"Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: cross-site"},
		{"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin"},
		{"Origin: http://example.com", "Origin: http://evil.example"},
	} {
		if status, text, _ := e.send(t, "POST /add", `{"name":"n","role":"ADMIN"}`, append(twice, cookie, isJSON)...); status != 403 {
			t.Errorf("%v: %d %s", twice, status, text)
		}
	}
	if status, _, _ := e.send(t, "GET /sessions", "", cookie, "Sec-Fetch-Site: cross-site"); status != 204 {
		t.Errorf("a safe request: %d", status)
	}
}

func TestGuards(t *testing.T) {
	e := newEcho(t)
	for what, row := range map[string]struct {
		headers []string
		want    string
	}{
		"GET /sessions":  {[]string{asKey}, "permission_required"},
		"GET /programs":  {[]string{"Cookie: keystead_8080=good-session"}, `"This is for API keys and access tokens only."`},
		"POST /elevated": {[]string{"Cookie: keystead_8080=good-session", "Sec-Fetch-Site: same-origin", isJSON}, "elevation_required"},
	} {
		status, text, _ := e.send(t, what, `{"name":"n","role":"ADMIN"}`, row.headers...)
		if status != 403 || !strings.Contains(text, row.want) {
			t.Errorf("%s: %d %s", what, status, text)
		}
	}
	if status, text, _ := e.send(t, "POST /elevated", `{"name":"n","role":"ADMIN"}`, asKey, isJSON); status != 201 {
		t.Errorf("a key needs no elevation: %d %s", status, text)
	}
}

func TestP47QueriesAreBounded(t *testing.T) {
	e := newEcho(t)
	for query, want := range map[string]int{
		"": 200, "?page=1": 200, "?limit=100": 200, "?sort=name&order=desc": 200, "?q=a%20b": 200,
		"?page=0": 400, "?page=-1": 400, "?page=+1": 400, "?page=01": 400, "?page=1.0": 400, "?page=1e3": 400,
		"?page=99999999999999999999": 400, "?page=": 400, "?page=%EF%BC%91": 400, "?limit=101": 400, "?limit=0": 400,
		"?sort=digest": 400, "?sort=NAME": 400, "?order=DESC": 400, "?sort=name;drop": 400, "?unknown=1": 400,
		"?page=1&page=2": 400, "?Page=1": 400, "?q=" + strings.Repeat("x", 300): 400,
	} {
		if status, text, _ := e.send(t, "GET /list"+query, ""); status != want {
			t.Errorf("%s: %d %s", query, status, text)
		}
	}
	for id, want := range map[string]int{
		"7": 200, "0": 404, "-1": 404, "07": 404, "+7": 404, "7.0": 404, "9223372036854775808": 404, "x": 404, "%37": 404, "7%00": 404,
	} {
		if status, text, _ := e.send(t, "GET /id/"+id, ""); status != want {
			t.Errorf("id %s: %d %s", id, status, text)
		}
	}
}

func TestP43APanicIsAnswered(t *testing.T) {
	e := newEcho(t)
	status, text, header := e.send(t, "GET /broken", "")
	if status != 500 || strings.Contains(text, "boom") || header.Get("Content-Type") != "application/problem+json" {
		t.Error(status, text)
	}
	if !strings.Contains(e.log.String(), "boom [secret]") || strings.Contains(e.log.String(), "ks_7Hq2") {
		t.Error(e.log)
	}
}

func TestP43AThousandPanicsEndNothing(t *testing.T) {
	e := newEcho(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 125 {
				if res, err := e.app.Test(httptest.NewRequest("GET", "/broken", nil), -1); err != nil || res.StatusCode != 500 {
					t.Errorf("%v %v", res, err)
				}
			}
		})
	}
	wait.Wait()
	if status, text, _ := e.send(t, "POST /add", `{"name":"n","role":"ADMIN"}`, asKey, isJSON); status != 201 {
		t.Errorf("after them: %d %s", status, text)
	}
	if n := strings.Count(e.log.String(), "msg=panic"); n != 1000 {
		t.Errorf("%d panics in the log", n)
	}
}

func TestFailedCredentialsAreLimitedByAddress(t *testing.T) {
	e := newEcho(t)
	for i := range 8 {
		status, _, header := e.send(t, "GET /sessions", "", "Authorization: Bearer guess")
		if want := map[bool]int{true: 401, false: 429}[i < 5]; status != want {
			t.Errorf("guess %d: %d", i, status)
		}
		if status == 429 && header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
}

// A credential in a path is refused, and kept out of the log, however it is written.
func TestP08NoCredentialInAPath(t *testing.T) {
	for _, prefix := range []string{"ks_", "ks%5F", "%6Bs_", "ks%255F"} {
		e := newEcho(t)
		path := "/id/" + prefix + "7Hq2mVbT9xKc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x_000000"
		if status, text, _ := e.send(t, "GET "+path, ""); status != 400 {
			t.Errorf("%s: %d %s", path, status, text)
		}
		if log := e.log.String(); !strings.Contains(log, "path=/id/[secret]") {
			t.Errorf("%s: logged %s", path, log)
		}
	}
	e := newEcho(t)
	e.send(t, "GET /id/100%25", "")
	if log := e.log.String(); !strings.Contains(log, "path=/id/100%25") {
		t.Errorf("another path is logged as it came: %s", log)
	}
}
