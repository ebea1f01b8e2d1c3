package automox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keystead/server/config"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// TestP18RolesDecideOnKeys: what each role may do with one's own keys and with another's,
// in an organization. listed: whether another's is in the lists.
func TestP18RolesDecideOnKeys(t *testing.T) {
	d := newDesk(t, nil)
	custom := func(first string, ps ...perm.Permission) api.UserID {
		user := d.Person(first)
		d.Join(user, d.X, d.Role(perm.Organization, ps...))
		return user
	}
	n := 0
	for _, c := range []struct {
		who                                     string
		user                                    api.UserID
		listed                                  bool
		get, disable, enable, decrypt, add, del int
	}{
		{"Full Administrator", d.Admin, true, 200, 200, 200, 403, 403, 204},
		{"Organization Operator", d.Operator, false, 404, 404, 404, 404, 403, 404}, // sees the person, not the keys
		{"Read Only", d.Member, false, 404, 404, 404, 404, 404, 404},
		{"Verifier", d.Verifier, false, 404, 404, 404, 404, 404, 404},
		{"with no permission", custom("Nia"), false, 404, 404, 404, 404, 404, 404},
		{"who lists", custom("Lia", perm.KeysList), true, 403, 403, 403, 403, 404, 403},
		{"who reads", custom("Ria", perm.KeysRead), false, 200, 403, 403, 403, 404, 403},
		{"who modifies", custom("Moa", perm.KeysModify), false, 200, 200, 200, 403, 404, 403},
		{"who deletes", custom("Dea", perm.KeysDelete), false, 200, 403, 403, 403, 404, 204},
		{"who does all", custom("Ava", perm.KeysList, perm.KeysModify, perm.KeysDelete), true, 200, 200, 200, 403, 404, 204},
		{"of another organization", d.Stranger, false, 404, 404, 404, 404, 404, 404},
	} {
		for kind, org := range map[string]api.OrgID{"global": 0, "organization": d.X} {
			if c.user == d.Stranger && org != 0 {
				org = d.Y
			}
			t.Run(c.who+" by a key: "+kind, func(t *testing.T) {
				n++
				owner := d.Person(fmt.Sprint("Owner", n))
				d.Join(owner, d.X, d.Role(perm.Organization))
				theirs, _ := d.Key(owner, d.X, api.Admin, "theirs")
				_, key := d.Key(c.user, org, api.Admin, "client of "+kind)
				keys := "/api/users/" + number(owner) + "/api_keys"
				one := keys + "/" + number(theirs)
				ids, _ := results(d.Kit, d.wants(key, 200, "GET "+keys, ""))
				if listed := slices.Contains(ids, int64(theirs)); listed != c.listed {
					t.Errorf("listed: %v", listed)
				}
				d.wants(key, c.get, "GET "+one, "")
				d.wants(key, c.disable, "PUT "+one, `{"is_enabled":false}`)
				d.wants(key, c.enable, "PUT "+one, `{"is_enabled":true}`)
				d.wants(key, c.decrypt, "POST "+one+"/decrypt", "")
				if org != 0 {
					d.wants(key, c.add, "POST "+keys, `{"name":"for them"}`)
				}
				d.wants(key, c.del, "DELETE "+one, "")
				if c.user == d.Stranger {
					return
				}

				own := "/api/users/" + number(c.user) + "/api_keys"
				mine := own + "/" + madeID(d.Kit, d.wants(key, 200, "POST "+own+"?o=ORG", `{"name":"own"}`))
				d.wants(key, 200, "GET "+mine, "")
				d.wants(key, 200, "POST "+mine+"/decrypt", "")
				d.wants(key, 200, "PUT "+mine, `{"is_enabled":"False"}`)
				d.wants(key, 204, "DELETE "+mine, "")
			})
		}
	}
}

