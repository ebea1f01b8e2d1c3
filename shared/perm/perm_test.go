package perm_test

import (
	"slices"
	"strings"
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

func TestOfKnownPassesOverUnknownNames(t *testing.T) {
	if got := perm.OfKnown("teleport:use", perm.KeysModify); got != perm.Of(perm.KeysModify) {
		t.Errorf("got %s", got)
	}
	if got := perm.OfKnown(); got != 0 {
		t.Errorf("of none: %s", got)
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

// What a READONLY key keeps looks and asks, and changes nothing.
func TestReadOnlyKeysOnlyRead(t *testing.T) {
	for _, p := range perm.ReadOnlyKeys.List() {
		if _, verb, _ := strings.Cut(string(p), ":"); verb != "read" && verb != "list" && verb != "verify" {
			t.Errorf("a READONLY key keeps %s", p)
		}
	}
	for _, secret := range []perm.Permission{perm.SharedSecretRead, perm.AgentKeyRead} {
		if perm.ReadOnlyKeys.Has(secret) {
			t.Errorf("a READONLY key shows a value by %s", secret)
		}
	}
}

// FuzzParse: names are taken if each is in the table, and the set holds them, what they
// bring along, and nothing else; a scope of OAuth says the same.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "api_keys:list", "api_keys:modify keys:verify", "api_keys:list api_keys:list", "API_KEYS:LIST", "keys:verify\x00", "*"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, scope string) {
		var names []perm.Permission
		for _, name := range strings.Fields(scope) {
			names = append(names, perm.Permission(name))
		}
		set, err := perm.Parse(names)
		known := 0
		for _, name := range names {
			if slices.ContainsFunc(perm.Table, func(e perm.Entry) bool { return e.Permission == name }) {
				known++
			}
		}
		if (err == nil) != (known == len(names)) {
			t.Fatalf("%q: %v", names, err)
		}
		if err != nil {
			if set != 0 {
				t.Errorf("%q is refused and gives %s", names, set)
			}
			return
		}
		for _, p := range set.List() {
			brought := p == perm.KeysRead && (slices.Contains(names, perm.KeysModify) || slices.Contains(names, perm.KeysDelete))
			if !slices.Contains(names, p) && !brought {
				t.Errorf("%q gives %s", names, p)
			}
		}
		for _, name := range names {
			if !set.Has(name) {
				t.Errorf("%q does not give %s", names, name)
			}
		}
		if again, err := perm.Parse(set.List()); err != nil || again != set || len(strings.Fields(set.String())) != set.Len() {
			t.Errorf("%q: %s, and again %s", names, set, again)
		}
	})
}
