package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"keystead/app/client"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// server answers requests in turn and remembers them.
type server struct {
	answers []client.Answer
	seen    []client.Request
}

func (s *server) carry(_ context.Context, r client.Request) (client.Answer, error) {
	s.seen = append(s.seen, r)
	a := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	return a, nil
}

func (s *server) bodies() string {
	var all []string
	for _, r := range s.seen {
		all = append(all, string(r.Body))
	}
	return strings.Join(all, "\n")
}

func ok(body string) client.Answer { return client.Answer{Status: 200, Body: []byte(body)} }

func refusal(status int, code fault.Code) client.Answer {
	body, _ := json.Marshal(map[string]any{"code": code, "detail": "Because."})
	return client.Answer{Status: status, Body: body, Problem: true}
}

func TestRefusalsAreRebuilt(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer client.Answer
		want   fault.Error
	}{
		{"the server's own", client.Answer{Status: 409, Problem: true, RetryAfter: "7",
			Body: []byte(`{"code":"name_taken","detail":"Taken.","field":"name"}`)},
			fault.Error{Code: fault.NameTaken, Detail: "Taken.", Field: "name", RetryAfter: 7}},
		{"a proxy's page", client.Answer{Status: 502, Body: []byte("<html>")},
			fault.Error{Code: fault.NotReady, Detail: "The server answered with status 502."}},
		{"a problem without a code", client.Answer{Status: 429, Problem: true, RetryAfter: "30", Body: []byte(`{}`)},
			fault.Error{Code: fault.TooManyTries, Detail: "The server answered with status 429.", RetryAfter: 30}},
		{"JSON that is no problem", client.Answer{Status: 500, Body: []byte(`{"code":"name_taken"}`)},
			fault.Error{Code: fault.Internal, Detail: "The server answered with status 500."}},
	} {
		s := &server{answers: []client.Answer{c.answer}}
		_, err := client.New(s.carry).Key(context.Background(), 1)
		got, is := fault.From(err)
		if !is || *got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

func TestElevationRepeatsTheActOnce(t *testing.T) {
	required := refusal(403, fault.ElevationRequired)
	value := ok(`{"value":"ks_value"}`)
	for _, c := range []struct {
		name    string
		answers []client.Answer
		confirm error
		want    fault.Code // "" for success
		asked   int
		sent    int
	}{
		{"confirmed", []client.Answer{required, value}, nil, "", 1, 2},
		{"given up", []client.Answer{required, value}, context.Canceled, client.Cancelled, 1, 1},
		{"asked again", []client.Answer{required, required, value}, nil, fault.ElevationRequired, 1, 2},
		{"not asked", []client.Answer{value}, nil, "", 0, 1},
	} {
		s := &server{answers: c.answers}
		asked := 0
		c1 := client.New(s.carry)
		c1.Hooks.Elevate = func(context.Context) error { asked++; return c.confirm }
		secret, err := c1.RevealKey(context.Background(), 7, api.PurposeCopy)
		if c.want == "" && (err != nil || secret.Reveal() != "ks_value") {
			t.Errorf("%s: got %q, %v", c.name, secret.Reveal(), err)
		}
		if c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
		if asked != c.asked || len(s.seen) != c.sent {
			t.Errorf("%s: asked %d times and sent %d, want %d and %d", c.name, asked, len(s.seen), c.asked, c.sent)
		}
	}
}

func TestOnlyTheEndOfTheSessionSignsOut(t *testing.T) {
	for _, c := range []struct {
		answer client.Answer
		want   fault.Code // "" for none
	}{
		{refusal(401, fault.SessionIdle), fault.SessionIdle},
		{refusal(401, fault.NotSignedIn), fault.NotSignedIn},
		{client.Answer{Status: 401}, fault.NotSignedIn},
		{refusal(401, fault.BadCredentials), ""},
		{refusal(403, fault.PermissionRequired), ""},
		{ok(`{}`), ""},
	} {
		s := &server{answers: []client.Answer{c.answer, c.answer}}
		var heard fault.Code
		c1 := client.New(s.carry)
		c1.Hooks.SignedOut = func(code fault.Code) { heard = code }
		_, _ = c1.Me(context.Background())
		if heard != c.want {
			t.Errorf("%d %s: heard %q, want %q", c.answer.Status, c.answer.Body, heard, c.want)
		}
	}
}

// A request that was under way while the session was renamed finds its way.
func TestAnOvertakenRequestIsSentAgain(t *testing.T) {
	s := &server{answers: []client.Answer{refusal(401, fault.NotSignedIn), ok(`{}`)}}
	c := client.New(s.carry)
	c.Hooks.SignedOut = func(fault.Code) { t.Error("it was taken for the end of the session") }
	if _, err := c.Me(context.Background()); err != nil || len(s.seen) != 2 {
		t.Errorf("%v after %d requests", err, len(s.seen))
	}
}

func TestWhatStopsARequest(t *testing.T) {
	for _, c := range []struct {
		cause   error
		want    fault.Code
		offline bool
	}{
		{context.DeadlineExceeded, fault.Timeout, false},
		{context.Canceled, client.Cancelled, false},
		{errors.New("TypeError: Failed to fetch"), fault.Offline, true},
	} {
		c1 := client.New(func(context.Context, client.Request) (client.Answer, error) { return client.Answer{}, c.cause })
		offline := false
		c1.Hooks.Unreachable = func() { offline = true }
		_, err := c1.Me(context.Background())
		if !fault.Is(err, c.want) || offline != c.offline {
			t.Errorf("%v: got %v, offline %v", c.cause, err, offline)
		}
	}
}

func TestSecretsAreSentNotRedacted(t *testing.T) {
	s := &server{answers: []client.Answer{ok(`{}`)}}
	c, ctx := client.New(s.carry), context.Background()
	secret := api.Hide("correct horse battery")
	_ = c.Elevate(ctx, secret)
	_ = c.NewPassword(ctx, secret)
	const want = `{"password":"correct horse battery"}
{"password":"correct horse battery"}`
	if got := s.bodies(); got != want {
		t.Errorf("sent\n%s\nwant\n%s", got, want)
	}
}

func TestRequests(t *testing.T) {
	s := &server{answers: []client.Answer{ok(`null`)}}
	c, ctx := client.New(s.carry), context.Background()
	_, _ = c.Keys(client.Background(ctx), 3, api.KeyList{List: api.List{Page: 2, Q: "a&b"}})
	_, _ = c.AddKey(ctx, 3, api.AddKey{Name: "ci", Role: api.ReadOnly})
	_ = c.DeleteKey(ctx, 9)
	_, _ = c.KeyHistory(ctx, 9, api.List{Page: 2})
	_, _ = c.ExportAudit(ctx, api.AuditList{List: api.List{Page: 2, Limit: 10, Q: "ci"}, Result: api.AuditRefused}, api.TypeCSV)
	none, err := c.Secret(ctx, 3, api.SharedSecret)
	want := []client.Request{
		{Method: "GET", Path: "/v1/organizations/3/api-keys?page=2&q=a%26b", Background: true},
		{Method: "POST", Path: "/v1/organizations/3/api-keys", Body: []byte(`{"name":"ci","role":"READONLY"}`)},
		{Method: "DELETE", Path: "/v1/api-keys/9"},
		{Method: "GET", Path: "/v1/api-keys/9/history?page=2"},
		{Method: "GET", Path: "/v1/audit?q=ci&result=refused", File: api.TypeCSV},
		{Method: "GET", Path: "/v1/organizations/3/shared-secret"},
	}
	for i, w := range want {
		g := s.seen[i]
		if g.Method != w.Method || g.Path != w.Path || string(g.Body) != string(w.Body) || g.Background != w.Background || g.File != w.File {
			t.Errorf("request %d: got %s %s %s %v %s", i, g.Method, g.Path, g.Body, g.Background, g.File)
		}
	}
	if none != nil || err != nil {
		t.Errorf("no secret: got %v, %v", none, err)
	}
}

func TestNoSecretIsNoFault(t *testing.T) {
	s := &server{answers: []client.Answer{refusal(404, fault.NotFound)}}
	secret, err := client.New(s.carry).Secret(context.Background(), 3, api.SharedSecret)
	if secret != nil || err != nil {
		t.Errorf("got %v, %v", secret, err)
	}
}
