package users_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"keystead/build/promises/size"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/testkit"
	"keystead/server/users"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

func TestP20NobodyGivesWhatTheyLack(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	max := holder(c.Kit, "Max", 0, perm.UsersManage, perm.KeysList)
	lister, deleter := roleID(c.Kit, c.Role(perm.Account, perm.KeysList)), roleID(c.Kit, c.Role(perm.Account, perm.KeysDelete))
	inX, inXMore := roleID(c.Kit, c.Role(perm.Organization, perm.KeysList)), roleID(c.Kit, c.Role(perm.Organization, perm.KeysRead))
	plain := c.Person("Pia")
	for what, row := range map[string]struct {
		in   api.EditUser
		code fault.Code
	}{
		"an account role that I hold":           {api.EditUser{AccountRoleID: api.Just(lister)}, ""},
		"one with more":                         {api.EditUser{AccountRoleID: api.Just(deleter)}, fault.PermissionRequired},
		"Full Administrator":                    {api.EditUser{AccountRoleID: api.Just(roleID(c.Kit, perm.FullAdministrator))}, fault.PermissionRequired},
		"a role in an organization":             {api.EditUser{Memberships: &[]api.Grant{{OrganizationID: c.X, RoleID: inX}}}, ""},
		"one with more there":                   {api.EditUser{Memberships: &[]api.Grant{{OrganizationID: c.X, RoleID: inXMore}}}, fault.PermissionRequired},
		"an account role in an organization":    {api.EditUser{Memberships: &[]api.Grant{{OrganizationID: c.X, RoleID: lister}}}, fault.InvalidValue},
		"an organization's role on the account": {api.EditUser{AccountRoleID: api.Just(inX)}, fault.InvalidValue},
		"no such organization":                  {api.EditUser{Memberships: &[]api.Grant{{OrganizationID: 99, RoleID: inX}}}, fault.InvalidValue},
		"two roles in one":                      {api.EditUser{Memberships: &[]api.Grant{{OrganizationID: c.X, RoleID: inX}, {OrganizationID: c.X, RoleID: inX}}}, fault.InvalidValue},
	} {
		_, err := c.Users.Edit(ctx, c.As(max), plain, row.in)
		refused(t, what, err, row.code)
	}
	for what, in := range map[string]api.EditUser{"rename": {FirstName: ptr("X")}, "disable": {State: ptr(api.UserDisabled)}, "nothing": {}} {
		_, err := c.Users.Edit(ctx, c.As(max), c.Operator, in)
		refused(t, what+" who holds more", err, fault.PermissionRequired)
	}
	refused(t, "delete who holds more", c.Users.Delete(ctx, c.As(max), c.Operator), fault.PermissionRequired)
	_, err := c.Users.Add(ctx, c.As(max), api.AddUser{Email: "new@northwind.example", AccountRoleID: &deleter})
	refused(t, "invite with more", err, fault.PermissionRequired)
	if n := c.Number("SELECT COUNT(*) FROM users WHERE email = 'new@northwind.example'"); n != 0 {
		t.Error("a refused invitation left a user")
	}
	// Who lost a right meanwhile does not give it: the rights of the transaction count.
	before := c.As(max)
	c.Exec("UPDATE users SET account_role_id = NULL WHERE id = ?", max)
	_, err = c.Users.Edit(ctx, before, plain, api.EditUser{FirstName: ptr("X")})
	refused(t, "with rights that are gone", err, fault.NotFound)
}

// rights is what somebody may do on the account (under 0) and in each organization.
type rights map[api.OrgID]perm.Set

// lattice is a small world of users and roles that change each other at random.
type lattice struct {
	*testkit.Kit
	orgs  []api.OrgID
	links []users.Redeemed
	round int
}

// latticePermissions are few, so that sets meet often.
var latticePermissions = []perm.Permission{perm.UsersManage, perm.RolesManage, perm.KeysList, perm.DevicesRead, perm.AuditRead}

// begin forgets the people and roles of the world before.
func (l *lattice) begin() {
	for _, table := range []string{"memberships", "one_time_tokens", "users"} {
		l.Exec("DELETE FROM " + table)
	}
	l.Exec("DELETE FROM roles WHERE built_in = 0")
	l.links = nil
	l.round++
	for i, set := range [][]perm.Permission{nil, {perm.UsersManage, perm.RolesManage}, {perm.UsersManage, perm.KeysList}, {perm.RolesManage, perm.AuditRead}} {
		user := l.Person(fmt.Sprintf("P%d-%d", l.round, i))
		if set == nil {
			l.Join(user, 0, perm.FullAdministrator)
			continue
		}
		l.Join(user, 0, l.Role(perm.Account, set...))
		l.Join(user, l.orgs[i%2], l.Role(perm.Organization, perm.KeysList, perm.DevicesRead))
	}
}

// ids of a table's rows.
func (l *lattice) ids(query string) (list []int64) {
	l.Must(l.DB.Read(ctx).Select(&list, query))
	return list
}

func (l *lattice) active() []int64 {
	return l.ids("SELECT id FROM users WHERE deleted_at IS NULL AND state = 'active' ORDER BY id")
}

// all is what each user could do if they were in, whatever their state: rights that
// wait count, too.
func (l *lattice) all() map[api.UserID]rights {
	everyone := map[api.UserID]rights{}
	for _, id := range l.ids("SELECT id FROM users WHERE deleted_at IS NULL") {
		everyone[api.UserID(id)] = l.of(l.As(api.UserID(id)))
	}
	return everyone
}

