package automox_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp/fasthttputil"

	"keystead/server/config"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// TestP01AValueIsInDecryptOnly: create answers 200 and no value, and nor does anything
// else but decrypt, which is a POST.
func TestP01AValueIsInDecryptOnly(t *testing.T) {
	d := newDesk(t, func(c *config.Config) { c.CompatAccessKey = true })
	for keys, org := range map[string]string{"/api/users/ME/api_keys": "?o=ORG", "/api/global/api_keys": ""} {
		added := d.wants(d.global, 200, "POST "+keys+org, `{"name":"x"}`)
		one := keys + "/" + madeID(d.Kit, added)
		value := testkit.Read[map[string]string](d.Kit, d.wants(d.global, 200, "POST "+one+"/decrypt"+org, ""), 200)
		if len(value) != 1 || !strings.HasPrefix(value["api_key"], "ks_") {
			t.Errorf("decrypted %d members", len(value))
		}
		d.wants(d.global, 405, "GET "+one+"/decrypt"+org, "")
		all := added.Body + d.wants(d.global, 200, "PUT "+one+org, `{"is_enabled":true}`).Body
		for _, what := range []string{keys + org, "/api/orgs/ORG/api_keys", "/api/orgs", "/api/users", "/api/users/self", "/api/accounts/ACCOUNT/zones"} {
			all += d.wants(d.global, 200, "GET "+what, "").Body
		}
		if strings.Contains(all, "ks_") {
			t.Errorf("a value of %s is in another answer", keys)
		}
		if n := d.Number("SELECT count(*) FROM audit WHERE act = 'api_key.reveal' AND target_id = ?", madeID(d.Kit, added)); n != 1 {
			t.Errorf("%d reveals of %s are in the log", n, one)
		}
	}
}

// TestTheLimitIsTen: of a person in an organization, whatever state the keys are in, and
// also if they are asked for at once; the eleventh is 400.
func TestTheLimitIsTen(t *testing.T) {
	d := newDesk(t, nil)
	for n := range 9 {
		id := madeID(d.Kit, d.wants(d.global, 200, "POST /api/users/ME/api_keys?o=ORG", fmt.Sprintf(`{"name":"k%d"}`, n)))
		if n%2 == 0 {
			d.wants(d.global, 200, "PUT /api/users/ME/api_keys/"+id+"?o=ORG", `{"is_enabled":"False"}`)
		}
	}
	got := d.wants(d.global, 400, "POST /api/users/ME/api_keys?o=ORG", `{"name":"k10"}`)
	if !strings.Contains(got.Body, "10 keys in this organization") {
		t.Error(got.Body)
	}
	d.wants(d.global, 200, "POST /api/users/ME/api_keys?o=OTHER", `{"name":"k10"}`)
	d.wants(d.global, 200, "POST /api/global/api_keys", `{"name":"k10"}`)

	statuses := make(chan int, 20)
	for n := range 20 {
		go func() {
			statuses <- d.Send(d.global, "POST /api/global/api_keys", fmt.Sprintf(`{"name":"g%d"}`, n)).Status
		}()
	}
	added := 0
	for range 20 {
		if <-statuses == 200 {
			added++
		}
	}
	if _, size := results(d.Kit, d.wants(d.global, 200, "GET /api/global/api_keys", "")); added != 8 || size != 10 {
		t.Errorf("of twenty at once %d were added, there are %d", added, size)
	}
}

// TestMadeKeysEndWithTheirMaker: without expires_at a key ends with the one that makes
// it at the latest; to ask for more is 400, with the reason.
func TestMadeKeysEndWithTheirMaker(t *testing.T) {
	d := newDesk(t, nil)
	d.Exec("UPDATE api_keys SET expires_at = ?", d.DB.Now().Add(48*time.Hour).UnixMilli())
	for _, keys := range []string{"/api/users/ME/api_keys?o=ORG", "/api/global/api_keys"} {
		d.wants(d.global, 200, "POST "+keys, `{"name":"without a word"}`)
		for _, asked := range []string{"null", `"2099-01-01T00:00:00"`} {
			got := d.wants(d.global, 400, "POST "+keys, `{"name":"longer","expires_at":`+asked+`}`)
			if !strings.Contains(got.Body, "no key makes") {
				t.Error(got.Body)
			}
		}
	}
	if n := d.Number("SELECT count(*) FROM api_keys WHERE name = 'without a word' AND expires_at = ?", d.DB.Now().Add(48*time.Hour).UnixMilli()); n != 2 {
		t.Errorf("%d of 2 keys end with their maker", n)
	}
}

