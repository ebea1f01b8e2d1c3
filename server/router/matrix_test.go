package router_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"keystead/server/rest"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// columns are the identities of the matrix, in the order of its rows.
var columns = []string{"anonymous", "dead", "stranger", "member", "verifier", "operator", "stale", "admin", "readonly", "key", "other", "global"}

// matrix says what each identity is answered at each door, about organization X and
// a key of a member of X:
//
//	anonymous  no credential            stale     the Full Administrator, proof of identity too old
//	dead       a disabled key           admin     the Full Administrator
//	stranger   Operator of Y            readonly  the administrator's READONLY key of X
//	member     Read Only in X           key       their ADMIN key of X
//	verifier   Verifier in X            other     their ADMIN key of Y
//	operator   Operator of X            global    their global ADMIN key
//
// A route that is not in here fails the test. Who else there is stands in outsiders_test.go.
const matrix = `
GET    /healthz                                     200 200 200 200 200 200 200 200 200 200 200 200
GET    /readyz                                      200 200 200 200 200 200 200 200 200 200 200 200
GET    /openapi.json                                200 200 200 200 200 200 200 200 200 200 200 200
POST   /v1/setup                                    409 409 409 409 409 409 409 409 409 409 409 409
POST   /v1/session                                  401 401 401 401 401 401 401 401 401 401 401 401
GET    /v1/session                                  401 401 200 200 200 200 200 200 403 403 403 403
DELETE /v1/session                                  401 401 204 204 204 204 204 204 403 403 403 403
POST   /v1/session/elevate                          401 401 401 401 401 401 401 401 403 403 403 403
GET    /v1/sessions                                 401 401 200 200 200 200 200 200 403 403 403 403
DELETE /v1/sessions                                 401 401 204 204 204 204 204 204 403 403 403 403
DELETE /v1/sessions/:id                             401 401 404 404 404 404 404 404 403 403 403 403
GET    /v1/me                                       401 401 200 200 200 200 200 200 200 200 200 200
PATCH  /v1/me                                       401 401 200 200 200 200 200 200 403 403 403 403
POST   /v1/me/password                              401 401 422 422 422 422 403 422 403 403 403 403
GET    /v1/permissions                              401 401 200 200 200 200 200 200 200 200 200 200
POST   /v1/invitation                               410 410 410 410 410 410 410 410 410 410 410 410
GET    /v1/users                                    401 401 200 403 403 200 200 200 200 200 200 200
POST   /v1/users                                    401 401 403 403 403 403 403 201 403 403 403 201
GET    /v1/users/:id                                401 401 404 404 404 200 200 200 200 200 404 200
PATCH  /v1/users/:id                                401 401 404 404 404 403 200 200 403 403 404 200
DELETE /v1/users/:id                                401 401 404 404 404 403 204 204 403 403 404 204
POST   /v1/users/:id/link                           401 401 404 404 404 403 403 201 403 403 404 201
GET    /v1/roles                                    401 401 403 403 403 403 200 200 200 200 200 200
POST   /v1/roles                                    401 401 403 403 403 403 403 201 403 403 403 201
GET    /v1/roles/:id                                401 401 404 404 404 404 200 200 200 200 404 200
PATCH  /v1/roles/:id                                401 401 404 404 404 404 403 200 403 403 404 200
DELETE /v1/roles/:id                                401 401 404 404 404 404 403 204 403 403 404 204
GET    /v1/account                                  401 401 403 403 403 403 200 200 200 200 200 200
PATCH  /v1/account                                  401 401 403 403 403 403 200 200 403 403 403 200
GET    /v1/account/backup                           401 401 403 403 403 403 200 200 200 200 200 200
POST   /v1/account/backup                           401 401 403 403 403 403 403 409 403 403 403 403
GET    /v1/organizations                            401 401 200 200 200 200 200 200 200 200 200 200
POST   /v1/organizations                            401 401 403 403 403 403 201 201 403 403 403 201
GET    /v1/organizations/:org                       401 401 404 200 200 200 200 200 200 200 404 200
PATCH  /v1/organizations/:org                       401 401 404 403 403 403 200 200 403 200 404 200
DELETE /v1/organizations/:org                       401 401 404 403 403 403 422 422 403 403 404 422
GET    /v1/organizations/:org/members               401 401 404 403 403 200 200 200 200 200 404 200
GET    /v1/organizations/:org/api-keys              401 401 404 200 200 200 200 200 200 200 404 200
POST   /v1/organizations/:org/api-keys              401 401 404 201 201 201 201 201 403 201 404 201
GET    /v1/global/api-keys                          401 401 200 200 200 200 200 200 403 403 403 200
POST   /v1/global/api-keys                          401 401 201 201 201 201 201 201 403 403 403 201
POST   /v1/api-keys/bulk                            401 401 200 200 200 200 200 200 200 200 200 200
GET    /v1/api-keys/:id                             401 401 404 404 404 404 200 200 200 200 404 200
PATCH  /v1/api-keys/:id                             401 401 404 404 404 404 200 200 403 200 404 200
DELETE /v1/api-keys/:id                             401 401 404 404 404 404 204 204 403 204 404 204
POST   /v1/api-keys/:id/reveal                      401 401 404 404 404 404 403 403 403 403 404 403
POST   /v1/api-keys/:id/rotate                      401 401 404 404 404 404 403 403 403 403 404 403
GET    /v1/api-keys/:id/history                     401 401 404 404 404 404 200 200 200 200 404 200
GET    /v1/audit                                    401 401 403 403 403 403 200 200 200 200 200 200
GET    /v1/organizations/:org/devices               401 401 404 200 403 200 200 200 200 200 404 200
DELETE /v1/devices/:id                              401 401 404 403 404 204 204 204 403 204 404 204
POST   /v1/agent/enroll                             401 401 403 403 403 403 403 403 403 403 403 403
POST   /v1/agent/check-in                           401 401 403 403 403 403 403 403 403 403 403 403
GET    /v1/organizations/:org/agent-access-key      401 401 404 403 403 200 200 200 403 200 404 200
POST   /v1/organizations/:org/agent-access-key/reveal 401 401 404 403 403 200 403 200 403 200 404 200
POST   /v1/organizations/:org/agent-access-key/rotate 401 401 404 403 403 403 403 200 403 200 404 200
GET    /v1/organizations/:org/shared-secret         401 401 404 403 403 403 200 200 403 200 404 200
POST   /v1/organizations/:org/shared-secret         401 401 404 403 403 403 409 409 403 409 404 409
POST   /v1/organizations/:org/shared-secret/reveal  401 401 404 403 403 403 403 200 403 200 404 200
POST   /v1/organizations/:org/shared-secret/rotate  401 401 404 403 403 403 403 200 403 200 404 200
POST   /v1/keys/verify                              401 401 403 403 200 403 200 200 200 200 200 200
POST   /v1/oauth/introspect                         401 401 403 403 403 403 403 403 200 200 200 200
POST   /v1/oauth/revoke                             200 200 200 200 200 200 200 200 200 200 200 200
GET    /v1/forward-auth                             403 403 403 403 403 403 403 403 403 403 403 403
POST   /v1/forward-auth                             403 403 403 403 403 403 403 403 403 403 403 403
PUT    /v1/forward-auth                             403 403 403 403 403 403 403 403 403 403 403 403
PATCH  /v1/forward-auth                             403 403 403 403 403 403 403 403 403 403 403 403
DELETE /v1/forward-auth                             403 403 403 403 403 403 403 403 403 403 403 403
OPTIONS /v1/forward-auth                            403 403 403 403 403 403 403 403 403 403 403 403
TRACE  /v1/forward-auth                             403 403 403 403 403 403 403 403 403 403 403 403
GET    /api/users/:user/api_keys                   401 401 403 403 403 403 403 403 200 200 200 200
POST   /api/users/:user/api_keys                   401 401 403 403 403 403 403 403 403 403 404 403
GET    /api/users/:user/api_keys/:id               401 401 403 403 403 403 403 403 200 200 404 200
PUT    /api/users/:user/api_keys/:id               401 401 403 403 403 403 403 403 403 200 404 200
DELETE /api/users/:user/api_keys/:id               401 401 403 403 403 403 403 403 403 204 404 204
POST   /api/users/:user/api_keys/:id/decrypt       401 401 403 403 403 403 403 403 403 403 404 403
GET    /api/global/api_keys                        401 401 403 403 403 403 403 403 403 403 403 200
POST   /api/global/api_keys                        401 401 403 403 403 403 403 403 403 403 403 200
PUT    /api/global/api_keys/:id                    401 401 403 403 403 403 403 403 404 404 404 200
DELETE /api/global/api_keys/:id                    401 401 403 403 403 403 403 403 404 404 404 204
POST   /api/global/api_keys/:id/decrypt            401 401 403 403 403 403 403 403 404 404 404 403
GET    /api/orgs                                   401 401 403 403 403 403 403 403 200 200 200 200
GET    /api/orgs/:org                              401 401 403 403 403 403 403 403 200 200 404 200
GET    /api/orgs/:org/api_keys                     401 401 403 403 403 403 403 403 200 200 404 200
GET    /api/users/self                             401 401 403 403 403 403 403 403 200 200 200 200
GET    /api/users                                  401 401 403 403 403 403 403 403 200 200 200 200
GET    /api/users/:user                            401 401 403 403 403 403 403 403 200 200 404 200
PATCH  /api/users/:user                            401 401 403 403 403 403 403 403 403 403 404 200
PUT    /api/users/:user                            401 401 403 403 403 403 403 403 403 403 404 200
GET    /api/accounts/:account                      401 401 403 403 403 403 403 403 200 200 200 200
GET    /api/accounts/:account/rbac-roles           401 401 403 403 403 403 403 403 200 200 200 200
GET    /api/accounts/:account/users/:uuid          401 401 403 403 403 403 403 403 200 200 404 200
POST   /api/accounts/:account/invitations          401 401 403 403 403 403 403 403 403 403 403 201
GET    /api/accounts/:account/zones                401 401 403 403 403 403 403 403 200 200 200 200
POST   /api/accounts/:account/zones                401 401 403 403 403 403 403 403 403 403 403 201
GET    /api/accounts/:account/zones/:uuid          401 401 403 403 403 403 403 403 200 200 404 200
GET    /api/servers                                401 401 403 403 403 403 403 403 200 200 200 200
GET    /api/servers/:id                            401 401 403 403 403 403 403 403 200 200 404 200
GET    /api/servers/:id/packages                   401 401 403 403 403 403 403 403 200 200 404 200
GET    /api/servers/:id/queues                     401 401 403 403 403 403 403 403 200 200 404 200
GET    /api/servergroups                           401 401 403 403 403 403 403 403 200 200 200 200
GET    /.well-known/jwks.json                       200 200 200 200 200 200 200 200 200 200 200 200
POST   /api/v1/auth/token                           401 401 401 401 401 401 401 401 401 401 401 401
POST   /api/auth/bearer/token                       404 404 404 404 404 404 404 404 404 404 404 404
POST   /api/auth/bearer/refresh                     400 400 400 400 400 400 400 400 400 400 400 400
GET    /api/v1/api-keys                             401 401 403 403 403 403 403 403 200 200 200 400
POST   /api/v1/api-keys                             401 401 403 403 403 403 403 403 403 201 201 400
GET    /api/v1/api-keys/:appname                    401 401 403 403 403 403 403 403 200 200 404 400
PUT    /api/v1/api-keys/:appname                    401 401 403 403 403 403 403 403 403 200 404 400
PUT    /api/v1/api-keys/:appname/regen              401 401 403 403 403 403 403 403 403 403 404 400
DELETE /api/v1/api-keys/:appname                    401 401 403 403 403 403 403 403 403 204 404 400
`

