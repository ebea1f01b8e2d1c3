package orgs_test

import (
	"testing"
	"time"

	"keystead/server/caller"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

func ptr[T any](v T) *T { return &v }

func policy(p api.EditPolicy) api.EditOrg { return api.EditOrg{Policy: &p} }

func TestEdit(t *testing.T) {
	k := testkit.New(t, nil)
	here, there := k.Org("Here"), k.Org("There")
	ada := k.As(member(k, "Ada", here, perm.OrgsManage))
	weary, reading := ada, ada
	weary.Session = &caller.Session{ElevatedUntil: k.DB.Now()}
	reading.Kind, reading.Key = api.CallerKey, &caller.Key{Role: api.ReadOnly, Org: &here}
	managing := ada
	managing.Kind, managing.Key = api.CallerKey, &caller.Key{Role: api.Admin, Org: &here}
	days := func(n int) api.Maybe[int] { return api.Just(n) }
	for _, c := range []struct {
		what string
		who  caller.Caller
		org  api.OrgID
		req  api.EditOrg
		code fault.Code
	}{
		{"rename", weary, here, api.EditOrg{Name: ptr("Here & Now"), ShortName: ptr("now")}, ""},
		{"a taken short name", ada, here, api.EditOrg{ShortName: ptr("there")}, fault.NameTaken},
		{"a bad short name", ada, here, api.EditOrg{ShortName: ptr("Now")}, fault.InvalidValue},
		{"a bad name", ada, here, api.EditOrg{Name: ptr("a/b")}, fault.InvalidValue},
		{"a foreign one", ada, there, api.EditOrg{Name: ptr("x")}, fault.NotFound},
		{"without permission", k.As(member(k, "Bob", here, perm.OrgsRead)), here, api.EditOrg{Name: ptr("x")}, fault.PermissionRequired},
		{"by a READONLY key", reading, here, api.EditOrg{Name: ptr("x")}, fault.KeyTooWeak},
		{"a policy, not elevated", weary, here, policy(api.EditPolicy{}), fault.ElevationRequired},
		{"a policy", ada, here, policy(api.EditPolicy{DefaultLifetimeDays: days(7), MaxLifetimeDays: days(30), AllowNoExpiry: ptr(false)}), ""},
		{"no days", ada, here, policy(api.EditPolicy{MaxLifetimeDays: days(0)}), fault.InvalidValue},
		{"too many days", ada, here, policy(api.EditPolicy{MaxLifetimeDays: days(api.MaxLifetimeDays + 1)}), fault.InvalidValue},
		{"default beyond the longest", ada, here, policy(api.EditPolicy{DefaultLifetimeDays: days(31)}), fault.InvalidValue},
		{"no such reveal", ada, here, policy(api.EditPolicy{Reveal: ptr("all")}), fault.InvalidValue},
		{"null for none", ada, here, policy(api.EditPolicy{DefaultLifetimeDays: api.Null[int](), KeysManageKeys: ptr(false)}), ""},
		{"keys let manage keys by one of them", managing, here, policy(api.EditPolicy{KeysManageKeys: ptr(true)}), fault.KeyTooWeak},
		{"nothing", ada, here, api.EditOrg{Name: ptr("Here & Now")}, ""},
	} {
		_, err := k.Orgs.Edit(ctx, c.who, c.org, c.req)
		refused(t, c.what, err, c.code)
	}
	var facts []string
	k.Must(k.DB.Read(ctx).Select(&facts, "SELECT facts FROM audit WHERE act = 'organization.edit' ORDER BY id"))
	want := []string{
		`{"changed":["name","short_name"]}`,
		`{"changed":["default_lifetime_days","max_lifetime_days","allow_no_expiry"]}`,
		`{"changed":["default_lifetime_days","keys_manage_keys"]}`,
	}
	if len(facts) != len(want) || facts[0] != want[0] || facts[1] != want[1] || facts[2] != want[2] {
		t.Errorf("audited %q", facts)
	}
	got, err := k.Orgs.Get(ctx, k.As(member(k, "Eve", here, perm.OrgsRead)), here)
	k.Must(err)
	if p := got.Policy; p.DefaultLifetimeDays != nil || *p.MaxLifetimeDays != 30 || p.AllowNoExpiry || p.KeysManageKeys || got.ShortName != "now" {
		t.Errorf("edited to %+v", got)
	}
}

// TestRevealNever: the policy erases what keys could be shown from, at once.
func TestRevealNever(t *testing.T) {
	k := testkit.New(t, nil)
	here, there := k.Org("Here"), k.Org("There")
	user := member(k, "Ada", here, perm.OrgsManage)
	k.Join(user, there, perm.ReadOnly)
	for _, org := range []api.OrgID{here, there, 0} {
		k.Key(user, org, api.Admin, "key")
	}
	set := func(reveal string) {
		t.Helper()
		_, err := k.Orgs.Edit(ctx, k.As(user), here, policy(api.EditPolicy{Reveal: &reveal}))
		k.Must(err)
	}
	k.Pass(time.Second)
	set(api.RevealNever)
	if n := k.Number("SELECT count(*) FROM api_keys WHERE ciphertext IS NOT NULL AND org_id = ?", there); n != 1 {
		t.Errorf("%d keys elsewhere can be shown, want 1", n)
	}
	if n := k.Number("SELECT count(*) FROM api_keys WHERE ciphertext IS NOT NULL"); n != 1 {
		t.Errorf("%d keys can be shown, want 1", n)
	}
	if n := k.Number(`SELECT count(*) FROM audit WHERE facts = '{"changed":["reveal"],"erased":2}'`); n != 1 {
		t.Errorf("%d audit rows of it", n)
	}
	if n := k.Number("SELECT count(*) FROM secrets WHERE ciphertext IS NOT NULL"); n != 2 {
		t.Errorf("%d agent access keys can be shown, want 2", n)
	}
	set(api.RevealOwner)
	if n := k.Number("SELECT count(*) FROM api_keys WHERE ciphertext IS NOT NULL"); n != 1 {
		t.Errorf("%d keys came back", n-1)
	}
}