// TestP18GlobalKeysTakeTheAccount: others' global keys are seen and changed with
// permissions on the account only.
func TestP18GlobalKeysTakeTheAccount(t *testing.T) {
	d := newDesk(t, nil)
	on := func(first string, scope perm.Scope, ps ...perm.Permission) testkit.Credential {
		user, org := d.Person(first), d.X
		if scope == perm.Account {
			org = 0
		}
		d.Join(user, org, d.Role(scope, ps...))
		_, key := d.Key(user, 0, api.Admin, "client")
		return key
	}
	all := []perm.Permission{perm.KeysList, perm.KeysModify, perm.KeysDelete}
	for _, c := range []struct {
		who      string
		key      testkit.Credential
		listed   bool
		put, del int
	}{
		{"all of the account", on("Ava", perm.Account, all...), true, 200, 204},
		{"all of an organization", on("Oda", perm.Organization, all...), false, 404, 404},
		{"list of the account", on("Lia", perm.Account, perm.KeysList), true, 403, 403},
		{"modify of the account", on("Moa", perm.Account, perm.KeysModify), false, 200, 403},
		{"delete of the account", on("Dea", perm.Account, perm.KeysDelete), false, 403, 204},
	} {
		owner := d.Person("Owner of " + c.who)
		d.Join(owner, d.X, d.Role(perm.Organization))
		theirs, _ := d.Key(owner, 0, api.Admin, "theirs")
		ids, _ := results(d.Kit, d.wants(c.key, 200, "GET /api/global/api_keys", ""))
		if slices.Contains(ids, int64(theirs)) != c.listed {
			t.Errorf("%s lists %v", c.who, ids)
		}
		one := "/api/global/api_keys/" + number(theirs)
		d.wants(c.key, c.put, "PUT "+one, `{"is_enabled":false}`)
		d.wants(c.key, map[bool]int{true: 403, false: 404}[c.put != 404], "POST "+one+"/decrypt", "")
		d.wants(c.key, c.del, "DELETE "+one, "")
	}
}

// TestReadOnlyKeysReadOnly: their owner's rights do not matter.
func TestReadOnlyKeysReadOnly(t *testing.T) {
	d := newDesk(t, func(c *config.Config) { c.CompatAccessKey = true })
	for org, want := range map[api.OrgID]int{0: 200, d.X: 403} {
		_, key := d.Key(d.Admin, org, api.ReadOnly, "reads")
		own := "/api/users/ME/api_keys/2"
		d.wants(key, 200, "GET /api/users/ME/api_keys?o=ORG", "")
		d.wants(key, 200, "GET "+own, "")
		d.wants(key, want, "GET /api/global/api_keys", "")
		if got := d.wants(key, 200, "GET /api/orgs", ""); strings.Contains(got.Body, "ksa_") {
			t.Error("an agent access key was shown to a READONLY key")
		}
		for what, body := range map[string]string{
			"POST /api/users/ME/api_keys?o=ORG": `{"name":"x"}`, "PUT " + own: `{"is_enabled":false}`, "DELETE " + own: "", "POST " + own + "/decrypt": "",
			"POST /api/global/api_keys": `{"name":"x"}`, "PATCH /api/users/" + number(d.Member): `{"firstname":"x"}`,
			"POST /api/accounts/ACCOUNT/zones": `{"name":"x"}`, "POST /api/accounts/ACCOUNT/invitations": `{"email":"x@y.example","account_rbac_role":"global-admin"}`,
		} {
			d.wants(key, 403, what, body)
		}
	}
}

// policy sets one of X, as a person would.
func (d *desk) policy(p api.EditPolicy) {
	d.T.Helper()
	_, err := d.Orgs.Edit(d.T.Context(), d.As(d.Admin), d.X, api.EditOrg{Policy: &p})
	d.Must(err)
}

