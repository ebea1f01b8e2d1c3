package binary

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"keystead/shared/api"
)

// Who the tests are. The password is long, like a person's own would be.
const (
	Email    = "mara.voss@example.com"
	Password = "orbit lantern quarry 52"
	OrgName  = "Northwind Ops"
	OrgShort = "northwind-ops"
)

// Client asks the API with one credential or none. Of every answer it checks what is
// promised of every answer: see answer.go.
type Client struct {
	t      testing.TB
	server *Server
	base   string
	http   *http.Client
	cookie *http.Cookie
	header http.Header
}

// Client is an anonymous one.
func (s *Server) Client() *Client { return s.ClientFor(s.t) }

// ClientFor is [Server.Client] that fails t.
func (s *Server) ClientFor(t testing.TB) *Client {
	return &Client{t: t, server: s, base: s.URL(), header: http.Header{}, http: &http.Client{
		Timeout:       Patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport:     &http.Transport{DisableCompression: true},
	}}
}

// At is the client asking another base, with another transport where one is given.
func (c *Client) At(base string, transport http.RoundTripper) *Client {
	other := *c
	other.base, other.header = base, c.header.Clone()
	if transport != nil {
		plain := *c.http
		plain.Transport, other.http = transport, &plain
	}
	return &other
}

// With is the client sending one more header; an empty value drops it.
func (c *Client) With(name, value string) *Client {
	other := *c
	other.header = c.header.Clone()
	if other.header.Del(name); value != "" {
		other.header.Set(name, value)
	}
	return &other
}

// Bearer is an anonymous client with that API key.
func (s *Server) Bearer(key api.Secret) *Client {
	return s.Client().With("Authorization", "Bearer "+key.Reveal())
}

// Cookie is the session cookie, nil where nobody is signed in.
func (c *Client) Cookie() *http.Cookie { return c.cookie }

// Session is a client with a session that was opened elsewhere.
func (c *Client) Session(name, value string) *Client {
	other := *c
	other.cookie = &http.Cookie{Name: name, Value: value}
	return &other
}

// As is a client with another value of the session cookie.
func (c *Client) As(value string) *Client {
	other := *c
	cookie := *c.cookie
	cookie.Value, other.cookie = value, &cookie
	return &other
}

// Send asks. A body that is a string goes out as it is, any other as JSON.
func (c *Client) Send(method, path string, body any) Answer {
	c.t.Helper()
	answer, err := c.Try(method, path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer
}

// Try is [Client.Send] to a server that may die meanwhile: then there is no answer.
func (c *Client) Try(method, path string, body any) (Answer, error) {
	c.t.Helper()
	request, err := http.NewRequest(method, c.base+path, content(c.t, body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.cookie != nil {
		request.AddCookie(&http.Cookie{Name: c.cookie.Name, Value: c.cookie.Value})
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for name, values := range c.header {
		request.Header[name] = values
	}
	if host := c.header.Get("Host"); host != "" {
		request.Host = host
	}
	return c.ask(request)
}

func (c *Client) ask(request *http.Request) (Answer, error) {
	c.t.Helper()
	response, err := c.http.Do(request)
	if err != nil {
		return Answer{}, fmt.Errorf("%s %s: %w", request.Method, request.URL.Path, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return Answer{}, fmt.Errorf("%s %s: %w", request.Method, request.URL.Path, err)
	}
	answer := Answer{t: c.t, request: request, Status: response.StatusCode, Header: response.Header, Body: text, Cookies: response.Cookies()}
	answer.check(c.server)
	for _, cookie := range answer.Cookies {
		if strings.HasSuffix(cookie.Name, deviceSuffix) {
			continue // says only that somebody signed in here before
		}
		if c.cookie = cookie; cookie.MaxAge < 0 {
			c.cookie = nil
		}
	}
	return answer, nil
}

func content(t testing.TB, body any) io.Reader {
	t.Helper()
	switch body := body.(type) {
	case nil:
		return nil
	case string:
		return strings.NewReader(body)
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(text)
}

// JSON is the body of a request.
type JSON map[string]any

// Get asks for a T.
func Get[T any](c *Client, path string) T {
	c.t.Helper()
	return Into[T](c.Send(http.MethodGet, path, nil), http.StatusOK)
}

// Post sends a body and takes a T with the expected status.
func Post[T any](c *Client, path string, body any, status int) T {
	c.t.Helper()
	return Into[T](c.Send(http.MethodPost, path, body), status)
}

// Patch changes something and takes what it became.
func Patch[T any](c *Client, path string, body any) T {
	c.t.Helper()
	return Into[T](c.Send(http.MethodPatch, path, body), http.StatusOK)
}

// SetUp makes the account with its first administrator and answers their client.
func (s *Server) SetUp() *Client {
	s.t.Helper()
	c := s.Client()
	Post[api.Session](c, api.PathSetup, JSON{
		"token": s.SetupToken(), "email": Email, "password": Password,
		"first_name": "Mara", "last_name": "Voss", "organization": OrgName,
	}, http.StatusCreated)
	if c.cookie == nil {
		s.t.Fatal("set-up did not sign in")
	}
	return c
}

// SignIn answers the client of a user with [Password].
func (s *Server) SignIn(email string) *Client {
	s.t.Helper()
	c := s.Client()
	Post[api.Session](c, api.PathSession, JSON{"email": email, "password": Password}, http.StatusOK)
	return c
}

// Org is the client's first organization.
func (c *Client) Org() api.MyOrg {
	c.t.Helper()
	me := Get[api.Me](c, api.PathMe)
	if len(me.Organizations) == 0 {
		c.t.Fatal("no organization")
	}
	return me.Organizations[0]
}

// AddKey adds a key in the client's first organization.
func (c *Client) AddKey(name string, role api.KeyRole) api.AddedKey {
	c.t.Helper()
	return Post[api.AddedKey](c, api.PathOrgKeys(c.Org().ID), JSON{"name": name, "role": role}, http.StatusCreated)
}

// Keys is the list of its organization's keys, by the query.
func (c *Client) Keys(query string) api.Page[api.Key] {
	c.t.Helper()
	return Get[api.Page[api.Key]](c, api.PathOrgKeys(c.Org().ID)+query)
}

// Verify asks whether a value is good, with this client's credential.
func (c *Client) Verify(value api.Secret) api.Verdict {
	c.t.Helper()
	return Post[api.Verdict](c, api.PathVerify, JSON{"key": value.Reveal()}, http.StatusOK)
}