// TestNamesAreTakenByUserAndOrganization: a taken name is 400, in any case; another
// organization's or person's is not taken.
func TestNamesAreTakenByUserAndOrganization(t *testing.T) {
	d := newDesk(t, nil)
	_, operator := d.Key(d.Operator, d.X, api.Admin, "of the operator")
	d.wants(d.global, 200, "POST /api/users/ME/api_keys?o=ORG", `{"name":"deploy"}`)
	for _, name := range []string{"deploy", "Deploy", " deploy "} {
		got := d.wants(d.global, 400, "POST /api/users/ME/api_keys?o=ORG", `{"name":"`+name+`"}`)
		if got.Body != `{"errors":["name: There is a key of that name already."]}` {
			t.Error(got.Body)
		}
	}
	d.wants(d.global, 200, "POST /api/users/ME/api_keys?o=OTHER", `{"name":"deploy"}`)
	d.wants(d.global, 200, "POST /api/global/api_keys", `{"name":"deploy"}`)
	d.wants(operator, 200, "POST /api/users/"+number(d.Operator)+"/api_keys", `{"name":"deploy"}`)
	for _, body := range []string{`{"name":""}`, `{"name":"a/b"}`, `{"name":null}`, `{"name":7}`, `{"name":"` + strings.Repeat("x", 256) + `"}`, `x`, `[]`, `{"name":"a","name":"b"}`} {
		d.wants(d.global, 400, "POST /api/users/ME/api_keys?o=ORG", body)
	}
}

// TestO: with and without o, by both kinds of key.
func TestO(t *testing.T) {
	d := newDesk(t, nil)
	d.Device(d.X, "in-x")
	d.Device(d.Y, "in-y")
	d.Key(d.Admin, d.Y, api.Admin, "of Y")
	ids := func(as testkit.Credential, o string) int {
		ids, size := results(d.Kit, d.wants(as, 200, "GET /api/users/ME/api_keys"+o, ""))
		if len(ids) != size {
			t.Errorf("%d keys, size %d", len(ids), size)
		}
		return size
	}
	for _, c := range []struct {
		as            testkit.Credential
		o             string
		keys, servers int
	}{
		{d.global, "", 2, 2}, {d.global, "?o=ORG", 1, 1}, {d.global, "?o=OTHER", 1, 1},
		{d.local, "", 1, 1}, {d.local, "?o=ORG", 1, 1},
	} {
		if n := ids(c.as, c.o); n != c.keys {
			t.Errorf("%q: %d keys, want %d", c.o, n, c.keys)
		}
		if n := count(d.Kit, d.wants(c.as, 200, "GET /api/servers"+c.o, "")); n != c.servers {
			t.Errorf("%q: %d devices, want %d", c.o, n, c.servers)
		}
	}
	// An organization's key elsewhere is refused, whether there is such a one or not.
	for _, o := range []string{"OTHER", "999999"} {
		for _, what := range []string{
			"GET /api/users", "GET /api/users/ME", "PATCH /api/users/ME", "GET /api/servers", "GET /api/servers/1", "GET /api/servers/1/packages", "GET /api/servergroups",
			"GET /api/users/ME/api_keys", "POST /api/users/ME/api_keys", "GET /api/users/ME/api_keys/2", "PUT /api/users/ME/api_keys/2",
			"DELETE /api/users/ME/api_keys/2", "POST /api/users/ME/api_keys/2/decrypt",
		} {
			got := d.wants(d.local, 403, what+"?o="+o, `{"name":"x","is_enabled":true}`)
			if got.Body != `{"errors":["This API key belongs to another organization than o says."]}` {
				t.Errorf("%s?o=%s: %s", what, o, got.Body)
			}
		}
	}
	// A global key adds nothing anywhere; what has an id is found without o.
	d.wants(d.global, 400, "POST /api/users/ME/api_keys", `{"name":"where"}`)
	d.wants(d.global, 200, "GET /api/users/ME/api_keys/2", "")
	d.wants(d.global, 404, "GET /api/users/ME/api_keys/2?o=OTHER", "")
	d.wants(d.global, 404, "GET /api/users/ME/api_keys/1", "") // a global one
	d.wants(d.global, 404, "PUT /api/global/api_keys/2", `{"is_enabled":false}`)
	d.wants(d.global, 404, "GET /api/users/"+number(d.Operator)+"/api_keys/2", "")
	// One that never was is nobody's, not even for who belongs to every one.
	for _, what := range []string{
		"GET /api/users", "GET /api/users/ME", "PATCH /api/users/ME", "GET /api/servers", "GET /api/servergroups", "GET /api/users/ME/api_keys", "POST /api/users/ME/api_keys",
	} {
		d.wants(d.global, 404, what+"?o=999999", `{"name":"x","firstname":"x"}`)
	}
	for _, o := range []string{"0", "-1", "x", "1.5", "", "01", "99999999999999999999"} {
		d.wants(d.global, 400, "GET /api/users?o="+o, "")
	}
	d.wants(d.local, 403, "GET /api/global/api_keys", "")
	d.wants(d.local, 403, "POST /api/global/api_keys", `{"name":"x"}`)
	if got := d.wants(d.local, 200, "GET /api/orgs", ""); count(d.Kit, got) != 1 {
		t.Errorf("an organization's key sees %s", got.Body)
	}
}