// TestPoliciesHoldHere: reveal, keys_manage_keys and lifetimes, for the keys of the
// organization and for global ones.
func TestPoliciesHoldHere(t *testing.T) {
	never, owner, no, yes, days := api.RevealNever, api.RevealOwner, false, true, 30
	places := map[string]string{"/api/users/ME/api_keys": "?o=ORG", "/api/global/api_keys": ""}
	each := func(t *testing.T, p api.EditPolicy, run func(t *testing.T, d *desk, keys, o, old string)) {
		for keys, o := range places {
			t.Run(keys, func(t *testing.T) {
				d := newDesk(t, nil)
				old := keys + "/" + madeID(d.Kit, d.wants(d.global, 200, "POST "+keys+o, `{"name":"old"}`))
				d.policy(p)
				run(t, d, keys, o, old)
			})
		}
	}
	t.Run("reveal never", func(t *testing.T) {
		each(t, api.EditPolicy{Reveal: &never}, func(t *testing.T, d *desk, keys, o, old string) {
			d.wants(d.global, 403, "POST "+old+"/decrypt"+o, "")
			made := keys + "/" + madeID(d.Kit, d.wants(d.global, 200, "POST "+keys+o, `{"name":"new"}`))
			d.wants(d.global, 403, "POST "+made+"/decrypt"+o, "")
			d.policy(api.EditPolicy{Reveal: &owner})
			for _, one := range []string{old, made} { // what was erased stays so
				d.wants(d.global, 403, "POST "+one+"/decrypt"+o, "")
			}
		})
	})
	t.Run("keys manage no keys", func(t *testing.T) {
		each(t, api.EditPolicy{KeysManageKeys: &no}, func(t *testing.T, d *desk, keys, o, old string) {
			d.wants(d.global, 403, "POST "+keys+o, `{"name":"new"}`)
			d.wants(d.global, 403, "PUT "+old+o, `{"is_enabled":false}`)
			d.wants(d.global, 403, "POST "+old+"/decrypt"+o, "")
			d.wants(d.global, 403, "DELETE "+old+o, "")
			d.wants(d.global, 200, "GET "+keys+o, "")
			d.policy(api.EditPolicy{KeysManageKeys: &yes})
			d.wants(d.global, 204, "DELETE "+old+o, "")
		})
	})
	t.Run("lifetimes", func(t *testing.T) {
		week := 7
		p := api.EditPolicy{MaxLifetimeDays: api.Just(days), DefaultLifetimeDays: api.Just(week)}
		each(t, p, func(t *testing.T, d *desk, keys, o, _ string) {
			d.wants(d.global, 400, "POST "+keys+o, `{"name":"a","expires_at":"`+d.in(31)+`"}`)
			d.wants(d.global, 400, "POST "+keys+o, `{"name":"a","expires_at":null}`)
			d.wants(d.global, 200, "POST "+keys+o, `{"name":"a","expires_at":"`+d.in(30)+`"}`)
			got := d.wants(d.global, 200, "POST "+keys+o, `{"name":"b"}`)
			if !strings.Contains(got.Body, `"expires_at":"`+d.in(7)) {
				t.Errorf("the default lifetime gives %s", got.Body)
			}
		})
	})
	t.Run("no key for ever", func(t *testing.T) {
		each(t, api.EditPolicy{AllowNoExpiry: &no}, func(t *testing.T, d *desk, keys, o, _ string) {
			d.wants(d.global, 400, "POST "+keys+o, `{"name":"a"}`)
			d.wants(d.global, 200, "POST "+keys+o, `{"name":"a","expires_at":"`+d.in(300)+`"}`)
		})
	})
}

// TestAKeyMakesNothingThatOutlivesIt: nor shows or changes it.
func TestAKeyMakesNothingThatOutlivesIt(t *testing.T) {
	d := newDesk(t, nil)
	added, err := d.Keys.Add(t.Context(), d.As(d.Admin), nil, api.AddKey{Name: "short", Role: api.Admin, ExpiresAt: api.Just(d.DB.Now().Add(10 * 24 * time.Hour))})
	d.Must(err)
	short := testkit.Bearer(added.Value)
	d.wants(short, 400, "POST /api/users/ME/api_keys?o=ORG", `{"name":"a","expires_at":null}`)
	d.wants(short, 400, "POST /api/users/ME/api_keys?o=ORG", `{"name":"a","expires_at":"`+d.in(11)+`"}`)
	d.wants(short, 400, "POST /api/users/ME/api_keys/2/decrypt?o=ORG", "")
	d.wants(short, 200, "POST /api/users/ME/api_keys?o=ORG", `{"name":"a","expires_at":"`+d.in(9)+`"}`)
}

