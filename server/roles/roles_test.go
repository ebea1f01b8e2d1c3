package roles_test

import (
	"testing"

	"keystead/server/roles"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// The built-in roles of the database are those of this program.
func TestSync(t *testing.T) {
	k := testkit.New(t, nil)
	permissions := func(role string) (set perm.Set) {
		t.Helper()
		var names []perm.Permission
		k.Must(k.DB.Read(t.Context()).Select(&names, `
			SELECT p.permission FROM roles r JOIN role_permissions p ON p.role_id = r.id WHERE r.built_in = 1 AND r.name = ?`, role))
		set, err := perm.Parse(names)
		k.Must(err)
		return set
	}
	check := func() {
		t.Helper()
		for _, role := range perm.BuiltIn {
			if got := permissions(role.Name); got != role.Permissions {
				t.Errorf("%s may %s", role.Name, got)
			}
		}
	}
	check()
	commits := k.DB.Commits()
	k.Must(roles.Sync(t.Context(), k.DB))
	if k.DB.Commits() != commits {
		t.Error("a start without a change writes")
	}
	ids := k.Number("SELECT SUM(id) FROM roles")
	k.Exec("DELETE FROM role_permissions WHERE permission = 'devices:read'")
	k.Exec("INSERT INTO role_permissions SELECT id, 'users:manage' FROM roles WHERE name = ?", perm.ReadOnly)
	k.Exec("UPDATE roles SET scope = 'account' WHERE name = ?", perm.Verifier)
	k.Must(roles.Sync(t.Context(), k.DB))
	check()
	if k.Number("SELECT SUM(id) FROM roles") != ids || k.Number("SELECT COUNT(*) FROM roles WHERE scope = 'account'") != 1 {
		t.Error("the roles were made anew, or keep the wrong scope")
	}
}

func TestPermissions(t *testing.T) {
	k := testkit.New(t, nil)
	page := testkit.Read[api.Page[perm.Entry]](k, k.Send(k.Session(k.Person("Ada")), "GET /v1/permissions", ""), 200)
	if len(page.Items) != len(perm.Table) || page.Total != len(perm.Table) || page.Items[0] != perm.Table[0] {
		t.Errorf("%d permissions: %+v", page.Total, page.Items)
	}
	if a := k.Send(nil, "GET /v1/permissions", ""); a.Status != 401 {
		t.Errorf("to strangers: %d", a.Status)
	}
}
