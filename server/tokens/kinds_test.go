package tokens_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"keystead/server/testkit"
	"keystead/shared/api"
)

func number[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }

// TestP27KindsAreNotInterchangeable presents each kind of token to each acceptor: only
// the diagonal passes.
func TestP27KindsAreNotInterchangeable(t *testing.T) {
	s := newStage(t)
	value := func(c testkit.Credential) string { return testkit.Value(c) }
	link := func(user api.UserID, purpose api.LinkPurpose) string {
		link, err := s.Users.Link(context.Background(), s.As(s.Admin), user, api.AddLink{Purpose: purpose})
		s.Must(err)
		_, token, _ := strings.Cut(link.URL.Reveal(), "#")
		return strings.TrimPrefix(token, "token=")
	}
	invited := func() api.UserID {
		user := s.Person("Ines" + number(s.Number("SELECT count(*) FROM users")))
		s.Exec("UPDATE users SET state = 'invited', password_hash = NULL WHERE id = ?", user)
		return user
	}
	sent := 0
	kinds := map[string]func() string{
		"session": func() string {
			_, cookie, _ := strings.Cut(s.Session(s.Member)[0], "=")
			return cookie
		},
		"access": func() string { access, _ := s.good(); return value(access) },
		"id": func() string {
			got := s.exchange(s.TokenRequest(s.X, "myapp", s.key))
			return testkit.Read[map[string]any](s.Kit, got, 200)["id_token"].(string)
		},
		"refresh":   func() string { _, refresh := s.good(); return refresh },
		"request":   func() string { return s.TokenRequest(s.X, "myapp", s.key) },
		"invite":    func() string { return link(invited(), api.LinkInvite) },
		"reset":     func() string { return link(s.Verifier, api.LinkReset) },
		"agent key": func() string { return value(s.AgentKey(s.X)) },
		"device": func() string {
			sent++
			_, token := s.Device(s.X, "web-"+strconv.Itoa(sent))
			return value(token)
		},
		"shared secret": func() string { return s.secret.Reveal() },
		"key":           func() string { return value(s.key) },
	}
	bearer := func(token string) testkit.Credential { return testkit.Bearer(api.Hide(token)) }
	redeem := func(token string) testkit.Answer {
		return s.Send(nil, "POST /v1/invitation", fmt.Sprintf(`{"token":%q,"password":%q,"first_name":"Ines","last_name":"Test"}`, token, testkit.Password))
	}
	_, verifier := s.Key(s.Verifier, s.X, api.ReadOnly, "asks")
	acceptors := map[string]struct {
		ask   func(token string) bool
		takes []string
	}{
		"the cookie": {func(token string) bool {
			as := testkit.Credential{"Cookie: " + s.Config.Cookie() + "=" + token, "Sec-Fetch-Site: same-origin"}
			return s.Send(as, "GET /v1/session", "").Status == 200
		}, []string{"session"}},
		"the bearer": {func(token string) bool { return s.status(bearer(token)) == 200 }, []string{"access", "key"}},
		"X-API-Key":  {func(token string) bool { return s.status(testkit.Credential{"X-API-Key: " + token}) == 200 }, []string{"access", "key"}},
		"exchange":   {func(token string) bool { return s.exchange(token).Status == 200 }, []string{"request"}},
		"refresh":    {func(token string) bool { return s.Refresh(token).Status == 200 }, []string{"refresh"}},
		"invitation": {func(token string) bool { return redeem(token).Status < 300 }, []string{"invite", "reset"}}, // a link says itself which
		"enroll": {func(token string) bool {
			return s.Send(bearer(token), "POST /v1/agent/enroll", `{"hostname":"h","os":"Linux","agent_version":"1"}`).Status < 300
		}, []string{"agent key"}},
		"check-in": {func(token string) bool { return s.Send(bearer(token), "POST /v1/agent/check-in", `{}`).Status < 300 }, []string{"device"}},
		"verify": {func(token string) bool {
			return strings.Contains(s.Send(verifier, "POST /v1/keys/verify", fmt.Sprintf(`{"key":%q}`, token)).Body, `"valid":true`)
		}, []string{"key"}},
		"introspect": {func(token string) bool {
			return strings.Contains(s.form(verifier, api.PathIntrospect, token).Body, `"active":true`)
		}, []string{"key", "access", "refresh"}},
		"forward-auth": {func(token string) bool {
			as := append(testkit.Credential{"X-Keystead-Proxy: " + value(verifier)}, bearer(token)...)
			return s.Send(as, "GET /v1/forward-auth", "").Status == 200
		}, []string{"key", "access"}},
		"the proxy's own": {func(token string) bool {
			as := append(testkit.Credential{"X-Keystead-Proxy: " + token}, bearer(value(s.key))...)
			return s.Send(as, "GET /v1/forward-auth", "").Status == 200
		}, nil},
	}
	for kind, make := range kinds {
		for door, a := range acceptors {
			want := false
			for _, k := range a.takes {
				want = want || k == kind
			}
			if got := a.ask(make()); got != want {
				t.Errorf("%s at %s: taken %v, want %v", kind, door, got, want)
			}
		}
	}
}
