package tokens_test

import (
	"strings"
	"testing"
	"time"

	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// TestIntrospectionKnowsTokens of both kinds, and of a person's.
func TestIntrospectionKnowsTokens(t *testing.T) {
	s := newPair(t)
	_, asker := s.Key(s.Verifier, s.X, api.ReadOnly, "asker")
	claims := part(t, testkit.Value(s.access), 1)
	now := float64(s.DB.Now().Unix())
	for kind, token := range map[string]string{"Bearer": testkit.Value(s.access), "refresh_token": s.refresh} {
		got := testkit.Read[map[string]any](s.Kit, s.form(asker, api.PathIntrospect, token), 200)
		want := map[string]any{
			"active": true, "client_id": number(s.id), "sub": s.As(s.Member).User.UUID, "username": "mia@northwind.example",
			"scope": perm.Of(perm.OrgsRead, perm.DevicesRead).String(), "iat": now, "exp": now + 86400, "organization": "ops-x",
			"iss": claims["iss"], "aud": claims["aud"], "jti": part(t, token, 1)["jti"], "token_type": kind,
		}
		if len(got) != len(want) {
			t.Errorf("%s: %v", kind, got)
		}
		for name := range want {
			if got[name] != want[name] {
				t.Errorf("%s: %s is %v, want %v", kind, name, got[name], want[name])
			}
		}
	}
}

// TestP31OfBadTokensNothingIsTold: byte for byte the same of unknown, spent, ended,
// expired and foreign ones.
func TestP31OfBadTokensNothingIsTold(t *testing.T) {
	s := newPair(t)
	_, asker := s.Key(s.Verifier, s.X, api.ReadOnly, "asker")
	_, foreign := s.Key(s.Stranger, s.Y, api.Admin, "foreign")
	_, everywhere := s.Key(s.Stranger, 0, api.Admin, "everywhere")
	ofY, refreshOfY := s.Token(s.Y, "foreign", foreign)
	ofGlobal, _ := s.Token(s.Y, "everywhere", everywhere)
	ended, _ := s.good()
	s.revoke(nil, testkit.Value(ended))
	next := s.refreshed(s.refresh)
	bad := map[string]string{
		"malformed": "a.b.c", "dots": "..", "of Y": testkit.Value(ofY), "of Y, refresh": refreshOfY, "of a global key in Y": testkit.Value(ofGlobal),
		"ended": testkit.Value(ended), "spent": s.refresh, "cut": testkit.Value(s.access)[:100], "a request": s.TokenRequest(s.X, "myapp", s.key),
	}
	for name, token := range bad {
		if got := s.form(asker, api.PathIntrospect, token); got.Status != 200 || got.Body != `{"active":false}` {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
	if s.status(ofY) != 200 || s.status(ofGlobal) != 200 || s.status(testkit.Bearer(api.Hide(next.Access))) != 200 {
		t.Error("asking ended one")
	}
	s.Pass(24 * time.Hour)
	for _, token := range []string{testkit.Value(s.access), next.Refresh} {
		if got := s.form(asker, api.PathIntrospect, token); got.Body != `{"active":false}` {
			t.Errorf("expired: %s", got.Body)
		}
	}
}

// TestForwardAuthTakesTokens with the verdict of their key in their organization.
func TestForwardAuthTakesTokens(t *testing.T) {
	s := newPair(t)
	_, proxy := s.Key(s.Verifier, s.X, api.ReadOnly, "proxy")
	_, everywhere := s.Key(s.Admin, 0, api.ReadOnly, "everywhere")
	global, _ := s.Token(s.X, "everywhere", everywhere)
	inY, _ := s.Token(s.Y, "everywhere", everywhere)
	ask := func(as testkit.Credential, query string) testkit.Answer {
		return s.Send(append(testkit.Credential{"X-Keystead-Proxy: " + testkit.Value(proxy)}, as...), "GET /v1/forward-auth"+query, "")
	}
	for _, c := range []struct {
		name  string
		as    testkit.Credential
		query string
		want  int
	}{
		{"good", s.access, "", 200}, {"here", s.access, "?organization=ops-x&permission=devices:read", 200}, {"lacks it", s.access, "?organization=ops-x&permission=devices:manage", 403},
		{"as ADMIN", s.access, "?role=ADMIN", 200}, {"READONLY as ADMIN", global, "?role=ADMIN", 403}, {"a global key's", global, "?permission=audit:read", 200},
		{"a global key's for Y", inY, "?organization=ops-x", 401}, {"a refresh token", testkit.Bearer(api.Hide(s.refresh)), "", 401}, {"none", testkit.Bearer(api.Hide("a.b.c")), "", 401},
	} {
		if got := ask(c.as, c.query); got.Status != c.want {
			t.Errorf("%s: %d, want %d", c.name, got.Status, c.want)
		}
	}
	got := ask(s.access, "")
	if got.Header.Get("X-Keystead-Key-Id") != number(s.id) || got.Header.Get("X-Keystead-User") != "mia@northwind.example" ||
		got.Header.Get("X-Keystead-Organization") != "ops-x" || got.Header.Get("X-Keystead-Role") != "ADMIN" {
		t.Errorf("%v", got.Header)
	}
}

// TestTokensTravelInHeadersOnly: P08.
func TestP08TokensTravelInHeadersOnly(t *testing.T) {
	s := newPair(t)
	for _, name := range []string{"access_token", "refresh_token", "jwt", "appkey"} {
		got := s.Send(nil, "GET /api/v1/api-keys?"+name+"="+testkit.Value(s.access), "")
		if got.Status != 400 || strings.Contains(got.Body, testkit.Value(s.access)) {
			t.Errorf("%s in the query: %d %s", name, got.Status, got.Body)
		}
	}
}