func TestP18EveryDoorOpensToWhomTheMatrixSays(t *testing.T) {
	s := newStage(t)
	rows := map[string][]string{}
	for line := range strings.Lines(matrix) {
		if cells := strings.Fields(line); len(cells) > 0 {
			rows[cells[0]+" "+cells[1]] = cells[2:]
		}
	}
	for i, route := range s.Router.Routes {
		name := route.Method + " " + route.Path
		want, ok := rows[name]
		if !ok || len(want) != len(columns) {
			t.Errorf("%s: the matrix has %d answers of %d", name, len(want), len(columns))
			continue
		}
		delete(rows, name)
		for j, who := range columns {
			body := strings.ReplaceAll(bodies[name], "NAME", fmt.Sprintf("k-%d-%d", i, j))
			got := s.Send(s.as(who), route.Method+" "+s.path(route.Path), body)
			if strconv.Itoa(got.Status) != want[j] {
				t.Errorf("%s as %s: %d, want %s: %s", name, who, got.Status, want[j], got.Body)
			}
		}
	}
	for name := range rows {
		t.Errorf("%s is in the matrix and not in the router", name)
	}
	s.Must(s.Trail.Flush(t.Context()))
	if n := s.Number("SELECT count(*) FROM audit WHERE key_id IS NOT NULL"); n < 100 {
		t.Errorf("%d rows of keys in the log", n)
	}
	// The log finds what was done with a key among what its owner did.
	if n := s.Number("SELECT count(*) FROM audit a WHERE key_id IS NOT NULL AND user_id IS NOT (SELECT owner_id FROM api_keys WHERE id = a.key_id)"); n != 0 {
		t.Errorf("%d rows of keys are not their owners'", n)
	}
}

