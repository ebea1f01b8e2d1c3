package pages

import (
	"reflect"
	"testing"

	"keystead/shared/api"
	"keystead/shared/perm"
)

var (
	labs, ops = api.OrgID(1), api.OrgID(2)

	roleList = []api.Role{
		{ID: 1, Name: "Full Administrator", Scope: perm.Account, Permissions: perm.All().List()},
		{ID: 2, Name: "People", Scope: perm.Account, Permissions: []perm.Permission{perm.UsersManage, perm.UsersRead}},
		{ID: 3, Name: "Operator", Scope: perm.Organization, Permissions: []perm.Permission{perm.DevicesRead, perm.DevicesManage}},
		{ID: 4, Name: "Read Only", Scope: perm.Organization, Permissions: []perm.Permission{perm.DevicesRead}},
		{ID: 5, Name: "Ops Auditor", Scope: perm.Organization, OrganizationID: &ops, Permissions: []perm.Permission{perm.AuditRead}},
	}
)

// peopleManager manages users, reads devices on the account, and operates labs.
func peopleManager() api.Me {
	return api.Me{
		AccountPermissions: []perm.Permission{perm.UsersManage, perm.UsersRead, perm.DevicesRead},
		Organizations: []api.MyOrg{
			{ID: labs, Name: "Labs", ShortName: "labs", Permissions: []perm.Permission{perm.DevicesManage}},
			{ID: ops, Name: "Ops", ShortName: "ops", Policy: api.Policy{Reveal: api.RevealNever}},
		},
	}
}

func TestNobodyIsOfferedARoleThatGivesMoreThanTheyHold(t *testing.T) {
	g := newGrants(peopleManager(), api.Person{})
	g.roles = roleList
	open := func(at grant) (names []string) {
		for _, o := range g.in(at) {
			if o.Off == "" {
				names = append(names, o.Label)
			}
		}
		return names
	}
	if got := open(grant{Org: labs}); !reflect.DeepEqual(got, []string{"Operator", "Read Only"}) {
		t.Errorf("labs: %v", got)
	}
	if got := open(grant{Org: ops}); !reflect.DeepEqual(got, []string{"Read Only"}) {
		t.Errorf("ops: %v", got)
	}
	if n := len(g.in(grant{Org: ops})); n != 3 {
		t.Errorf("ops lists %d roles", n)
	}
	account := g.onAccount(nil)
	if len(account) != 3 || account[1].Off != tooMuch || account[2].Off != "" {
		t.Errorf("account: %+v", account)
	}
}

func TestARoleThatIsNotListedStays(t *testing.T) {
	g := newGrants(peopleManager(), api.Person{
		AccountRole: &api.RoleName{ID: 9, Name: "Odd"},
		Memberships: []api.Membership{{Organization: api.OrgName{ID: labs, Name: "Labs"}, Role: api.RoleName{ID: 8, Name: "Rare"}}},
	})
	g.roles = roleList
	if options := g.onAccount(&api.RoleName{ID: 9, Name: "Odd"}); options[len(options)-1].Label != "Odd" {
		t.Errorf("account: %+v", options)
	}
	if options := g.in(g.Here[0]); options[len(options)-1].Label != "Rare" {
		t.Errorf("labs: %+v", options)
	}
	if _, differs := g.edits(); differs {
		t.Error("nothing was touched, and something is to be saved")
	}
}

func TestJoiningAndLeaving(t *testing.T) {
	was := api.Person{Memberships: []api.Membership{{Organization: api.OrgName{ID: labs, Name: "Labs"}, Role: api.RoleName{ID: 4, Name: "Read Only"}}}}
	g := newGrants(peopleManager(), was)
	g.roles = roleList
	g.join("ops")
	if g.Here[1].Role != "4" {
		t.Errorf("joined with role %s, not the smallest that can be given", g.Here[1].Role)
	}
	if len(g.others()) != 1 || !reflect.DeepEqual(g.blind(), []string{"Ops"}) || g.left() != nil {
		t.Errorf("others %v, blind %v, left %v", g.others(), g.blind(), g.left())
	}
	g.leave(labs)
	if !reflect.DeepEqual(g.left(), []string{"Labs"}) {
		t.Errorf("left %v", g.left())
	}
	edit, differs := g.edits()
	if !differs || edit.AccountRoleID.Set || !reflect.DeepEqual(*edit.Memberships, []api.Grant{{OrganizationID: ops, RoleID: 4}}) {
		t.Errorf("%+v", edit)
	}
	g.leave(ops)
	if g.fault() == "" {
		t.Error("a user without any role can be made")
	}
	g.Account = "2"
	if edit, _ := g.edits(); g.fault() != "" || *edit.AccountRoleID.Value != 2 {
		t.Errorf("%q, %+v", g.fault(), edit)
	}
}
