package router_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"keystead/server/config"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// TestP19ATokenIsAnsweredLikeItsKey sends tokens to every door that looks at credentials:
// those that let tokens in answer as they do to the key, all others refuse.
func TestP19ATokenIsAnsweredLikeItsKey(t *testing.T) {
	s := newStage(t)
	for column, name := range map[string]string{"key": "admin", "readonly": "readonly"} {
		key := s.keys[column]
		token, _ := s.Token(s.X, name, key)
		for i, route := range s.Router.Routes {
			if route.Guard.Public() {
				continue
			}
			want := 403
			if slices.Contains(route.Guard.Kinds(), api.CallerToken) {
				want = s.ask(key, route, fmt.Sprintf("%s-%d", column, i)).Status
			}
			if got := s.ask(token, route, fmt.Sprintf("%s-t-%d", column, i)); got.Status != want {
				t.Errorf("%s %s by a token of the %s key: %d, want %d: %s", route.Method, route.Path, column, got.Status, want, got.Body)
			}
		}
	}
}

// TestP23ATokenStaysInItsOrganization: the token of a global key reaches no more than the
// organization that it was asked for, whatever the key does.
func TestP23ATokenStaysInItsOrganization(t *testing.T) {
	s := newStage(t)
	id, key := s.Key(s.Admin, 0, api.Admin, "everywhere")
	token, _ := s.Token(s.Y, "everywhere", key)
	for i, route := range s.Router.Routes {
		if !aboutX(route) || !slices.Contains(route.Guard.Kinds(), api.CallerToken) {
			continue
		}
		if got := s.ask(token, route, fmt.Sprintf("g-%d", i)); got.Status != 404 {
			t.Errorf("%s %s of X by a token for Y: %d %s", route.Method, route.Path, got.Status, got.Body)
		}
	}
	for what, want := range map[string]int{
		fmt.Sprintf("GET /v1/organizations/%d", s.Y): 200, fmt.Sprintf("GET /v1/api-keys/%d", id): 404,
		"GET /v1/global/api-keys": 403, "GET /v1/roles": 200, "GET /v1/users": 200, "POST /v1/roles": 403, "POST /v1/organizations": 403,
	} {
		body := strings.ReplaceAll(bodies[what], "NAME", "x")
		if got := s.Send(token, what, body); got.Status != want {
			t.Errorf("%s: %d %s, want %d", what, got.Status, got.Body, want)
		}
	}
	me := testkit.Read[api.Me](s.Kit, s.Send(token, "GET /v1/me", ""), 200)
	if me.Caller != api.CallerToken || me.Key == nil || me.Key.ID != id || len(me.Organizations) != 1 || me.Organizations[0].ID != s.Y {
		t.Errorf("me is %+v", me)
	}
}

// TestATokenOfAPasswordReads sends one to every door that lets tokens in: nothing of
// anybody's changes, but what every caller may.
func TestATokenOfAPasswordReads(t *testing.T) {
	s := &stage{Cast: testkit.NewCast(testkit.New(t, func(c *config.Config) { c.PasswordGrant = true }))}
	user := s.Person("Cora")
	s.Join(user, s.X, s.Role(perm.Organization, inOrganization()...))
	form := url.Values{"username": {"cora@northwind.example"}, "password": {testkit.Password}}.Encode()
	said := testkit.Read[map[string]any](s.Kit, s.Cast.Send(testkit.Credential{testkit.FormType}, "POST /api/auth/bearer/token", form), 200)
	token := testkit.Bearer(api.Hide(said["access_token"].(string)))
	reads := map[string]bool{
		"POST /v1/keys/verify": true, "POST /v1/oauth/introspect": true, // with keys:verify
		"POST /v1/api-keys/bulk": true, // each refused by itself
	}
	for i, route := range s.Router.Routes {
		if !slices.Contains(route.Guard.Kinds(), api.CallerToken) || route.Method == "GET" {
			continue
		}
		got := s.ask(token, route, fmt.Sprintf("p-%d", i))
		if refused := got.Status == 403 || got.Status == 404; refused == reads[route.Method+" "+route.Path] {
			t.Errorf("%s %s: %d %s", route.Method, route.Path, got.Status, got.Body)
		}
	}
	if got := s.Send(token, fmt.Sprintf("GET /v1/organizations/%d/devices", s.X), ""); got.Status != 200 {
		t.Errorf("it does not read: %d", got.Status)
	}
	if me := testkit.Read[api.Me](s.Kit, s.Send(token, "GET /v1/me", ""), 200); me.Key != nil || me.Caller != api.CallerToken {
		t.Errorf("me is %+v", me)
	}
}