// TestP19AgentsEnterTheirOwnDoorsOnly sends what machines hold to every door: to
// those that look at it they are nobody's users.
func TestP19AgentsEnterTheirOwnDoorsOnly(t *testing.T) {
	s := newStage(t)
	_, device := s.Device(s.X, "web-1")
	right := map[string]testkit.Credential{"POST /v1/agent/enroll": s.AgentKey(s.X), "POST /v1/agent/check-in": device}
	wrong := map[string]testkit.Credential{"POST /v1/agent/enroll": device, "POST /v1/agent/check-in": s.AgentKey(s.X)}
	for _, route := range s.Router.Routes {
		name := route.Method + " " + route.Path
		body := strings.ReplaceAll(bodies[name], "NAME", "web-2")
		ask := func(as testkit.Credential) testkit.Answer {
			return s.Send(as, route.Method+" "+s.path(route.Path), body)
		}
		if own, ok := right[name]; ok {
			if got := ask(own); got.Status >= 400 {
				t.Errorf("%s with its credential: %d %s", name, got.Status, got.Body)
			}
			if got := ask(wrong[name]); got.Status != 403 {
				t.Errorf("%s with the other credential of machines: %d, want 403", name, got.Status)
			}
			continue
		}
		want := 403
		if route.Guard.Public() {
			want = ask(nil).Status
		}
		for _, as := range []testkit.Credential{device, s.AgentKey(s.X)} {
			if got := ask(as); got.Status != want {
				t.Errorf("%s as an agent: %d, want %d: %s", name, got.Status, want, got.Body)
			}
		}
	}
}

