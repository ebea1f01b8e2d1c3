package users_test

import (
	"slices"
	"testing"

	"keystead/server/config"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

func TestMe(t *testing.T) {
	k := testkit.New(t, func(c *config.Config) { c.PublicURL, c.MaxKeysPerUser = "https://keys.example.com", 7 })
	north, south := k.Org("North"), k.Org("South")
	ada := k.Person("Ada")
	k.Join(ada, north, perm.OrganizationOperator)
	k.Join(ada, south, perm.ReadOnly)
	id, inNorth := k.Key(ada, north, api.ReadOnly, "one")
	_, global := k.Key(ada, 0, api.Admin, "two")
	k.Exec("UPDATE organizations SET reveal = 'never', max_lifetime_days = 30 WHERE id = ?", south)
	answer := k.Send(k.Session(ada), "GET /v1/me", "")
	me := testkit.Read[api.Me](k, answer, 200)
	if me.Caller != api.CallerSession || me.User.Email != "ada@northwind.example" || me.User.State != api.UserActive || me.AccountRole != nil || len(me.AccountPermissions) != 0 || me.Key != nil {
		t.Errorf("me %+v", me)
	}
	if me.Rights == "" || me.Rights != answer.Header.Get("X-Keystead-Rights") {
		t.Errorf("rights %q, in the header %q", me.Rights, answer.Header.Get("X-Keystead-Rights"))
	}
	if me.Limits != (api.Limits{Elevation: 7200, PublicURL: "https://keys.example.com", Version: "test"}) {
		t.Errorf("limits %+v", me.Limits)
	}
	if me.GlobalKeys != (api.KeyCount{Held: 1, Max: 7}) {
		t.Errorf("global keys %+v", me.GlobalKeys)
	}
	if me.KeyPolicy.Reveal != api.RevealNever || *me.KeyPolicy.MaxLifetimeDays != 30 {
		t.Errorf("global keys follow %+v", me.KeyPolicy)
	}
	if len(me.Organizations) != 2 {
		t.Fatalf("organizations %+v", me.Organizations)
	}
	first, second := me.Organizations[0], me.Organizations[1]
	if first.ID != north || first.Role != perm.OrganizationOperator || first.ShortName != "north" || first.Keys != (api.KeyCount{Held: 1, Max: 7}) || first.Policy.Reveal != api.RevealOwner {
		t.Errorf("North is %+v", first)
	}
	if want := perm.Of(perm.OrgsRead, perm.AgentKeyRead, perm.DevicesRead, perm.DevicesManage, perm.UsersRead).List(); !slices.Equal(first.Permissions, want) {
		t.Errorf("in North %v", first.Permissions)
	}
	if second.ID != south || second.Role != perm.ReadOnly || second.Keys.Held != 0 || second.Policy.Reveal != api.RevealNever {
		t.Errorf("South is %+v", second)
	}

	me = testkit.Read[api.Me](k, k.Send(inNorth, "GET /v1/me", ""), 200)
	if me.Caller != api.CallerKey || me.Key == nil || me.Key.ID != id || len(me.Organizations) != 1 || me.Organizations[0].ID != north {
		t.Errorf("the key of North is told %+v", me)
	}
	if want := perm.Of(perm.OrgsRead, perm.DevicesRead, perm.UsersRead).List(); !slices.Equal(me.Organizations[0].Permissions, want) {
		t.Errorf("READONLY in North: %v", me.Organizations[0].Permissions)
	}
	if me = testkit.Read[api.Me](k, k.Send(global, "GET /v1/me", ""), 200); len(me.Organizations) != 2 {
		t.Errorf("the global key is told of %+v", me.Organizations)
	}
}

// Holders of an account role belong to every organization that is not deleted.
func TestMeOfAnAdministrator(t *testing.T) {
	k := testkit.New(t, nil)
	k.Org("North")
	gone := k.Org("Gone")
	k.Exec("UPDATE organizations SET deleted_at = 1 WHERE id = ?", gone)
	ada := k.Person("Ada")
	k.Join(ada, 0, perm.FullAdministrator)
	me := testkit.Read[api.Me](k, k.Send(k.Session(ada), "GET /v1/me", ""), 200)
	if me.AccountRole == nil || *me.AccountRole != perm.FullAdministrator || !slices.Equal(me.AccountPermissions, perm.All().List()) {
		t.Errorf("on the account %v: %v", me.AccountRole, me.AccountPermissions)
	}
	if len(me.Organizations) != 1 || me.Organizations[0].Name != "North" || me.Organizations[0].Role != perm.FullAdministrator {
		t.Fatalf("organizations %+v", me.Organizations)
	}
	if slices.Contains(me.Organizations[0].Permissions, perm.UsersManage) || !slices.Contains(me.Organizations[0].Permissions, perm.KeysDelete) {
		t.Errorf("in North %v", me.Organizations[0].Permissions)
	}
	alone := k.Person("Bob")
	me = testkit.Read[api.Me](k, k.Send(k.Session(alone), "GET /v1/me", ""), 200)
	if me.Organizations == nil || len(me.Organizations) != 0 {
		t.Errorf("who belongs nowhere: %+v", me.Organizations)
	}
}

func TestEditMe(t *testing.T) {
	k := testkit.New(t, nil)
	ada := k.Person("Ada")
	k.Join(ada, k.Org("North"), perm.ReadOnly)
	cookie := k.Session(ada)
	_, key := k.Key(ada, 0, api.Admin, "mine")
	me := testkit.Read[api.Me](k, k.Send(cookie, "PATCH /v1/me", `{"first_name":" Zoe\u0308 ","last_name":"Byron"}`), 200)
	if me.User.FirstName != "Zo\u00eb" || me.User.LastName != "Byron" {
		t.Errorf("named %q %q", me.User.FirstName, me.User.LastName)
	}
	if n := k.Number("SELECT COUNT(*) FROM api_keys WHERE owner_sort = 'zo\u00eb byron'"); n != 1 {
		t.Error("the keys are sorted by the old name")
	}
	testkit.Read[api.Me](k, k.Send(cookie, "PATCH /v1/me", `{"first_name":"Zo\u00eb"}`), 200)
	testkit.Read[api.Me](k, k.Send(cookie, "PATCH /v1/me", `{}`), 200)
	if n := k.Number("SELECT COUNT(*) FROM audit WHERE act = 'user.edit'"); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	for body, status := range map[string]int{
		`{"first_name":""}`: 422, `{"last_name":"a/b"}`: 422, `{"first_name":"a\u0000b"}`: 422,
		`{"email":"eve@example.com"}`: 400, `{"First_name":"X"}`: 400, `{"id":7}`: 400,
	} {
		if a := k.Send(cookie, "PATCH /v1/me", body); a.Status != status {
			t.Errorf("%s: %d %s", body, a.Status, a.Body)
		}
	}
	if a := k.Send(key, "PATCH /v1/me", `{"first_name":"Eve"}`); a.Status != 403 {
		t.Errorf("a key renames its owner: %d", a.Status)
	}
}

// The first key that anyone adds is a Full Administrator's, who is no one's member.
func TestMeOfAnAdministratorsKey(t *testing.T) {
	k := testkit.New(t, nil)
	north, _ := k.Org("North"), k.Org("South")
	ada := k.Person("Ada")
	k.Join(ada, 0, perm.FullAdministrator)
	_, key := k.Key(ada, north, api.ReadOnly, "first")
	me := testkit.Read[api.Me](k, k.Send(key, "GET /v1/me", ""), 200)
	if len(me.Organizations) != 1 || me.Organizations[0].ID != north || me.Organizations[0].Role != perm.FullAdministrator {
		t.Fatalf("organizations %+v", me.Organizations)
	}
	if want := perm.ReadOnlyKeys.Within(perm.Organization).List(); !slices.Equal(me.Organizations[0].Permissions, want) {
		t.Errorf("in North %v, want %v", me.Organizations[0].Permissions, want)
	}
}
