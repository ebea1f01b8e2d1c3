package router_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"keystead/server/rest"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// inOrganization is every permission that can be given there.
func inOrganization() (list []perm.Permission) {
	return perm.All().Within(perm.Organization).List()
}

// aboutX reports a door that leads to organization X or to something in it.
func aboutX(route rest.Route) bool {
	return compatAboutX(route) || strings.Contains(route.Path, ":org") || strings.HasPrefix(route.Path, "/v1/api-keys/:id") || strings.HasPrefix(route.Path, "/v1/devices/:id")
}

// ask sends what the route wants, about X.
func (s *stage) ask(as testkit.Credential, route rest.Route, mark string) testkit.Answer {
	s.T.Helper()
	body := strings.ReplaceAll(bodies[route.Method+" "+route.Path], "NAME", mark)
	return s.Send(as, route.Method+" "+s.path(route.Path), body)
}

// TestP23WhoeverIsOfYFindsNothingOfX sends people of Y with every role there, one of
// them with every permission there is, and one who left X, to every door of X.
func TestP23WhoeverIsOfYFindsNothingOfX(t *testing.T) {
	s := newStage(t)
	outsiders := map[string]string{
		"Opal": perm.OrganizationOperator, "Rhea": perm.ReadOnly, "Vito": perm.Verifier,
		"Cleo": s.Role(perm.Organization, inOrganization()...),
	}
	credentials := map[string]func() testkit.Credential{}
	for name, role := range outsiders {
		user := s.Person(name)
		s.Join(user, s.Y, role)
		_, key := s.Key(user, s.Y, api.Admin, "of Y")
		_, global := s.Key(user, 0, api.Admin, "global")
		credentials[role+" of Y"] = func() testkit.Credential { return s.Session(user) }
		credentials["a key of the "+role+" of Y"] = func() testkit.Credential { return key }
		credentials["a global key of the "+role+" of Y"] = func() testkit.Credential { return global }
	}
	left := s.Person("Exa")
	s.Join(left, s.X, s.Role(perm.Organization, inOrganization()...))
	_, global := s.Key(left, 0, api.Admin, "global")
	s.Exec("DELETE FROM memberships WHERE user_id = ?", left)
	credentials["one who left X"] = func() testkit.Credential { return s.Session(left) }
	credentials["a global key of one who left X"] = func() testkit.Credential { return global }

	for i, route := range s.Router.Routes {
		if !aboutX(route) {
			continue
		}
		for who, credential := range credentials {
			as := credential()
			if isSession(as) && !takesSessions(route) {
				continue
			}
			if got := s.ask(as, route, fmt.Sprintf("o-%d", i)); got.Status != 404 || got.Code() != "not_found" && s.ours(route) {
				t.Errorf("%s %s as %s: %d %s", route.Method, route.Path, who, got.Status, got.Body)
			}
		}
	}
}

func isSession(as testkit.Credential) bool { return strings.HasPrefix(as[0], "Cookie: ") }

func takesSessions(route rest.Route) bool {
	return route.Guard.Public() || slices.Contains(route.Guard.Kinds(), api.CallerSession)
}

// ours reports a door that refuses in our own words, with a code.
func (s *stage) ours(route rest.Route) bool { return s.Router.Dialects().At(route.Path) == nil }

// TestP16WhoIsDisabledIsOut sends someone who was disabled to every door, by a session
// and by keys that were good before.
func TestP16WhoIsDisabledIsOut(t *testing.T) {
	s := newStage(t)
	out := s.Person("Otto")
	s.Join(out, s.X, s.Role(perm.Organization, inOrganization()...))
	_, key := s.Key(out, s.X, api.Admin, "of X")
	_, global := s.Key(out, 0, api.Admin, "global")
	credentials := map[string]testkit.Credential{"session": s.Session(out), "key": key, "global key": global}
	for name, credential := range credentials {
		if got := s.Send(credential, "GET /v1/me", ""); got.Status != 200 {
			t.Fatalf("the %s was not good to begin with: %d", name, got.Status)
		}
	}
	s.Exec("UPDATE users SET state = 'disabled' WHERE id = ?", out)
	for _, route := range s.Router.Routes {
		if route.Guard.Public() {
			continue
		}
		for name, credential := range credentials {
			if got := s.ask(credential, route, "x"); got.Status != 401 {
				t.Errorf("%s %s by the %s: %d %s", route.Method, route.Path, name, got.Status, got.Body)
			}
		}
	}
}

// TestP18ACustomRoleOpensWhatItNames gives someone every permission that can be had in
// X: every door of X opens but those that take the account or the owner.
func TestP18ACustomRoleOpensWhatItNames(t *testing.T) {
	s := newStage(t)
	user := s.Person("Cora")
	s.Join(user, s.X, s.Role(perm.Organization, inOrganization()...))
	shut := map[string]bool{
		"DELETE /v1/organizations/:org": true, // takes organizations:manage on the account
		"POST /v1/api-keys/:id/reveal":  true, // the owner's alone
		"POST /v1/api-keys/:id/rotate":  true,

		"POST /api/users/:user/api_keys":             true,
		"POST /api/users/:user/api_keys/:id/decrypt": true,
		"PATCH /api/users/:user":                     true, // takes users:manage on the account
		"PUT /api/users/:user":                       true,
	}
	_, key := s.Key(user, 0, api.Admin, "global")
	for i, route := range s.Router.Routes {
		if !aboutX(route) {
			continue
		}
		as := key
		if takesSessions(route) {
			as = s.Session(user)
		}
		got := s.ask(as, route, fmt.Sprintf("c-%d", i))
		if refused := got.Status == 403; refused != shut[route.Method+" "+route.Path] || got.Status == 404 || got.Status == 401 {
			t.Errorf("%s %s: %d %s", route.Method, route.Path, got.Status, got.Body)
		}
	}
}