// TestP23ForeignIDsAreLikeIDsThatNeverWere: byte for byte, wherever one can be sent.
func TestP23ForeignIDsAreLikeIDsThatNeverWere(t *testing.T) {
	d := newDesk(t, nil)
	device, _ := d.Device(d.X, "web-1")
	theirs, _ := d.Key(d.Member, d.X, api.Admin, "theirs")
	global, _ := d.Key(d.Member, 0, api.Admin, "theirs, global")
	org, err := d.Orgs.Get(t.Context(), d.As(d.Admin), d.X)
	d.Must(err)
	_, byGlobal := d.Key(d.Stranger, 0, api.Admin, "stranger")
	_, byLocal := d.Key(d.Stranger, d.Y, api.Admin, "stranger")
	const never, nobody = "999999", "00000000-0000-4000-8000-000000000000"
	me := "/api/users/" + number(d.Stranger)
	bodies := map[string]string{"POST": `{"name":"x"}`, "PUT": `{"is_enabled":true,"firstname":"x"}`, "PATCH": `{"firstname":"x"}`}
	before := d.rows()
	for _, c := range []struct {
		methods, path, foreign, never string
		status                        int
	}{
		{"GET", "/api/orgs/ID", number(d.X), never, 404},
		{"GET", "/api/orgs/ID/api_keys", number(d.X), never, 404},
		{"GET PATCH PUT", "/api/users/ID", number(d.Member), never, 404},
		{"POST", "/api/users/ID/api_keys?o=OTHER", number(d.Member), never, 404},
		{"GET", "/api/users/ID/api_keys", number(d.Member), never, 200},
		{"GET PUT DELETE", "/api/users/ID/api_keys/" + number(theirs), number(d.Member), never, 404},
		{"GET PUT DELETE", me + "/api_keys/ID", number(theirs), never, 404},
		{"POST", me + "/api_keys/ID/decrypt", number(theirs), never, 404},
		{"PUT DELETE", "/api/global/api_keys/ID", number(global), never, 404},
		{"POST", "/api/global/api_keys/ID/decrypt", number(global), never, 404},
		{"GET", "/api/servers/ID", number(device), never, 404},
		{"GET", "/api/servers/ID/packages", number(device), never, 404},
		{"GET", "/api/servers/ID/queues", number(device), never, 404},
		{"GET", "/api/accounts/ACCOUNT/zones/ID", org.UUID, nobody, 404},
		{"GET", "/api/accounts/ACCOUNT/users/ID", d.As(d.Member).User.UUID, nobody, 404},
		{"GET POST", me + "/api_keys?o=ID", number(d.X), never, 0},
		{"GET", "/api/users?o=ID", number(d.X), never, 0},
		{"GET", "/api/servers?o=ID", number(d.X), never, 0},
		{"GET", "/api/servergroups?o=ID", number(d.X), never, 0},
	} {
		for as, key := range map[string]testkit.Credential{"global": byGlobal, "organization": byLocal} {
			want := c.status
			if want == 0 { // of o: an organization's key is told that it is in the wrong place
				want = map[string]int{"global": 404, "organization": 403}[as]
			}
			for method := range strings.FieldsSeq(c.methods) {
				what := method + " " + c.path
				foreign := d.wants(key, want, strings.Replace(what, "ID", c.foreign, 1), bodies[method])
				unknown := d.wants(key, want, strings.Replace(what, "ID", c.never, 1), bodies[method])
				if foreign.Body != unknown.Body {
					t.Errorf("%s by the %s key: %s, of what never was %s", what, as, foreign.Body, unknown.Body)
				}
			}
		}
	}
	invite := func(zone string) string {
		inviter := d.Person("Inga" + zone[:2])
		d.Join(inviter, 0, d.Role(perm.Account, perm.UsersManage))
		_, key := d.Key(inviter, 0, api.Admin, "inviter")
		return d.wants(key, 400, "POST /api/accounts/ACCOUNT/invitations",
			`{"email":"x@northwind.example","account_rbac_role":"no-global-access","zone_assignments":[{"zone_id":"`+zone+`","rbac_role":"read-only"}]}`).Body
	}
	if unseen, unknown := invite(org.UUID), invite(nobody); unseen != unknown {
		t.Errorf("a zone out of sight: %s, one that never was %s", unseen, unknown)
	}
	if after := d.rows(); after != before {
		t.Errorf("the rows of X became %s, were %s", after, before)
	}
}

// rows is what is stored of X's keys, devices and people.
func (d *desk) rows() (text string) {
	d.T.Helper()
	d.Must(d.DB.Read(d.T.Context()).Get(&text, `
		SELECT (SELECT string_agg(id || name || enabled || quote(deleted_at), ',') FROM api_keys WHERE owner_id = ?1)
		    || (SELECT string_agg(id || hostname || quote(deleted_at), ',') FROM devices)
		    || (SELECT first_name || email FROM users WHERE id = ?1)`, d.Member))
	return text
}