// TestP18PermissionsDecideAlone asks at every door that names a permission: who
// holds just that one comes in, who holds all but that one is told its name.
func TestP18PermissionsDecideAlone(t *testing.T) {
	s := newStage(t)
	for _, route := range s.Router.Routes {
		p := route.Guard.Permission()
		if p == "" {
			continue
		}
		var others []perm.Permission
		for _, e := range perm.Table {
			if e.Permission != p && !instead(route, e.Permission) {
				others = append(others, e.Permission)
			}
		}
		s.victim++
		with, without := s.Person(fmt.Sprintf("With%d", s.victim)), s.Person(fmt.Sprintf("Without%d", s.victim))
		s.Join(with, 0, s.Role(perm.Account, p))
		s.Join(without, 0, s.Role(perm.Account, others...))
		what := route.Method + " " + s.path(route.Path)
		body := bodies[route.Method+" "+route.Path]
		got := s.Send(s.holder(without, route), what, body) // first: the other may delete it
		if got.Status != 403 || got.Code() != "permission_required" && s.ours(route) || !strings.Contains(got.Body, string(p)) {
			t.Errorf("%s without %s: %d %s", what, p, got.Status, got.Body)
		}
		if got := s.Send(s.holder(with, route), what, body); got.Status == 403 || got.Status == 404 || got.Status == 401 {
			t.Errorf("%s with %s: %d %s", what, p, got.Status, got.Body)
		}
	}
}

