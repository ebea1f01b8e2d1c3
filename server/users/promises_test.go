package users_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"keystead/server/caller"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// TestP16ChangesActAtTheNextRequest: after each of these, what was good is refused,
// whatever was cached before.
func TestP16ChangesActAtTheNextRequest(t *testing.T) {
	readOnly := func(c *testkit.Cast, org api.OrgID) api.Grant {
		return api.Grant{OrganizationID: org, RoleID: roleID(c.Kit, perm.ReadOnly)}
	}
	edit := func(in func(c *testkit.Cast) api.EditUser) func(*testkit.Cast, api.UserID) error {
		return func(c *testkit.Cast, id api.UserID) error {
			_, err := c.Users.Edit(ctx, c.As(c.Admin), id, in(c))
			return err
		}
	}
	for what, row := range map[string]struct {
		act                  func(c *testkit.Cast, id api.UserID) error
		session, key, global string // of GET /v1/organizations/X/members and of /v1/me
	}{
		"disable": {edit(func(*testkit.Cast) api.EditUser { return api.EditUser{State: ptr(api.UserDisabled)} }), "401 401", "401 401", "401 401"},
		"delete":  {func(c *testkit.Cast, id api.UserID) error { return c.Users.Delete(ctx, c.As(c.Admin), id) }, "401 401", "401 401", "401 401"},
		"leave":   {edit(func(*testkit.Cast) api.EditUser { return api.EditUser{Memberships: &[]api.Grant{}} }), "404 200", "401 401", "404 200"},
		"demote": {edit(func(c *testkit.Cast) api.EditUser {
			return api.EditUser{Memberships: &[]api.Grant{readOnly(c, c.X)}}
		}), "403 200", "403 200", "403 200"},
		"move": {edit(func(c *testkit.Cast) api.EditUser {
			return api.EditUser{Memberships: &[]api.Grant{readOnly(c, c.Y)}}
		}), "404 200", "401 401", "404 200"},
		"edit the role": {func(c *testkit.Cast, id api.UserID) error {
			role := api.RoleID(c.Number("SELECT role_id FROM memberships WHERE user_id = ?", id))
			_, err := c.Roles.Edit(ctx, c.As(c.Admin), role, api.EditRole{Permissions: &[]perm.Permission{perm.OrgsRead}})
			return err
		}, "403 200", "403 200", "403 200"},
		"delete the organization": {func(c *testkit.Cast, _ api.UserID) error {
			return c.Orgs.Delete(ctx, c.As(c.Admin), c.X, api.DeleteOrg{Name: "Ops X"})
		}, "404 200", "401 401", "404 200"},
		"change the address": {edit(func(*testkit.Cast) api.EditUser { return api.EditUser{Email: ptr("z@northwind.example")} }), "401 401", "200 200", "200 200"},
	} {
		t.Run(what, func(t *testing.T) {
			c := testkit.NewCast(testkit.New(t, nil))
			user := c.Person("Zoe")
			role, err := c.Roles.Add(ctx, c.As(c.Admin), api.AddRole{Name: "Readers", Scope: perm.Organization, OrganizationID: &c.X, Permissions: []perm.Permission{perm.UsersRead}})
			c.Must(err)
			c.Join(user, c.X, role.Name)
			_, key := c.Key(user, c.X, api.ReadOnly, "key")
			_, global := c.Key(user, 0, api.ReadOnly, "global")
			ask := func(as testkit.Credential) string {
				return fmt.Sprint(c.Send(as, fmt.Sprintf("GET /v1/organizations/%d/members", c.X), "").Status, " ", c.Send(as, "GET /v1/me", "").Status)
			}
			session := c.Session(user)
			for _, as := range []testkit.Credential{session, key, global} {
				if got := ask(as); got != "200 200" {
					t.Fatalf("not good to begin with: %s", got)
				}
			}
			c.Must(row.act(c, user))
			if got := []string{ask(session), ask(key), ask(global)}; !slices.Equal(got, []string{row.session, row.key, row.global}) {
				t.Errorf("session, key, global key: %q, want %q", got, []string{row.session, row.key, row.global})
			}
		})
	}
}

// TestP16NoLateAccept asks without a pause while users are disabled: no request that
// begins after the answer is let in.
func TestP16NoLateAccept(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	_, key := c.Key(c.Member, c.X, api.Admin, "hot")
	admin := c.As(c.Admin)
	set := func(state string) {
		_, err := c.Users.Edit(ctx, admin, c.Member, api.EditUser{State: &state})
		c.Must(err)
	}
	var done atomic.Bool
	var round, late, good atomic.Int64 // odd rounds: the user is disabled
	var asking sync.WaitGroup
	value := strings.TrimPrefix(key[0], "Authorization: Bearer ")
	for range 2 {
		asking.Go(func() {
			for !done.Load() {
				began := round.Load()
				_, err := c.Verify.Caller(ctx, value, arrival)
				switch {
				case err != nil:
				case began%2 == 0:
					good.Add(1)
				case began == round.Load():
					late.Add(1)
				}
			}
		})
	}
	for range 40 {
		if _, err := c.Verify.Caller(ctx, value, arrival); err != nil { // now it is cached
			t.Fatal(err)
		}
		set(api.UserDisabled)
		round.Add(1)
		for range 20 {
			if _, err := c.Verify.Caller(ctx, value, arrival); err == nil {
				late.Add(1)
			}
		}
		round.Add(1)
		set(api.UserActive)
	}
	done.Store(true)
	asking.Wait()
	if late.Load() != 0 || good.Load() == 0 {
		t.Errorf("%d late accepts, %d others", late.Load(), good.Load())
	}
}

