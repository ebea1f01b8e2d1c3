package users_test

import (
	"strings"
	"sync"
	"testing"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/testkit"
	"keystead/server/users"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

const other = "gravel mitten observatory"

func wantFault(t *testing.T, err error, code fault.Code, field string) {
	t.Helper()
	f, ok := fault.From(err)
	if !ok || f.Code != code || f.Field != field {
		t.Errorf("got %v, want %s at %q", err, code, field)
	}
}

func newUser(email, role, org string) users.NewUser {
	return users.NewUser{Email: email, FirstName: "Ada", LastName: "Lovelace", Role: role, Organization: org, Password: api.Hide(testkit.Password)}
}

func TestCreate(t *testing.T) {
	k := testkit.New(t, nil)
	k.Org("Northwind Ops")
	user, err := k.Users.Create(t.Context(), audit.Console(), newUser(" Ada@Example.com ", "full administrator", ""))
	k.Must(err)
	if user.Email != "Ada@Example.com" || user.State != api.UserActive || user.UUID == "" {
		t.Errorf("added %+v", user)
	}
	if who := k.As(user.ID); who.Account != perm.All() || !who.EveryOrg {
		t.Errorf("may do %v", who.Account)
	}
	member, err := k.Users.Create(t.Context(), audit.Console(), users.NewUser{
		Email: "chris_ro@example.com", Role: perm.ReadOnly, Organization: "NORTHWIND-OPS", Password: api.Hide(testkit.Password),
	})
	k.Must(err)
	if member.FirstName != "chris_ro" || member.LastName != "" {
		t.Errorf("named %q %q", member.FirstName, member.LastName)
	}
	if who := k.As(member.ID); len(who.Orgs) != 1 || who.EveryOrg || who.Account != 0 {
		t.Errorf("may do %+v", who)
	}
	if n := k.Number("SELECT COUNT(*) FROM audit WHERE act = 'user.add' AND caller = 'command_line'"); n != 2 {
		t.Errorf("%d audit rows", n)
	}
}

func TestCreateRefuses(t *testing.T) {
	k := testkit.New(t, nil)
	k.Org("Northwind Ops")
	create := func(in users.NewUser) error {
		_, err := k.Users.Create(t.Context(), audit.Console(), in)
		return err
	}
	k.Must(create(newUser("ada@example.com", perm.FullAdministrator, "")))
	wantFault(t, create(newUser("ＡＤＡ@example.com", perm.FullAdministrator, "")), fault.NameTaken, "email")
	wantFault(t, create(newUser("nobody", perm.FullAdministrator, "")), fault.InvalidValue, "email")
	wantFault(t, create(newUser("b@example.com", "Emperor", "")), fault.InvalidValue, "role")
	wantFault(t, create(newUser("b@example.com", perm.ReadOnly, "")), fault.InvalidValue, "organization")
	wantFault(t, create(newUser("b@example.com", perm.ReadOnly, "elsewhere")), fault.InvalidValue, "organization")
	wantFault(t, create(newUser("b@example.com", perm.FullAdministrator, "northwind-ops")), fault.InvalidValue, "organization")
	weak := newUser("b@example.com", perm.FullAdministrator, "")
	weak.Password = api.Hide("passwordpassword")
	wantFault(t, create(weak), fault.InvalidValue, "password")
	_, err := k.Users.Create(t.Context(), k.As(k.Person("Bob")), newUser("b@example.com", perm.FullAdministrator, ""))
	wantFault(t, err, fault.PermissionRequired, "")
	_, err = k.Users.Create(t.Context(), caller.Caller{}, newUser("b@example.com", perm.FullAdministrator, ""))
	wantFault(t, err, fault.PermissionRequired, "")
}

// admin adds a Full Administrator and is their e-mail address.
func admin(k *testkit.Kit, name string) string {
	k.T.Helper()
	k.Join(k.Person(name), 0, perm.FullAdministrator)
	return strings.ToLower(name) + "@northwind.example"
}

// enable lets a disabled user in again, as the console does.
func enable(k *testkit.Kit, email string) {
	k.T.Helper()
	state, id := api.UserActive, api.UserID(k.Number("SELECT id FROM users WHERE email = ?", email))
	_, err := k.Users.Edit(k.T.Context(), audit.Console(), id, api.EditUser{State: &state})
	k.Must(err)
}

func TestP22LastAdministrator(t *testing.T) {
	k := testkit.New(t, nil)
	ada := admin(k, "Ada")
	k.Person("Bob")
	disable := func(email string) error { return k.Users.Disable(t.Context(), audit.Console(), email) }
	wantFault(t, disable(ada), fault.LastAdministrator, "")
	eve := admin(k, "Eve")
	k.Must(disable(eve))
	k.Must(disable(eve)) // again changes nothing
	wantFault(t, disable(ada), fault.LastAdministrator, "")
	enable(k, eve)
	k.Must(disable(ada))
	wantFault(t, disable(eve), fault.LastAdministrator, "")
	k.Must(disable("bob@northwind.example"))
	wantFault(t, disable("nobody@northwind.example"), fault.NotFound, "")
}

// Two administrators who disable each other at the same time leave one.
func TestP22Race(t *testing.T) {
	k := testkit.New(t, nil)
	pair := []string{admin(k, "Ada"), admin(k, "Eve")}
	for range 50 {
		var wg sync.WaitGroup
		for _, email := range pair {
			wg.Go(func() { _ = k.Users.Disable(t.Context(), audit.Console(), email) })
		}
		wg.Wait()
		if n := k.Number("SELECT COUNT(*) FROM users WHERE state = 'active'"); n != 1 {
			t.Fatalf("%d administrators are left", n)
		}
		for _, email := range pair {
			enable(k, email)
		}
	}
}

// Whoever resets a password gets neither into a session nor at the value of a key.
func TestP16ResetPassword(t *testing.T) {
	k := testkit.New(t, nil)
	ada := k.Person("Ada")
	k.Join(ada, 0, perm.FullAdministrator)
	cookie := k.Session(ada)
	id, key := k.Key(ada, 0, api.Admin, "mine")
	testkit.Read[api.Me](k, k.Send(cookie, "GET /v1/me", ""), 200)
	k.Must(k.Users.ResetPassword(t.Context(), audit.Console(), "ada@northwind.example", api.Hide(other)))
	if a := k.Send(cookie, "GET /v1/me", ""); a.Status != 401 {
		t.Errorf("the session goes on: %d", a.Status)
	}
	if me := testkit.Read[api.Me](k, k.Send(key, "GET /v1/me", ""), 200); me.Key == nil || me.Key.ID != id {
		t.Errorf("the key tells %+v", me.Key)
	}
	if n := k.Number("SELECT COUNT(*) FROM api_keys WHERE ciphertext IS NOT NULL"); n != 0 {
		t.Error("the value can still be shown")
	}
	if a := k.Send(nil, "POST /v1/session", `{"email":"ada@northwind.example","password":"`+other+`"}`); a.Status != 200 {
		t.Errorf("signing in: %d %s", a.Status, a.Body)
	}
	if n := k.Number("SELECT COUNT(*) FROM audit WHERE act = 'user.password' AND json_extract(facts, '$.values_erased') = 1"); n != 1 {
		t.Errorf("%d audit rows", n)
	}
	wantFault(t, k.Users.ResetPassword(t.Context(), audit.Console(), "nobody@northwind.example", api.Hide(other)), fault.NotFound, "")
	wantFault(t, k.Users.ResetPassword(t.Context(), audit.Console(), "ada@northwind.example", api.Hide("short")), fault.InvalidValue, "password")
}

// Who was invited and gets a password on the host comes in by it, and by no link any
// more; who is disabled stays out.
func TestP16ResetPasswordOfInvited(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	added, err := c.Users.Add(ctx, c.As(c.Admin), api.AddUser{Email: "new@northwind.example"})
	c.Must(err)
	_, err = c.Users.Link(ctx, c.As(c.Admin), added.User.ID, api.AddLink{Purpose: api.LinkInvite})
	c.Must(err)
	reset := func() int {
		t.Helper()
		c.Must(c.Users.ResetPassword(ctx, audit.Console(), "new@northwind.example", api.Hide(other)))
		return c.Send(nil, "POST /v1/session", `{"email":"new@northwind.example","password":"`+other+`"}`).Status
	}
	if status := reset(); status != 200 {
		t.Errorf("invited: signing in is %d", status)
	}
	if d, err := c.Users.Get(ctx, c.As(c.Admin), added.User.ID); err != nil || d.State != api.UserActive || d.Link != nil {
		t.Errorf("%s with the link %+v, %v", d.State, d.Link, err)
	}
	c.Must(c.Users.Disable(ctx, audit.Console(), "new@northwind.example"))
	if status := reset(); status != 401 {
		t.Errorf("disabled: signing in is %d", status)
	}
}

// A user who is disabled and enabled again has no session from before.
func TestP16Disable(t *testing.T) {
	k := testkit.New(t, nil)
	admin(k, "Eve")
	ada := k.Person("Ada")
	k.Join(ada, k.Org("Northwind"), perm.ReadOnly)
	cookie := k.Session(ada)
	_, key := k.Key(ada, 0, api.Admin, "mine")
	status := func(as testkit.Credential) int { return k.Send(as, "GET /v1/me", "").Status }
	if status(cookie) != 200 || status(key) != 200 {
		t.Fatal("not good to begin with")
	}
	k.Must(k.Users.Disable(t.Context(), audit.Console(), "ada@northwind.example"))
	if status(cookie) != 401 || status(key) != 401 {
		t.Errorf("disabled: %d, %d", status(cookie), status(key))
	}
	enable(k, "ada@northwind.example")
	if status(cookie) != 401 || status(key) != 200 {
		t.Errorf("enabled again: %d, %d", status(cookie), status(key))
	}
}