// TestSlashesAndBodiesAreHarmless: a slash behind a path and a body where none is taken
// change nothing, and nothing is redirected.
func TestSlashesAndBodiesAreHarmless(t *testing.T) {
	d := newDesk(t, nil)
	for _, what := range []string{
		"GET /api/users/?limit=500", "GET /api/servers/?o=ORG", "GET /api/servergroups/", "GET /api/orgs/", "GET /api/orgs/ORG/", "GET /api/orgs/ORG/api_keys/",
		"GET /api/users/self/", "GET /api/users/ME/?o=ORG", "GET /api/users/ME/api_keys/?o=ORG", "GET /api/global/api_keys/", "GET /api/accounts/ACCOUNT/zones/",
	} {
		plain := d.wants(d.global, 200, strings.Replace(what, "/?", "?", 1), "")
		for _, body := range []string{"", "{}", `{"x":1}`, "no JSON"} {
			if got := d.wants(d.global, 200, what, body); strings.TrimSuffix(what, "/") == what && got.Body != plain.Body {
				t.Errorf("%s with %q: %s", what, body, got.Body)
			}
		}
	}
	key := madeID(d.Kit, d.wants(d.global, 200, "POST /api/users/ME/api_keys/?o=ORG", `{"name":"x","page":0}`))
	d.wants(d.global, 200, "PUT /api/users/ME/api_keys/"+key+"/?o=ORG&page=0&limit=1000", `{"is_enabled":true}`)
	d.wants(d.global, 200, "POST /api/users/ME/api_keys/"+key+"/decrypt/?o=ORG", "{}")
	d.wants(d.global, 204, "DELETE /api/users/ME/api_keys/"+key+"/?o=ORG", "{}")
}