// instead reports a permission that opens a door in the place of the one it names:
// who rotates a secret also sees that there is one.
func instead(route rest.Route, p perm.Permission) bool {
	return route.Method == rest.Get && (p == perm.AgentKeyManage || p == perm.SharedSecretManage)
}

// TestP18SpellingsOfAPathDecideTheSame asks in ways that routers read differently.
func TestP18SpellingsOfAPathDecideTheSame(t *testing.T) {
	s := newStage(t)
	for _, route := range s.Router.Routes {
		path := s.path(route.Path)
		for _, twin := range []string{path + "/", "/" + path, strings.ToUpper(path), path + ";x=1", path + "%2f", strings.Replace(path, "/v1", "/./v1", 1), strings.Replace(path, "v1", "%76%31", 1)} {
			if got := s.Send(nil, route.Method+" "+twin, bodies[route.Method+" "+route.Path]); got.Status < 400 && !route.Guard.Public() && strings.Contains(got.Header.Get("Content-Type"), "json") {
				t.Errorf("%s %s: %d", route.Method, twin, got.Status)
			}
		}
		for _, header := range []string{"X-HTTP-Method-Override: GET", "X-Original-URL: /healthz", "X-Rewrite-URL: /healthz"} {
			want := s.Send(nil, route.Method+" "+path, "").Status
			if got := s.Send(testkit.Credential{header}, route.Method+" "+path, ""); got.Status != want {
				t.Errorf("%s with %s: %d, want %d", path, header, got.Status, want)
			}
		}
	}
}

// TestP16BadKeysAreAllAlike compares the refusals of every bad key, byte for byte
// but for the request id.
func TestP16BadKeysAreAllAlike(t *testing.T) {
	s := newStage(t)
	who := s.As(s.Admin)
	ctx := t.Context()
	bad := map[string]testkit.Credential{"disabled": s.dead}
	var id api.KeyID
	id, bad["deleted"] = s.Key(s.Admin, s.X, api.Admin, "deleted")
	s.Must(s.Keys.Delete(ctx, who, id))
	id, bad["rotated away"] = s.Key(s.Admin, s.X, api.Admin, "rotated")
	_, err := s.Keys.Rotate(ctx, who, id, api.Rotate{})
	s.Must(err)
	id, bad["expired"] = s.Key(s.Admin, s.X, api.Admin, "expired")
	_, err = s.Keys.Edit(ctx, who, id, api.EditKey{ExpiresAt: api.Just(s.DB.Now().Add(time.Hour))})
	s.Must(err)
	_, bad["of a disabled owner"] = s.Key(s.Member, s.X, api.Admin, "owner")
	s.Exec("UPDATE users SET state = 'disabled' WHERE id = ?", s.Member)
	_, bad["of one who left"] = s.Key(s.Operator, s.X, api.Admin, "left")
	s.Exec("DELETE FROM memberships WHERE user_id = ?", s.Operator)
	bad["unknown"] = testkit.Credential{"Authorization: Bearer ks_7Hq2mVbT9xKc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x_000000"}
	s.Pass(2 * time.Hour)
	var first string
	for name, key := range bad {
		got := s.Send(key, "GET /v1/me", "")
		_, rest, _ := strings.Cut(got.Body, `"request_id"`)
		body := strings.Replace(got.Body, rest, "", 1)
		if got.Status != 401 {
			t.Errorf("a key that is %s: %d %s", name, got.Status, got.Body)
		}
		if first == "" {
			first = body
		}
		if body != first {
			t.Errorf("a key that is %s is told apart: %s", name, body)
		}
	}
}