// TestP22TwoDemoteEachOther at the same moment, again and again: one remains.
func TestP22TwoDemoteEachOther(t *testing.T) {
	k := testkit.New(t, nil)
	pair := [2]api.UserID{k.Person("Ada"), k.Person("Eve")}
	acts := []api.EditUser{{AccountRoleID: api.Null[api.RoleID]()}, {State: ptr(api.UserDisabled)}}
	for round := range 200 {
		for _, id := range pair {
			k.Join(id, 0, perm.FullAdministrator)
		}
		k.Exec("UPDATE users SET state = 'active'")
		callers := [2]caller.Caller{k.As(pair[0]), k.As(pair[1])}
		var errs [2]error
		var wg sync.WaitGroup
		for i := range pair {
			wg.Go(func() { _, errs[i] = k.Users.Edit(ctx, callers[i], pair[1-i], acts[(round/(i+1))%2]) })
		}
		wg.Wait()
		n := k.Number(`SELECT COUNT(*) FROM users u JOIN roles r ON r.id = u.account_role_id WHERE r.name = ? AND u.state = 'active'`, perm.FullAdministrator)
		if n != 1 || (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("round %d: %d administrators are left; %v; %v", round, n, errs[0], errs[1])
		}
	}
}

// TestP23ForeignIsLikeNothing: ids of users and roles of another organization answer
// like ids that never existed, at every door and in every filter.
func TestP23ForeignIsLikeNothing(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	all := []perm.Permission{}
	for _, e := range perm.Table {
		if e.Scope != perm.Account {
			all = append(all, e.Permission)
		}
	}
	mighty := c.Session(holder(c.Kit, "Max", c.X, all...))
	role, err := c.Roles.Add(ctx, c.As(c.Admin), api.AddRole{Name: "Of Y", Scope: perm.Organization, OrganizationID: &c.Y})
	c.Must(err)
	account, err := c.Roles.Add(ctx, c.As(c.Admin), api.AddRole{Name: "Of the account", Scope: perm.Account})
	c.Must(err)
	ask := func(what string, id int64, body string) string {
		a := c.Send(mighty, strings.ReplaceAll(what, "ID", fmt.Sprint(id)), body)
		text, rest, _ := strings.Cut(a.Body, `"request_id":"`)
		_, rest, _ = strings.Cut(rest, `"`)
		return fmt.Sprint(a.Status, text, rest)
	}
	for _, row := range []struct {
		what, body string
		foreign    int64
	}{
		{"GET /v1/users/ID", "", int64(c.Stranger)}, {"PATCH /v1/users/ID", `{}`, int64(c.Stranger)}, {"PATCH /v1/users/ID", `{"state":"disabled"}`, int64(c.Stranger)},
		{"DELETE /v1/users/ID", "", int64(c.Stranger)}, {"POST /v1/users/ID/link", `{"purpose":"reset"}`, int64(c.Stranger)},
		{"GET /v1/roles/ID", "", int64(role.ID)}, {"PATCH /v1/roles/ID", `{"name":"x"}`, int64(role.ID)}, {"DELETE /v1/roles/ID", "", int64(role.ID)},
		{"GET /v1/roles/ID", "", int64(account.ID)}, {"DELETE /v1/roles/ID", "", int64(account.ID)},
		{"GET /v1/organizations/ID", "", int64(c.Y)}, {"PATCH /v1/organizations/ID", `{"name":"x"}`, int64(c.Y)}, {"DELETE /v1/organizations/ID", `{"name":"Labs Y"}`, int64(c.Y)},
		{"GET /v1/users?org=ID", "", int64(c.Y)}, {"GET /v1/users?role=ID", "", int64(role.ID)}, {"GET /v1/users?role=ID", "", int64(account.ID)},
	} {
		foreign, never := ask(row.what, row.foreign, row.body), ask(row.what, 987_654, row.body)
		if foreign != never {
			t.Errorf("%s: %s\nbut for what never was: %s", row.what, foreign, never)
		}
		if !strings.Contains(row.what, "?") && !strings.HasPrefix(never, "404") {
			t.Errorf("%s: %s", row.what, never)
		}
	}
	if got := c.Send(mighty, "GET /v1/roles?limit=100", ""); strings.Contains(got.Body, "Of Y") || strings.Contains(got.Body, "Of the account") {
		t.Error("foreign roles are listed")
	}
	// Holders of a built-in role are counted where one may see them.
	page := testkit.Read[api.Page[api.Role]](c.Kit, c.Send(mighty, "GET /v1/roles?q=operator", ""), 200)
	if len(page.Items) != 1 || page.Items[0].Holders != 1 {
		t.Errorf("operators: %+v", page.Items)
	}
}