// TestPagesCountFromZero: and what is no page is 400, unknown parameters are none of ours.
func TestPagesCountFromZero(t *testing.T) {
	d := newDesk(t, nil)
	for n := range 4 {
		d.Key(d.Admin, d.Y, api.Admin, fmt.Sprint("k", n))
	}
	all, _ := results(d.Kit, d.wants(d.global, 200, "GET /api/users/ME/api_keys?o=OTHER", ""))
	for query, want := range map[string][]int64{
		"page=0&limit=3": all[:3], "page=1&limit=3": all[3:], "page=2&limit=3": nil, "limit=500": all, "p=1&l=3": all[3:], "include_details=1&limit=1": all[:1],
	} {
		ids, size := results(d.Kit, d.wants(d.global, 200, "GET /api/users/ME/api_keys?o=OTHER&"+query, ""))
		if !slices.Equal(ids, want) || size != 4 {
			t.Errorf("%s: %v of %d, want %v", query, ids, size, want)
		}
	}
	for _, query := range []string{"limit=0", "limit=501", "limit=-1", "limit=x", "page=-1", "page=x", "l=501", "page=0&page=1"} {
		for _, path := range []string{"/api/users", "/api/orgs", "/api/servers", "/api/global/api_keys", "/api/accounts/ACCOUNT/zones"} {
			d.wants(d.global, 400, "GET "+path+"?"+query, "")
		}
	}
}

// TestSelfIsNoID: /users/self comes before the ids, and one's own id is oneself.
func TestSelfIsNoID(t *testing.T) {
	d := newDesk(t, nil)
	_, plain := d.Key(d.Verifier, d.X, api.ReadOnly, "without users:read")
	self := d.wants(plain, 200, "GET /api/users/self", "")
	if got := d.wants(plain, 200, "GET /api/users/"+number(d.Verifier), ""); got.Body != self.Body || !strings.HasPrefix(got.Body, "{") {
		t.Errorf("by id one is %s", got.Body)
	}
	d.wants(plain, 403, "GET /api/users", "")
	d.wants(plain, 404, "GET /api/users/ME", "")
	d.wants(d.global, 404, "GET /api/users/Self", "")
	d.wants(d.global, 405, "POST /api/users/self", "{}")
}

// TestUUIDsAreThere: clients that are started with the account's UUID find it, and every
// organization and user has one.
func TestUUIDsAreThere(t *testing.T) {
	d := newDesk(t, nil)
	type thing struct {
		ID             any
		UUID           string
		OrganizationID api.OrgID `json:"organization_id"`
		AccountID      string    `json:"account_id"`
	}
	user := testkit.Read[thing](d.Kit, d.wants(d.global, 200, "GET /api/users/self", ""), 200)
	if user.AccountID != d.account || len(user.UUID) != 36 {
		t.Errorf("%+v", user)
	}
	for _, org := range testkit.Read[[]thing](d.Kit, d.wants(d.global, 200, "GET /api/orgs", ""), 200) {
		zone := testkit.Read[thing](d.Kit, d.wants(d.global, 200, "GET /api/accounts/ACCOUNT/zones/"+org.UUID, ""), 200)
		if zone.ID != org.UUID || float64(zone.OrganizationID) != org.ID || zone.AccountID != d.account {
			t.Errorf("%+v is the zone %+v", org, zone)
		}
	}
	d.wants(d.global, 200, "GET /api/accounts/ACCOUNT/users/"+user.UUID, "")
	for _, path := range []string{"", "/zones", "/rbac-roles", "/users/" + user.UUID} {
		d.wants(d.global, 404, "GET /api/accounts/"+user.UUID+path, "")
	}
}