// TestTheAgentAccessKeyIsGivenAwayOnDemand: where the server was started for it, to keys
// that may show it, and each time the log says so.
func TestTheAgentAccessKeyIsGivenAwayOnDemand(t *testing.T) {
	answers := map[string]int{ // and how many reveals of X and Y they are
		"GET /api/orgs": 2, "GET /api/orgs/ORG": 1, "GET /api/users": 2, "GET /api/users/self": 2, "GET /api/users?o=ORG": 2,
		"GET /api/accounts/ACCOUNT/zones": 2, "GET /api/accounts/ACCOUNT/zones?limit=1": 1,
	}
	for _, on := range []bool{true, false} {
		d := newDesk(t, func(c *config.Config) { c.CompatAccessKey = on })
		_, member := d.Key(d.Member, d.X, api.Admin, "may not show it")
		reveals := func() int64 { return d.Number("SELECT count(*) FROM audit WHERE act = 'agent_access_key.reveal'") }
		values := []string{strings.TrimPrefix(d.AgentKey(d.X)[0], "Authorization: Bearer "), strings.TrimPrefix(d.AgentKey(d.Y)[0], "Authorization: Bearer ")}
		for what, want := range answers {
			before := reveals()
			got := d.wants(d.global, 200, what, "")
			shown := 0
			for _, value := range values {
				if strings.Contains(got.Body, `"access_key":"`+value+`"`) {
					shown++
				}
			}
			if !on {
				want = 0
			}
			if n := reveals() - before; shown != want || n != int64(want) {
				t.Errorf("%s: %d shown and %d in the log, want %d", what, shown, n, want)
			}
			if !on && !strings.Contains(got.Body, `"access_key":""`) {
				t.Errorf("%s: %s", what, got.Body)
			}
		}
		before := reveals()
		got := d.wants(member, 200, "GET /api/orgs", "")
		if !strings.Contains(got.Body, `"access_key":""`) || reveals() != before {
			t.Errorf("to one who may not show it: %s", got.Body)
		}
	}
}

// TestP39ActsAreInTheLogByOurWords: done and refused ones.
func TestP39ActsAreInTheLogByOurWords(t *testing.T) {
	d := newDesk(t, nil)
	theirs, _ := d.Key(d.Member, d.X, api.Admin, "theirs")
	mine := madeID(d.Kit, d.wants(d.global, 200, "POST /api/users/ME/api_keys?o=ORG", `{"name":"x"}`))
	d.wants(d.global, 200, "POST /api/users/ME/api_keys/"+mine+"/decrypt", "")
	d.wants(d.global, 200, "PUT /api/users/ME/api_keys/"+mine, `{"is_enabled":false}`)
	d.wants(d.global, 204, "DELETE /api/users/ME/api_keys/"+mine, "")
	d.wants(d.global, 403, "POST /api/users/"+number(d.Member)+"/api_keys/"+number(theirs)+"/decrypt", "")
	d.wants(d.local, 403, "POST /api/accounts/ACCOUNT/zones", `{"name":"x"}`)
	d.wants(d.local, 403, "POST /api/accounts/ACCOUNT/invitations", `{"email":"a@b.example","account_rbac_role":"no-global-access"}`)
	d.wants(d.local, 403, "PATCH /api/users/"+number(d.Member), `{"firstname":"x"}`)
	d.Must(d.Trail.Flush(t.Context()))
	for act, result := range map[string]string{
		"api_key.add": "done", "api_key.disable": "done", "api_key.delete": "done", "api_key.reveal": "refused",
		"organization.add": "refused", "user.add": "refused", "user.edit": "refused",
	} {
		if n := d.Number("SELECT count(*) FROM audit WHERE act = ? AND result = ? AND key_id IS NOT NULL", act, result); n == 0 {
			t.Errorf("%s, %s, is not in the log", act, result)
		}
	}
	if n := d.Number("SELECT count(*) FROM audit WHERE act = 'api_key.reveal' AND result = 'refused' AND target_id = ?", theirs); n != 1 {
		t.Errorf("%d refused reveals of the key", n)
	}
}
