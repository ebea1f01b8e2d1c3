package perm_test

import (
	"testing"

	"keystead/shared/perm"
)

// TestBuiltInRoles holds the table of product.md section 3, a fact a line.
func TestBuiltInRoles(t *testing.T) {
	roles := map[string]perm.Set{}
	for _, r := range perm.BuiltIn {
		roles[r.Name] = r.Permissions
		if !r.Permissions.Givable(r.Scope) {
			t.Errorf("%s holds what can't be given on its %s", r.Name, r.Scope)
		}
	}
	for _, row := range []struct {
		p                            perm.Permission
		operator, readOnly, verifier bool
	}{
		{perm.AccountRead, false, false, false},
		{perm.OrgsRead, true, true, true},
		{perm.OrgsManage, false, false, false},
		{perm.KeysList, false, false, false},
		{perm.KeysRead, false, false, false},
		{perm.KeysModify, false, false, false},
		{perm.KeysDelete, false, false, false},
		{perm.SharedSecretRead, false, false, false},
		{perm.SharedSecretManage, false, false, false},
		{perm.AgentKeyRead, true, false, false},
		{perm.AgentKeyManage, false, false, false},
		{perm.DevicesRead, true, true, false},
		{perm.DevicesManage, true, false, false},
		{perm.UsersRead, true, false, false},
		{perm.RolesRead, false, false, false},
		{perm.UsersManage, false, false, false},
		{perm.RolesManage, false, false, false},
		{perm.AuditRead, false, false, false},
		{perm.KeysVerify, false, false, true},
	} {
		for role, want := range map[string]bool{
			perm.FullAdministrator: true, perm.OrganizationOperator: row.operator,
			perm.ReadOnly: row.readOnly, perm.Verifier: row.verifier,
		} {
			if got := roles[role].Has(row.p); got != want {
				t.Errorf("%s has %s: %v, want %v", role, row.p, got, want)
			}
		}
	}
}

func TestTableNamesEachPermissionOnce(t *testing.T) {
	if got := perm.All().Len(); got != len(perm.Table) {
		t.Fatalf("%d permissions in %d rows", got, len(perm.Table))
	}
}

func TestModifyAndDeleteImplyRead(t *testing.T) {
	for _, p := range []perm.Permission{perm.KeysModify, perm.KeysDelete} {
		if !perm.Of(p).Has(perm.KeysRead) {
			t.Errorf("%s does not bring %s", p, perm.KeysRead)
		}
		if perm.Of(p).Has(perm.KeysList) {
			t.Errorf("%s brings %s", p, perm.KeysList)
		}
	}
}

func TestParseRefusesUnknownNames(t *testing.T) {
	for _, name := range []perm.Permission{"", "keys", "API_KEYS:LIST", "api_keys:list "} {
		if _, err := perm.Parse([]perm.Permission{name}); err == nil {
			t.Errorf("%q was taken for a permission", name)
		}
	}
}

func TestGivable(t *testing.T) {
	for p, want := range map[perm.Permission]bool{
		perm.AccountRead: false, perm.UsersManage: false, perm.RolesManage: false,
		perm.OrgsManage: true, perm.KeysVerify: true,
	} {
		if got := perm.Of(p).Givable(perm.Organization); got != want {
			t.Errorf("%s in an organization: %v, want %v", p, got, want)
		}
		if !perm.Of(p).Givable(perm.Account) {
			t.Errorf("%s can't be given on the account", p)
		}
	}
}