func (l *lattice) of(who caller.Caller) rights {
	r := rights{0: who.Account}
	for _, org := range l.orgs {
		r[org] = who.In(org)
	}
	return r
}

func set(t *rapid.T) []perm.Permission {
	return rapid.SliceOfDistinct(rapid.SampledFrom(latticePermissions), rapid.ID).Draw(t, "permissions")
}

// step is one random act of a random user; it answers whose rights bound it.
func (l *lattice) step(t *rapid.T) (by api.UserID, err error) {
	actor := api.UserID(rapid.SampledFrom(l.active()).Draw(t, "actor"))
	who := l.As(actor)
	user := func() api.UserID {
		return api.UserID(rapid.SampledFrom(l.ids("SELECT id FROM users WHERE deleted_at IS NULL ORDER BY id")).Draw(t, "user"))
	}
	role := func() api.RoleID {
		return api.RoleID(rapid.SampledFrom(l.ids("SELECT id FROM roles ORDER BY id")).Draw(t, "role"))
	}
	org := func() api.OrgID { return rapid.SampledFrom(l.orgs).Draw(t, "org") }
	switch rapid.IntRange(0, 8).Draw(t, "act") {
	case 0:
		in := api.AddRole{Name: fmt.Sprintf("made %s", rapid.StringMatching(`[a-z]{12}`).Draw(t, "name")), Scope: perm.Account, Permissions: set(t)}
		if rapid.Bool().Draw(t, "in an organization") {
			in.Scope, in.OrganizationID = perm.Organization, ptr(org())
		}
		_, err = l.Roles.Add(ctx, who, in)
	case 1:
		_, err = l.Roles.Edit(ctx, who, role(), api.EditRole{Permissions: ptr(set(t))})
	case 2:
		err = l.Roles.Delete(ctx, who, role())
	case 3:
		_, err = l.Users.Edit(ctx, who, user(), api.EditUser{AccountRoleID: api.Just(role())})
	case 4:
		in := api.EditUser{AccountRoleID: api.Null[api.RoleID](), State: ptr(rapid.SampledFrom([]string{api.UserActive, api.UserDisabled}).Draw(t, "state"))}
		_, err = l.Users.Edit(ctx, who, user(), in)
	case 5:
		_, err = l.Users.Edit(ctx, who, user(), api.EditUser{Memberships: &[]api.Grant{{OrganizationID: org(), RoleID: role()}}})
	case 6:
		_, err = l.Users.Add(ctx, who, api.AddUser{
			Email: rapid.StringMatching(`[a-z]{12}`).Draw(t, "name") + "@x.example", AccountRoleID: ptr(role()),
		})
	case 7:
		var link api.Link
		id, purpose := user(), rapid.SampledFrom([]api.LinkPurpose{api.LinkInvite, api.LinkReset}).Draw(t, "purpose")
		if link, err = l.Users.Link(ctx, who, id, api.AddLink{Purpose: purpose}); err == nil {
			l.links = append(l.links, users.Redeemed{User: id, Purpose: link.Purpose, By: &actor, Hash: "of nothing"})
		}
	case 8:
		if len(l.links) == 0 {
			return actor, nil
		}
		// Whoever made a link may hold it: then they are that user from now on.
		link := rapid.SampledFrom(l.links).Draw(t, "link")
		err = l.DB.Write(ctx, func(tx *db.Tx) error { _, err := l.Users.Redeem(tx, link); return err })
		if err == nil {
			within(t, "a link's maker becomes its user", l.of(l.As(link.User)), l.of(l.As(*link.By)))
		}
		return *link.By, err
	}
	return actor, err
}

func within(t *rapid.T, what string, got, bound rights) {
	for org, have := range got {
		if !bound[org].Holds(have) {
			t.Fatalf("%s: in %d %s, bound by %s", what, org, have, bound[org])
		}
	}
}

// TestP20RightsNeverGrowBeyondTheirGiver walks through random acts of random users:
// whatever anyone gains by one, its actor held before it.
func TestP20RightsNeverGrowBeyondTheirGiver(t *testing.T) {
	k := testkit.New(t, nil)
	l := &lattice{Kit: k, orgs: []api.OrgID{k.Org("North"), k.Org("South")}}
	want := size.Of(t, 1000, 100_000, "steps")
	steps, done := 0, 0
	walk := func(rt *rapid.T) {
		l.begin()
		for range rapid.IntRange(10, 60).Draw(rt, "steps") {
			before := l.all()
			by, err := l.step(rt)
			if _, known := fault.From(err); err != nil && !known {
				rt.Fatal(err)
			}
			steps++
			if err == nil {
				done++
			}
			for id, now := range l.all() {
				gained := rights{}
				for org, have := range now {
					gained[org] = have &^ before[id][org]
					if err != nil && gained[org] != 0 {
						rt.Fatalf("a refused act gave %s", gained[org])
					}
				}
				within(rt, fmt.Sprintf("user %d gains by user %d", id, by), gained, before[by])
			}
			if k.Number(`SELECT COUNT(*) FROM users u JOIN roles r ON r.id = u.account_role_id WHERE r.name = ? AND u.state = 'active' AND u.deleted_at IS NULL`, perm.FullAdministrator) == 0 {
				rt.Fatal("no administrator is left")
			}
		}
	}
	for steps < want && !t.Failed() {
		rapid.Check(t, walk)
	}
	if !t.Failed() && done < steps/10 {
		t.Errorf("%d steps, %d of them done: this proves little", steps, done)
	}
	t.Logf("%d steps, %d done", steps, done)
}
