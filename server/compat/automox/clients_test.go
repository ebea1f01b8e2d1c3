package automox_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"keystead/server/testkit"
	"keystead/shared/api"
)

// with is a key as a client sends it: with header lines of its own.
func with(key testkit.Credential, lines ...string) testkit.Credential {
	return append(slices.Clone(key), lines...)
}

// count is how many rows a bare array has.
func count(k *testkit.Kit, got testkit.Answer) int {
	k.T.Helper()
	return len(testkit.Read[[]json.RawMessage](k, got, 200))
}

// bearer is a decrypted value as a credential.
func bearer(k *testkit.Kit, got testkit.Answer) testkit.Credential {
	k.T.Helper()
	return testkit.Bearer(api.Hide(testkit.Read[map[string]string](k, got, 200)["api_key"]))
}

// TestThePythonSDK sends what the generated SDK sends: a Content-Type always, {} where it
// has no body, dates of aware and of naive datetimes.
func TestThePythonSDK(t *testing.T) {
	d := newDesk(t, nil)
	for kind, key := range map[string]testkit.Credential{"global": d.global, "organization": d.local} {
		t.Run(kind, func(t *testing.T) {
			sdk := with(key, "User-Agent: Swagger-Codegen/0.3.0/python", "Accept: application/json", "Content-Type: application/json", "Accept-Encoding: identity")
			keys := func(id string) string { return "/api/users/ME/api_keys" + id + "?o=ORG" }
			orgs := d.wants(sdk, 200, "GET /api/orgs?page=0&limit=500", "")
			if n := count(d.Kit, orgs); n != map[string]int{"global": 2, "organization": 1}[kind] {
				t.Errorf("%d organizations", n)
			}
			if n := count(d.Kit, d.wants(sdk, 200, "GET /api/users?o=ORG", "")); n != 4 {
				t.Errorf("%d users", n)
			}
			before, _ := results(d.Kit, d.wants(sdk, 200, "GET "+keys("")+"&page=0&limit=500", ""))
			made := make([]string, 3)
			for i, body := range []string{
				`{"name": "k2 ` + kind + `"}`,
				`{"name": "d ` + kind + `", "expires_at": "2027-01-01T00:00:00+00:00"}`,
				`{"name": "e ` + kind + `", "expires_at": "2027-01-01T12:00:00.123456"}`,
			} {
				got := d.wants(sdk, 200, "POST "+keys(""), body)
				want := []string{`"expires_at":null`, `"expires_at":"2027-01-01T00:00:00+0000"`, `"expires_at":"2027-01-01T12:00:00+0000"`}[i]
				if !strings.Contains(got.Body, want) || strings.Contains(got.Body, "ks_") {
					t.Errorf("%s: %s", body, got.Body)
				}
				made[i] = madeID(d.Kit, got)
			}
			d.wants(sdk, 400, "POST "+keys(""), `{}`)
			after, size := results(d.Kit, d.wants(sdk, 200, "GET "+keys("")+"&page=0&limit=500", ""))
			if len(after) != len(before)+3 || size != len(after) {
				t.Errorf("%d keys of %d, before %d", len(after), size, len(before))
			}
			if ofOrg, _ := results(d.Kit, d.wants(sdk, 200, "GET /api/orgs/ORG/api_keys", "")); !slices.Equal(ofOrg, after) {
				t.Errorf("the organization has %v", ofOrg)
			}
			one := keys("/" + made[0])
			value := bearer(d.Kit, d.wants(sdk, 200, "POST "+keys("/"+made[0]+"/decrypt"), `{}`))
			d.wants(value, 200, "GET /api/users/self", "")
			off := d.wants(sdk, 200, "PUT "+one, `{"is_enabled": false}`)
			if got := d.wants(sdk, 200, "GET "+one, ""); got.Body != off.Body || !strings.Contains(got.Body, `"is_enabled":false`) {
				t.Errorf("switched off it is %s, then %s", off.Body, got.Body)
			}
			d.wants(value, 401, "GET /api/users/self", "")
			d.wants(sdk, 204, "DELETE "+one, `{}`)
			d.wants(sdk, 404, "GET "+one, "")
		})
	}
}

// TestAutomoxMCP sends what the MCP server sends.
func TestAutomoxMCP(t *testing.T) {
	d := newDesk(t, nil)
	mcp := with(d.global, "User-Agent: automox-mcp/1.2.0", "Connection: keep-alive", "Content-Type: application/json")
	d.wants(mcp, 200, "GET /api/orgs?page=0&limit=25", "")
	d.wants(mcp, 200, "GET /api/users?o=ORG", "")
	ids, size := results(d.Kit, d.wants(mcp, 200, "GET /api/orgs/ORG/api_keys?page=0&limit=25", ""))
	if len(ids) != 1 || size != 1 {
		t.Errorf("%v of %d", ids, size)
	}
	key := madeID(d.Kit, d.wants(mcp, 200, "POST /api/users/ME/api_keys?o=ORG", `{"name": "k", "expires_at": "2027-01-01T00:00:00+0000"}`))
	if ids, size = results(d.Kit, d.wants(mcp, 200, "GET /api/users/ME/api_keys?o=ORG&page=0&limit=1", "")); len(ids) != 1 || size != 2 {
		t.Errorf("a page of one is %v of %d", ids, size)
	}
	one := " /api/users/ME/api_keys/" + key + "?o=ORG"
	d.wants(mcp, 200, "GET"+one, "")
	d.wants(mcp, 200, "PUT"+one, `{"is_enabled": false}`)
	d.wants(mcp, 204, "DELETE"+one, "")
	ids, _ = results(d.Kit, d.wants(mcp, 200, "GET /api/global/api_keys", ""))
	if len(ids) != 1 {
		t.Errorf("global keys %v", ids)
	}
	global := madeID(d.Kit, d.wants(mcp, 200, "POST /api/global/api_keys", `{"name": "g"}`))
	d.wants(mcp, 200, "PUT /api/global/api_keys/"+global, `{"is_enabled": false}`)
	d.wants(mcp, 204, "DELETE /api/global/api_keys/"+global, "")
	d.wants(mcp, 200, "GET /api/accounts/ACCOUNT", "")
	d.wants(mcp, 200, "GET /api/accounts/ACCOUNT/rbac-roles", "")
	d.wants(mcp, 200, "GET /api/accounts/ACCOUNT/zones", "")
}