// TestRatesAreToldInLowerCase: on the wire, on good answers and bad ones, and what the
// limit does.
func TestRatesAreToldInLowerCase(t *testing.T) {
	d := newDesk(t, func(c *config.Config) { c.RateLimit = 3 })
	d.wants(nil, 404, "GET /api/nothing", "") // and the router is up
	ask := func(path string, key testkit.Credential) string {
		pipe := fasthttputil.NewPipeConns()
		go func() { _ = d.Router.App.Server().ServeConn(pipe.Conn1()) }()
		conn := pipe.Conn2()
		_, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"+strings.Join(append(key, "", ""), "\r\n"))
		d.Must(err)
		answer, err := io.ReadAll(conn)
		d.Must(err)
		return string(answer)
	}
	reset := "x-ratelimit-reset: " + strconv.FormatInt(d.DB.Now().Unix()+1, 10) + "\r\n"
	for i, want := range []struct{ path, status, left string }{
		{"/api/orgs", "200 OK", "2"}, {"/api/orgs/999", "404 Not Found", "1"}, {"/api/orgs", "200 OK", "0"}, {"/api/orgs", "429 Too Many Requests", "0"},
	} {
		got := ask(want.path, with(d.global))
		for _, line := range []string{"HTTP/1.1 " + want.status + "\r\n", "x-ratelimit-limit: 3\r\n", "x-ratelimit-remaining: " + want.left + "\r\n", reset, "Content-Type: application/json\r\n"} {
			if strings.Count(got, line) != 1 {
				t.Errorf("request %d lacks %q: %s", i, line, got)
			}
		}
		if strings.HasPrefix(got, "HTTP/1.1 429 ") != strings.Contains(got, "Retry-After: 1\r\n") {
			t.Errorf("request %d: %s", i, got)
		}
	}
	if got := ask("/api/orgs", testkit.Credential{"Authorization: Bearer x"}); !strings.HasPrefix(got, "HTTP/1.1 401 ") || !strings.Contains(got, "x-ratelimit-limit: 3\r\n") {
		t.Error(got)
	}
}

// TestWhatNeverReachesADoorIsRefusedInTheirWords: unknown paths and methods, credentials
// in the URL, bodies that are too large or compressed, several credentials.
func TestWhatNeverReachesADoorIsRefusedInTheirWords(t *testing.T) {
	d := newDesk(t, nil)
	d.wants(nil, 401, "GET /api/users", "")
	d.wants(testkit.Credential{"Authorization: Bearer 82dc20bb-e29c-49cb-8d0e-03d785d46627"}, 401, "GET /api/users", "")
	d.wants(testkit.Credential{"Authorization: Basic eDp5"}, 401, "GET /api/users", "")
	d.wants(nil, 400, "GET /api/users?api_key=82dc20bb-e29c-49cb-8d0e-03d785d46627", "")
	d.wants(with(d.global, "X-API-Key: x"), 400, "GET /api/users", "")
	d.wants(d.Session(d.Admin), 403, "GET /api/users", "")
	d.wants(d.global, 404, "GET /api", "")
	d.wants(d.global, 404, "GET /api/policies", "")
	d.wants(d.global, 404, "GET /api/users//api_keys", "")
	d.wants(d.global, 405, "DELETE /api/orgs", "")
	d.wants(with(d.global, "Content-Type: text/plain"), 415, "POST /api/global/api_keys", `{"name":"x"}`)
	d.wants(with(d.global, "Content-Encoding: gzip"), 415, "POST /api/global/api_keys", `{"name":"x"}`)
	d.wants(d.global, 405, "BREW /api/orgs", "")
	d.wants(with(d.global, "Content-Type: application/json; charset=utf-8"), 200, "POST /api/global/api_keys", `{"name":"x"}`)
}

// TestPatchingAUser: names and address as the permissions allow, passwords never.
func TestPatchingAUser(t *testing.T) {
	d := newDesk(t, nil)
	member := "/api/users/" + number(d.Member)
	for _, method := range []string{"PATCH", "PUT"} {
		got := d.wants(d.global, 200, method+" "+member+"?o=ORG", `{"firstname":"`+method+`","lastname":"Moss","tfa_type":"google"}`)
		if !strings.Contains(got.Body, `"firstname":"`+method+`","lastname":"Moss"`) {
			t.Error(got.Body)
		}
		d.wants(d.global, 400, method+" "+member, `{"password":"walnut parade lantern 58"}`)
		d.wants(d.global, 400, method+" "+member, `{"firstname":"a/b"}`)
	}
	if got := d.wants(d.global, 400, "PATCH "+member, `{"lastname":"a/b"}`); !strings.HasPrefix(got.Body, `{"errors":["lastname: `) {
		t.Error(got.Body)
	}
	d.wants(d.global, 409, "PATCH "+member, `{"email":"ada@northwind.example"}`)
	d.wants(d.global, 200, "PATCH "+member, `{"email":"moss@northwind.example"}`)
	d.wants(d.local, 403, "PATCH "+member, `{"firstname":"x"}`)
	d.wants(d.global, 404, "PATCH /api/users/999", `{"firstname":"x"}`)
}

