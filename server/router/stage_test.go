package router_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keystead/server/rest"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// bodies are what is sent where the route takes a body; a name is made unique.
var bodies = map[string]string{
	"POST /v1/setup":                       `{"token":"x","email":"a@b.example","password":"walnut parade lantern 57","first_name":"A","last_name":"B","organization":"C"}`,
	"POST /v1/session":                     `{"email":"nobody@northwind.example","password":"x"}`,
	"POST /v1/session/elevate":             `{"password":"wrong"}`,
	"PATCH /v1/me":                         `{}`,
	"POST /v1/me/password":                 `{"password":"short"}`,
	"PATCH /v1/account":                    `{}`,
	"POST /v1/organizations":               `{"name":"NAME"}`,
	"DELETE /v1/organizations/:org":        `{"name":"not its name"}`,
	"PATCH /v1/organizations/:org":         `{}`,
	"POST /v1/invitation":                  `{"token":"x","password":"walnut parade lantern 57"}`,
	"POST /v1/users":                       `{"email":"NAME@northwind.example"}`,
	"PATCH /v1/users/:id":                  `{"first_name":"Vic"}`,
	"POST /v1/users/:id/link":              `{"purpose":"reset"}`,
	"POST /v1/roles":                       `{"name":"NAME","scope":"account","permissions":[]}`,
	"PATCH /v1/roles/:id":                  `{"description":"of nothing"}`,
	"POST /v1/organizations/:org/api-keys": `{"name":"NAME","role":"READONLY"}`,
	"POST /v1/global/api-keys":             `{"name":"NAME","role":"READONLY"}`,
	"POST /v1/api-keys/bulk":               `{"ids":[999999],"action":"disable"}`,
	"PATCH /v1/api-keys/:id":               `{"enabled":true}`,
	"POST /v1/agent/enroll":                `{"hostname":"NAME","os":"Linux","agent_version":"1.0"}`,
	"POST /v1/keys/verify":                 `{"key":"ks_x"}`,
	"POST /v1/oauth/introspect":            `token=ks_x`,
	"POST /v1/oauth/revoke":                `token=ks_x`,

	"POST /api/users/:user/api_keys":          `{"name":"NAME"}`,
	"PUT /api/users/:user/api_keys/:id":       `{"is_enabled":true}`,
	"POST /api/global/api_keys":               `{"name":"NAME"}`,
	"PUT /api/global/api_keys/:id":            `{"is_enabled":true}`,
	"PATCH /api/users/:user":                  `{"firstname":"Vic"}`,
	"PUT /api/users/:user":                    `{"firstname":"Vic"}`,
	"POST /api/accounts/:account/invitations": `{"email":"NAME@northwind.example","account_rbac_role":"no-global-access"}`,
	"POST /api/accounts/:account/zones":       `{"name":"NAME"}`,
	"POST /api/v1/auth/token":                 `{"jwt":"x"}`,
	"POST /api/auth/bearer/token":             `username=x&password=x`,
	"POST /api/auth/bearer/refresh":           `refresh_token=x`,
	"POST /api/v1/api-keys":                   `{"appname":"NAME","roles":["readonly"]}`,
	"PUT /api/v1/api-keys/:appname":           `{"description":"x"}`,
}

type stage struct {
	*testkit.Cast
	victim int // counts the keys that are acted on
	dead   testkit.Credential
	keys   map[string]testkit.Credential
}

func newStage(t *testing.T) *stage {
	c := testkit.NewCast(testkit.New(t, nil))
	s := &stage{Cast: c, keys: map[string]testkit.Credential{}}
	_, err := c.Secrets.Add(t.Context(), c.As(c.Admin), c.X)
	c.Must(err)
	var id api.KeyID
	id, s.dead = c.Key(c.Admin, c.X, api.Admin, "dead")
	off := false
	_, err = c.Keys.Edit(t.Context(), c.As(c.Admin), id, api.EditKey{Enabled: &off})
	c.Must(err)
	_, s.keys["readonly"] = c.Key(c.Admin, c.X, api.ReadOnly, "readonly")
	_, s.keys["key"] = c.Key(c.Admin, c.X, api.Admin, "admin")
	_, s.keys["other"] = c.Key(c.Admin, c.Y, api.Admin, "other")
	_, s.keys["global"] = c.Key(c.Admin, 0, api.Admin, "global")
	return s
}

// Send is the kit's, for forms too.
func (s *stage) Send(as testkit.Credential, what, body string) testkit.Answer {
	s.T.Helper()
	if !strings.HasPrefix(body, "{") && strings.Contains(body, "=") {
		as = append(slices.Clone(as), testkit.FormType)
	}
	return s.Cast.Send(as, what, body)
}

// holder is the user's credential for a route: a session, or a global key where no
// session may enter.
func (s *stage) holder(user api.UserID, route rest.Route) testkit.Credential {
	s.T.Helper()
	if slices.Contains(route.Guard.Kinds(), api.CallerSession) {
		return s.Session(user)
	}
	_, key := s.Key(user, 0, api.Admin, "of the holder")
	return key
}

// as is a fresh credential of the identity: some doors end sessions.
func (s *stage) as(who string) testkit.Credential {
	switch who {
	case "anonymous":
		return nil
	case "dead":
		return s.dead
	case "stranger":
		return s.Session(s.Stranger)
	case "member":
		return s.Session(s.Member)
	case "verifier":
		return s.Session(s.Verifier)
	case "operator":
		return s.Session(s.Operator)
	case "admin":
		return s.Session(s.Admin)
	case "stale":
		session := s.Session(s.Admin)
		s.Exec("UPDATE sessions SET elevated_until = NULL WHERE user_id = ?", s.Admin)
		return session
	}
	return s.keys[who]
}

// path fills the ids in: X, and a fresh key of a person of X who is nobody's column,
// that person, a fresh device of X, or a fresh role of X that gives nothing.
func (s *stage) path(path string) string {
	path = strings.ReplaceAll(path, ":org", strconv.FormatInt(int64(s.X), 10))
	if strings.HasPrefix(path, "/api/") {
		path = s.compatPath(path)
	}
	if !strings.Contains(path, ":id") {
		return path
	}
	s.victim++
	id := int64(999_999)
	switch {
	case strings.HasPrefix(path, "/v1/roles/"):
		role, err := s.Roles.Add(s.T.Context(), s.As(s.Admin), api.AddRole{
			Name: fmt.Sprintf("Victim %d", s.victim), Scope: perm.Organization, OrganizationID: &s.X,
		})
		s.Must(err)
		id = int64(role.ID)
	case strings.HasPrefix(path, "/v1/devices/"), strings.HasPrefix(path, "/api/servers/"):
		device, _ := s.Device(s.X, fmt.Sprintf("victim-%d", s.victim))
		id = int64(device)
	case strings.HasPrefix(path, "/v1/users/"), strings.HasPrefix(path, "/v1/api-keys/"):
		owner := s.Person(fmt.Sprintf("Victim%d", s.victim))
		s.Join(owner, s.X, s.Role(perm.Organization)) // holds nothing that a caller could lack
		key, _ := s.Key(owner, s.X, api.Admin, "victim")
		if id = int64(owner); strings.HasPrefix(path, "/v1/api-keys/") {
			id = int64(key)
		}
	}
	return strings.ReplaceAll(path, ":id", strconv.FormatInt(id, 10))
}