// TestGoAutomox lists devices with no query, and with a header that only answers have.
func TestGoAutomox(t *testing.T) {
	d := newDesk(t, nil)
	d.Device(d.X, "web-1")
	d.Device(d.Y, "web-2")
	for key, want := range map[string]int{"global": 2, "organization": 1} {
		as := map[string]testkit.Credential{"global": d.global, "organization": d.local}[key]
		client := with(as, "Connection: close", "Strict-Transport-Security: max-age=31536000; includeSubDomains")
		if n := count(d.Kit, d.wants(client, 200, "GET /api/servers", "")); n != want {
			t.Errorf("by the %s key: %d devices, want %d", key, n, want)
		}
	}
}

// TestGraphAutomox asks for one page more than there is, until it is empty: a server
// that does not count pages would be asked for ever.
func TestGraphAutomox(t *testing.T) {
	d := newDesk(t, nil)
	d.Device(d.X, "web-1")
	graph := with(d.global, "User-Agent: node-fetch/1.0 (+https://github.com/bitinn/node-fetch)", "Accept: */*")
	if n := count(d.Kit, d.wants(graph, 200, "GET /api/orgs?limit=500&page=0", "")); n != 2 {
		t.Errorf("%d organizations", n)
	}
	for path, rows := range map[string]int{"/api/users/": 5, "/api/servergroups/": 0, "/api/servers/": 1} {
		found, page := 0, 0
		for ; page < 5; page++ {
			got := d.wants(graph, 200, fmt.Sprintf("GET %s?limit=500&page=%d", path, page), "")
			n := count(d.Kit, got)
			if found += n; n == 0 {
				if got.Body != "[]" {
					t.Errorf("%s: the page after the last is %s", path, got.Body)
				}
				break
			}
		}
		if pages := min(rows, 1); found != rows || page != pages {
			t.Errorf("%s: %d rows on %d pages, want %d", path, found, page, rows)
		}
	}
}

// TestTheAPIKeyManager replays what the PowerShell script does with one global key.
func TestTheAPIKeyManager(t *testing.T) {
	d := newDesk(t, nil)
	script := with(d.global, "Content-Type: application/json", "Accept: application/json, text/plain, */*")
	self := testkit.Read[struct {
		ID    int64
		Email string
	}](d.Kit, d.wants(script, 200, "GET /api/users/self", ""), 200)
	if self.ID != int64(d.Admin) || self.Email != "ada@northwind.example" {
		t.Fatalf("self is %+v", self)
	}
	type key struct {
		ID   int64
		Name string
		User struct {
			ID    any
			Email string
		}
	}
	listed := func() (names []string) {
		for _, k := range testkit.Read[struct{ Results []key }](d.Kit, d.wants(script, 200, "GET /api/global/api_keys", ""), 200).Results {
			names = append(names, "global "+k.Name+" of "+k.User.Email)
		}
		for _, org := range testkit.Read[[]struct{ ID int64 }](d.Kit, d.wants(script, 200, "GET /api/orgs", ""), 200) {
			for _, k := range testkit.Read[struct{ Results []key }](d.Kit, d.wants(script, 200, fmt.Sprintf("GET /api/orgs/%d/api_keys", org.ID), ""), 200).Results {
				if k.User.ID == float64(self.ID) {
					names = append(names, fmt.Sprint(org.ID, " ", k.Name))
				}
			}
		}
		return names
	}
	d.Key(d.Operator, d.X, api.Admin, "another's")
	want := []string{"global client of ada@northwind.example", number(d.X) + " client of X"}
	if got := listed(); !slices.Equal(got, want) {
		t.Errorf("at first %q", got)
	}
	var made []string
	create := func(keys, org string) {
		id := madeID(d.Kit, d.wants(script, 200, "POST "+keys+org, `{"name":"by script"}`))
		one := keys + "/" + id
		value := bearer(d.Kit, d.wants(script, 200, "POST "+one+"/decrypt"+org, ""))
		d.wants(value, 200, "GET /api/users/self", "")
		made = append(made, one+org)
	}
	create("/api/global/api_keys", "")
	create("/api/users/ME/api_keys", "?o=ORG")
	create("/api/users/ME/api_keys", "?o=OTHER")
	want = []string{want[0], "global by script of ada@northwind.example", number(d.Y) + " by script", want[1], number(d.X) + " by script"}
	if got := listed(); !slices.Equal(got, want) {
		t.Errorf("with the new ones %q, want %q", got, want)
	}
	for _, one := range made {
		d.wants(script, 204, "DELETE "+one, "")
		d.wants(script, 404, "DELETE "+one, "")
	}
	if got := listed(); len(got) != 2 {
		t.Errorf("at last %q", got)
	}
}
