package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/perm"
)

func TestCustomRoles(t *testing.T) {
	t.Parallel()
	d, sam, _ := withSam(t)
	d.admin.AddKey("billing", api.Admin)
	d.visit(rolesScreen)
	d.Shows("1–4 of 4 roles")
	d.Look("roles")
	d.Click(browser.Button(`What "Organization Operator" allows`))
	d.Shows("See the members of an organization")
	d.Look("role-view")
	d.Press(browser.Escape)
	d.Focused(browser.Button(`What "Organization Operator" allows`))

	// A role whose name looks like another is refused at its field.
	d.Press("c")
	d.Focused(browser.Field("Name"))
	d.Type(browser.Field("Name"), "full administrator")
	d.Choose(browser.Choice("Given on"), binary.OrgName)
	d.Gone(browser.Tick("Invite, edit, disable and delete users"))
	d.Click(browser.Tick("Enable, disable, rename and restrict other people’s API keys"))
	d.Becomes(browser.Tick("See the details and history of other people’s API keys"), "checked", true)
	d.Becomes(browser.Tick("See the details and history of other people’s API keys"), "disabled", true)
	d.Click(browser.Tick("See other people’s API keys in lists, never their values"))
	d.Click(browser.Button("Add role").First())
	d.Becomes(browser.Field("Name"), "invalid", true)
	d.Look("role-new-refused")
	d.Type(browser.Field("Name"), "Key Watcher")
	d.Look("role-new")
	d.onlyTheBodyScrolls()
	d.Press(browser.Enter)
	d.Shows(`Saved role "Key Watcher".`)
	d.Shows("1–5 of 5 roles")

	// It is given, and acts at the next request.
	org := d.admin.Org().ID
	var watcher api.Role
	for _, r := range binary.Get[api.Page[api.Role]](d.admin, api.PathRoles).Items {
		if r.Name == "Key Watcher" {
			watcher = r
		}
	}
	if n := sam.Keys("").Total; n != 2 {
		t.Fatalf("a reader sees %d keys", n)
	}
	d.visit(usersScreen)
	d.more("Sam Reed", "Roles…")
	d.Choose(browser.Choice(binary.OrgName), "Key Watcher")
	d.Click(browser.Button("Save"))
	d.Shows(`Saved "Sam Reed".`)
	if n := sam.Keys("").Total; n != 3 {
		t.Errorf("a watcher sees %d keys", n)
	}

	// In use it can't be deleted; a change acts at once.
	d.visit(rolesScreen)
	d.Click(browser.Button(`More actions for "Key Watcher"`))
	d.Becomes(browser.MenuItem("Delete…"), "disabled", true)
	d.Shows("1 user holds it. Give them another role first.")
	d.Look("role-menu")
	d.Click(browser.MenuItem("Edit…"))
	d.Shows("1 user holds this role.")
	d.Click(browser.Tick("See other people’s API keys in lists, never their values"))
	d.Look("role-edit")
	d.Click(browser.Button("Save"))
	d.Shows(`Saved role "Key Watcher".`)
	if n := sam.Keys("").Total; n != 2 {
		t.Errorf("still sees %d keys", n)
	}
	got := binary.Get[api.Role](d.admin, api.PathRole(watcher.ID))
	if len(got.Permissions) != 2 || got.Permissions[0] != perm.KeysRead || got.Permissions[1] != perm.KeysModify {
		t.Errorf("the role gives %v", got.Permissions)
	}

	user := binary.Get[api.Me](sam, api.PathMe).User.ID
	for _, r := range binary.Get[api.Page[api.Role]](d.admin, api.PathRoles).Items {
		if r.Name == perm.ReadOnly {
			binary.Patch[api.PersonDetail](d.admin, api.PathUser(user), binary.JSON{"memberships": []api.Grant{{OrganizationID: org, RoleID: r.ID}}})
		}
	}
	d.visit(rolesScreen + "?scope=organization")
	d.more("Key Watcher", "Delete…")
	d.Look("role-delete")
	d.Click(browser.Button("Delete role"))
	d.Shows(`Deleted role "Key Watcher".`)
	d.Eventually("the rows", func() string {
		if names := strings.Join(d.names(), ", "); names != "Organization Operator, Read Only, Verifier" {
			return names
		}
		return ""
	})
}

// Who manages roles gives no more than they hold.
func TestAChecklistOffersWhatOneHolds(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	binary.Post[api.Role](d.admin, api.PathRoles, binary.JSON{"name": "Role Keeper", "scope": "account",
		"permissions": []perm.Permission{perm.RolesRead, perm.RolesManage, perm.OrgsRead, perm.UsersRead, perm.UsersManage}}, http.StatusCreated)
	d.server.AddUser("sam.reed@example.com", "Role Keeper", "")
	d.enter(d.server.SignIn("sam.reed@example.com"))
	d.visit(rolesScreen)
	d.Click(browser.Button("Add role"))
	d.Becomes(browser.Tick("Delete other people’s API keys"), "disabled", true)
	d.Becomes(browser.Tick("See organizations and their policy"), "disabled", false)
	d.Look("role-new-keeper")
	d.Press(browser.Escape)
	d.Click(browser.Button(`More actions for "Role Keeper"`))
	d.Becomes(browser.MenuItem("Edit…"), "disabled", false)
	d.Press(browser.Escape)
	d.visit(usersScreen)
	d.Click(browser.Button(`More actions for "Mara Voss"`))
	d.Becomes(browser.MenuItem("Edit…"), "disabled", true)
	d.Shows("They hold more than you do.")
	d.Look("user-menu-of-a-mightier")
	d.Press(browser.Escape)
	d.Click(browser.Button("Invite user"))
	d.Until("roles that can't be given", `[...document.querySelector("#user-account-role").options].some((o) => o.disabled && o.label.includes("gives more than you hold"))`)
	d.Look("user-invite-keeper")
}