// TestInviting: roles by slug, organizations by UUID, nothing that the caller lacks.
func TestInviting(t *testing.T) {
	d := newDesk(t, nil)
	d.Role(perm.Organization, perm.DevicesRead)
	d.Exec("UPDATE roles SET name = 'On call', name_folded = 'on call' WHERE built_in = 0")
	custom := "on-call-" + strconv.FormatInt(d.Number("SELECT id FROM roles WHERE built_in = 0"), 10)
	org, err := d.Orgs.Get(t.Context(), d.As(d.Admin), d.X)
	d.Must(err)
	n := 0
	invite := func(status int, role, zone, zoneRole string) testkit.Answer {
		t.Helper()
		n++
		zones := ""
		if zone != "" {
			zones = `,"zone_assignments":[{"zone_id":"` + zone + `","rbac_role":"` + zoneRole + `"}]`
		}
		return d.wants(d.global, status, "POST /api/accounts/ACCOUNT/invitations", fmt.Sprintf(`{"email":"p%d@northwind.example","account_rbac_role":"%s"%s}`, n, role, zones))
	}
	got := invite(201, "no-global-access", org.UUID, custom)
	if strings.Contains(got.Body, "invite#") || d.Number("SELECT count(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email = 'p1@northwind.example'") != 1 {
		t.Error(got.Body)
	}
	invite(201, "global-admin", "", "")
	invite(201, "non-global-admin", org.UUID, "read-only")
	for _, bad := range [][3]string{
		{"zone-admin", "", ""}, {"read-only", "", ""}, {"", "", ""}, {"no-global-access", org.UUID, "zone-admin"}, {"no-global-access", org.UUID, "global-admin"},
		{"no-global-access", d.account, "read-only"}, {"no-global-access", "x", "read-only"},
	} {
		invite(400, bad[0], bad[1], bad[2])
	}
	d.wants(d.global, 409, "POST /api/accounts/ACCOUNT/invitations", `{"email":"p1@northwind.example","account_rbac_role":"no-global-access"}`)
	d.wants(d.global, 400, "POST /api/accounts/ACCOUNT/invitations", `{"email":"no address","account_rbac_role":"no-global-access"}`)
	d.wants(d.global, 400, "POST /api/accounts/ACCOUNT/zones", `{}`)
	lesser := d.Person("Lena")
	d.Join(lesser, 0, d.Role(perm.Account, perm.UsersManage, perm.RolesRead))
	_, as := d.Key(lesser, 0, api.Admin, "lesser")
	d.wants(as, 403, "POST /api/accounts/ACCOUNT/invitations", `{"email":"q@northwind.example","account_rbac_role":"global-admin"}`)
	if n := d.Number("SELECT count(*) FROM users WHERE email LIKE 'q@%'"); n != 0 {
		t.Error("a refused invitation left a user")
	}
}

// TestFamilies: what a machine said of itself, as their clients sort machines.
func TestFamilies(t *testing.T) {
	d := newDesk(t, nil)
	for os, want := range map[string]string{"Linux 6.1": "Linux", "Darwin 24.1": "Mac", "macOS 15": "Mac", "Windows 11": "Windows", "OpenBSD": "Linux"} {
		body := `{"hostname":"h","os":"` + os + `","agent_version":"1"}`
		enrolled := testkit.Read[api.Enrolled](d.Kit, d.Send(d.AgentKey(d.X), "POST "+api.PathAgentEnroll, body), http.StatusCreated)
		got := d.wants(d.global, 200, "GET /api/servers/"+number(enrolled.Device.ID), "")
		if !strings.Contains(got.Body, `"os_family":"`+want+`","os_name":"`+os+`"`) || !strings.Contains(got.Body, `"connected":false`) {
			t.Errorf("%s: %s", os, got.Body)
		}
	}
}
