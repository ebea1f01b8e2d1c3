package pages

import (
	"testing"

	"keystead/shared/api"
	"keystead/shared/perm"
)

func TestThePermissionGroupsHoldEveryPermissionOnce(t *testing.T) {
	var seen perm.Set
	for _, g := range permGroups {
		for _, p := range g.Of {
			if seen.Has(p) {
				t.Errorf("%s stands twice", p)
			}
			seen |= perm.Of(p) &^ perm.Of(perm.KeysRead)
			if p == perm.KeysRead {
				seen |= perm.Of(p)
			}
		}
	}
	if seen != perm.All() {
		t.Errorf("some are missing: %s", seen)
	}
}

func TestAChecklist(t *testing.T) {
	me := peopleManager()
	f := newRoleForm(me)
	state := func(p perm.Permission) string {
		switch box, ok := f.tick(p); {
		case !ok:
			return "hidden"
		case box.On && box.Off != "":
			return "comes along"
		case box.On:
			return "on"
		case box.Off != "":
			return "not held"
		}
		return "off"
	}
	expect := func(p perm.Permission, want string) {
		t.Helper()
		if got := state(p); got != want {
			t.Errorf("%s: got %s, want %s", p, got, want)
		}
	}
	expect(perm.UsersManage, "off")
	expect(perm.DevicesManage, "not held")
	f.Where = "labs"
	expect(perm.UsersManage, "hidden")
	expect(perm.DevicesManage, "off")

	f.Tick(perm.KeysModify, true)
	expect(perm.KeysModify, "on")
	expect(perm.KeysRead, "comes along")
	f.Tick(perm.KeysModify, false)
	expect(perm.KeysModify, "not held")
	expect(perm.KeysRead, "not held")
}

func TestWhatAFormOfARoleSends(t *testing.T) {
	f := newRoleForm(peopleManager())
	if f.check() || f.NameError == "" || f.PermError == "" {
		t.Errorf("an empty form can be sent: %+v", f)
	}
	f.SetName(" Auditors ")
	f.Tick(perm.UsersManage, true)
	f.Tick(perm.DevicesRead, true)
	f.Where = "labs" // where users can't be managed
	if !f.check() {
		t.Fatalf("%+v", f)
	}
	add := f.adds()
	if add.Name != "Auditors" || add.Scope != perm.Organization || *add.OrganizationID != labs || len(add.Permissions) != 1 {
		t.Errorf("%+v", add)
	}

	f = roleFormOf(peopleManager(), api.Role{ID: 5, Name: "Ops Auditor", Scope: perm.Organization, OrganizationID: &ops,
		Permissions: []perm.Permission{perm.AuditRead}})
	if _, differs := f.edits(); differs || f.Where != "ops" {
		t.Errorf("untouched: %+v", f)
	}
	f.Tick(perm.AuditRead, false)
	f.Tick(perm.DevicesRead, true)
	edit, _ := f.edits()
	if edit.Name != nil || len(*edit.Permissions) != 1 || (*edit.Permissions)[0] != perm.DevicesRead {
		t.Errorf("%+v", edit)
	}
}

func TestACopyOfARoleKeepsWhatCanBeGiven(t *testing.T) {
	f := copyOfRole(peopleManager(), roleList[0])
	if f.was.ID != 0 || f.Name != "" || f.Where != "" || f.set() != perm.Of(perm.UsersManage, perm.UsersRead, perm.DevicesRead) {
		t.Errorf("%+v", f)
	}
	if f := copyOfRole(peopleManager(), roleList[2]); f.Where != "labs" {
		t.Errorf("given on %q", f.Where)
	}
}

func TestWordsOfARole(t *testing.T) {
	orgs := peopleManager().Organizations
	for i, want := range []string{"The account", "The account", "Every organization", "Every organization", "Ops"} {
		if got := roleWhere(roleList[i], orgs); got != want {
			t.Errorf("%s: got %q", roleList[i].Name, got)
		}
	}
	if permsWord(roleList[0]) != "All permissions" || permsWord(roleList[3]) != "1 permission" {
		t.Error("permissions are counted wrong")
	}
	if inUse(api.Role{}) != "" || inUse(api.Role{Holders: 2}) == "" {
		t.Error("a role in use can be deleted, or one that is not can't")
	}
}
