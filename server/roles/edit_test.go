package roles_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"keystead/server/caller"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

var ctx = context.Background()

func ptr[T any](v T) *T { return &v }

func refused(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: %v, want %q", what, err, code)
	}
}

// holder is somebody with exactly these permissions on the account.
func holder(k *testkit.Kit, first string, ps ...perm.Permission) api.UserID {
	k.T.Helper()
	user := k.Person(first)
	k.Join(user, 0, k.Role(perm.Account, ps...))
	return user
}

func TestLifeOfARole(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	admin := c.As(c.Admin)
	added, err := c.Roles.Add(ctx, admin, api.AddRole{
		Name: " Key keepers ", Description: "Look after keys.", Scope: perm.Organization, OrganizationID: &c.X,
		Permissions: []perm.Permission{perm.KeysDelete, perm.KeysList, perm.KeysList},
	})
	c.Must(err)
	if want := []perm.Permission{perm.KeysList, perm.KeysRead, perm.KeysDelete}; !slices.Equal(added.Permissions, want) {
		t.Errorf("gives %v, want %v", added.Permissions, want)
	}
	if added.Name != "Key keepers" || added.BuiltIn || !added.Manageable || added.Holders != 0 || *added.OrganizationID != c.X {
		t.Errorf("added %+v", added)
	}
	user := c.Person("Zoe")
	c.Join(user, c.X, added.Name)
	who := func() perm.Set { return c.As(user).In(c.X) }
	if !who().Has(perm.KeysDelete) {
		t.Errorf("its holder may %s", who())
	}
	edited, err := c.Roles.Edit(ctx, admin, added.ID, api.EditRole{Name: ptr("Key watchers"), Permissions: &[]perm.Permission{perm.KeysList}})
	c.Must(err)
	if edited.Holders != 1 || edited.Name != "Key watchers" || edited.Description != "Look after keys." || who() != perm.Of(perm.KeysList) {
		t.Errorf("edited %+v, its holder may %s", edited, who())
	}
	_, err = c.Roles.Edit(ctx, admin, added.ID, api.EditRole{Name: ptr("Key watchers")})
	refused(t, "nothing", err, "")
	refused(t, "delete in use", c.Roles.Delete(ctx, admin, added.ID), fault.RoleInUse)
	c.Exec("DELETE FROM memberships WHERE user_id = ?", user)
	refused(t, "delete", c.Roles.Delete(ctx, admin, added.ID), "")
	refused(t, "delete again", c.Roles.Delete(ctx, admin, added.ID), fault.NotFound)
	for act, n := range map[string]int64{"role.add": 1, "role.edit": 1, "role.delete": 1} {
		if got := c.Number("SELECT COUNT(*) FROM audit WHERE act = ? AND org_id = ?", act, c.X); got != n {
			t.Errorf("%d rows of %s", got, act)
		}
	}
}

func TestRoleRules(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	for what, row := range map[string]struct {
		in    api.AddRole
		code  fault.Code
		field string
	}{
		"no scope":               {api.AddRole{Name: "a1", Scope: perm.Both}, fault.InvalidValue, "scope"},
		"the account's with org": {api.AddRole{Name: "a2", Scope: perm.Account, OrganizationID: &c.X}, fault.InvalidValue, "organization_id"},
		"no organization":        {api.AddRole{Name: "a3", Scope: perm.Organization}, fault.InvalidValue, "organization_id"},
		"an unknown one":         {api.AddRole{Name: "a4", Scope: perm.Organization, OrganizationID: ptr(api.OrgID(99))}, fault.InvalidValue, "organization_id"},
		"account permissions":    {api.AddRole{Name: "a5", Scope: perm.Organization, OrganizationID: &c.X, Permissions: []perm.Permission{perm.UsersManage}}, fault.InvalidValue, "permissions"},
		"unknown permissions":    {api.AddRole{Name: "a6", Scope: perm.Account, Permissions: []perm.Permission{"keys:all"}}, fault.InvalidValue, "permissions"},
		"no name":                {api.AddRole{Name: " ", Scope: perm.Account}, fault.InvalidValue, "name"},
		"a taken name":           {api.AddRole{Name: "VERIFIER", Scope: perm.Account}, fault.NameTaken, "name"},
	} {
		_, err := c.Roles.Add(ctx, c.As(c.Admin), row.in)
		if f, ok := fault.From(err); !ok || f.Code != row.code || f.Field != row.field {
			t.Errorf("%s: %v, want %s at %s", what, err, row.code, row.field)
		}
	}
	for _, role := range perm.BuiltIn {
		id := api.RoleID(c.Number("SELECT id FROM roles WHERE name = ?", role.Name))
		_, err := c.Roles.Edit(ctx, c.As(c.Admin), id, api.EditRole{Description: ptr("x")})
		refused(t, "edit "+role.Name, err, fault.RoleBuiltIn)
		refused(t, "delete "+role.Name, c.Roles.Delete(ctx, c.As(c.Admin), id), fault.RoleBuiltIn)
		got, err := c.Roles.Get(ctx, c.As(c.Admin), id)
		c.Must(err)
		if !got.BuiltIn || got.Manageable || got.Description != role.Means || !slices.Equal(got.Permissions, role.Permissions.List()) {
			t.Errorf("built in %+v", got)
		}
	}
}

// TestP20RolesGiveWhatTheirMakerHolds: by adding, by editing, and whoever has them.
func TestP20RolesGiveWhatTheirMakerHolds(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	max := c.As(holder(c.Kit, "Max", perm.RolesManage, perm.RolesRead, perm.KeysList))
	small, err := c.Roles.Add(ctx, max, api.AddRole{Name: "Small", Scope: perm.Account, Permissions: []perm.Permission{perm.KeysList}})
	c.Must(err)
	for what, ps := range map[string][]perm.Permission{"more": {perm.KeysRead}, "all": perm.All().List(), "implied": {perm.KeysModify}} {
		_, err = c.Roles.Add(ctx, max, api.AddRole{Name: "Role of " + what, Scope: perm.Account, Permissions: ps})
		refused(t, "add "+what, err, fault.PermissionRequired)
		_, err = c.Roles.Edit(ctx, max, small.ID, api.EditRole{Permissions: &ps})
		refused(t, "edit to "+what, err, fault.PermissionRequired)
	}
	big, err := c.Roles.Add(ctx, c.As(c.Admin), api.AddRole{Name: "Big", Scope: perm.Account, Permissions: []perm.Permission{perm.AuditRead}})
	c.Must(err)
	_, err = c.Roles.Edit(ctx, max, big.ID, api.EditRole{Permissions: &[]perm.Permission{}})
	refused(t, "take what they lack", err, fault.PermissionRequired)
	_, err = c.Roles.Edit(ctx, max, big.ID, api.EditRole{Name: ptr("Mine")})
	refused(t, "rename what gives more", err, fault.PermissionRequired)
	refused(t, "delete what gives more", c.Roles.Delete(ctx, max, big.ID), fault.PermissionRequired)
	if got, err := c.Roles.Get(ctx, max, big.ID); err != nil || got.Manageable {
		t.Errorf("manageable: %+v, %v", got, err)
	}
	reading := c.As(c.Admin)
	reading.Kind, reading.Key = api.CallerKey, &caller.Key{Role: api.ReadOnly}
	_, err = c.Roles.Add(ctx, reading, api.AddRole{Name: "By a key", Scope: perm.Account})
	refused(t, "by a READONLY key", err, fault.KeyTooWeak)
	_, err = c.Roles.Add(ctx, c.As(c.Operator), api.AddRole{Name: "By an operator", Scope: perm.Organization, OrganizationID: &c.X})
	refused(t, "without roles:manage", err, fault.PermissionRequired)
	c.Exec("UPDATE users SET account_role_id = NULL WHERE id = ?", max.User.ID)
	_, err = c.Roles.Add(ctx, max, api.AddRole{Name: "Too late", Scope: perm.Account})
	refused(t, "with rights that are gone", err, fault.PermissionRequired)
}

// spellings turns a name into what people read as the same.
var spellings = map[string]func(string) string{
	"case": strings.ToUpper, "lower": strings.ToLower, "no blank": func(s string) string { return strings.ReplaceAll(s, " ", "") + " " },
	"two blanks": blank("  "), "no-break": blank("\u00a0"), "ideographic": blank("\u3000"), "underscore": blank("_"), "dash": blank("-"),
	"zero width": letter("\u200b"), "joiner": letter("\u200d"), "soft hyphen": letter("\u00ad"), "right to left": letter("\u202e"),
	"filler": letter("\u3164"), "variation": letter("\ufe0f"), "mark": letter("\u0307"),
	"full width": func(s string) string { return mapped(s, 'a', 'z', 0xff41-'a') }, "bold": func(s string) string { return mapped(s, 'a', 'z', 0x1d41a-'a') },
	"Cyrillic": strings.NewReplacer("a", "а", "e", "е", "o", "о", "i", "і").Replace, "Greek": strings.NewReplacer("o", "ο", "i", "ι", "a", "α").Replace,
	"Cherokee": strings.NewReplacer("F", "Ꮀ", "A", "Ꭺ", "R", "Ꭱ", "O", "Ꭴ", "V", "Ꮩ", "e", "е").Replace,
	"digits":   strings.NewReplacer("i", "1", "l", "1", "o", "0").Replace, "capital i": strings.NewReplacer("l", "I").Replace,
	"dotless": strings.NewReplacer("i", "ı").Replace, "accent": strings.NewReplacer("a", "á", "i", "ï").Replace,
}

func blank(by string) func(string) string {
	return func(s string) string { return strings.ReplaceAll(s, " ", by) + by }
}

func letter(put string) func(string) string {
	return func(s string) string { return s[:1] + put + s[1:] }
}

func mapped(s string, from, to, by rune) string {
	return strings.Map(func(r rune) rune {
		if r >= from && r <= to {
			return r + by
		}
		return r
	}, s)
}

// TestP21NoTwinOfARole tries what reads like a built-in role.
func TestP21NoTwinOfARole(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	tried := 0
	for _, role := range perm.BuiltIn {
		for how, spell := range spellings {
			twin := spell(role.Name)
			tried++
			_, err := c.Roles.Add(ctx, c.As(c.Admin), api.AddRole{Name: twin, Scope: perm.Account})
			if !fault.Is(err, fault.NameTaken) && !fault.Is(err, fault.InvalidValue) {
				t.Errorf("%s in %s: %q was taken for another name: %v", role.Name, how, twin, err)
			}
		}
	}
	if tried < 60 {
		t.Errorf("%d spellings", tried)
	}
	first, err := c.Roles.Add(ctx, c.As(c.Admin), api.AddRole{Name: "Owner", Scope: perm.Account})
	c.Must(err)
	for i, twin := range []string{"0wner", "ОWNER", "Оwner", "ｏｗｎｅｒ"} {
		_, err := c.Roles.Add(ctx, c.As(c.Admin), api.AddRole{Name: twin, Scope: perm.Account})
		if !fault.Is(err, fault.NameTaken) && !fault.Is(err, fault.InvalidValue) {
			t.Errorf("%d %q: %v", i, twin, err)
		}
	}
	_, err = c.Roles.Edit(ctx, c.As(c.Admin), first.ID, api.EditRole{Name: ptr("OWNER")})
	refused(t, "another spelling of its own name", err, "")
	_, err = c.Roles.Edit(ctx, c.As(c.Admin), first.ID, api.EditRole{Name: ptr("Read-Only")})
	refused(t, "renamed to a twin", err, fault.NameTaken)
}

func TestListOfRoles(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	admin := c.As(c.Admin)
	for name, org := range map[string]*api.OrgID{"Zebra of X": &c.X, "Apple of Y": &c.Y, "Wide": nil} {
		in := api.AddRole{Name: name, Description: "Custom.", Scope: perm.Account, OrganizationID: org}
		if org != nil {
			in.Scope = perm.Organization
		}
		_, err := c.Roles.Add(ctx, admin, in)
		c.Must(err)
	}
	reader := c.Person("Rita")
	c.Join(reader, c.X, c.Kit.Role(perm.Organization, perm.RolesRead))
	c.Exec("UPDATE roles SET org_id = ?, name = 'Readers', name_folded = 'readers' WHERE name LIKE 'role %'", c.X)
	for _, row := range []struct {
		who   api.UserID
		query string
		want  string
	}{
		{c.Admin, "", "Apple of Y,Full Administrator,Organization Operator,Read Only,Readers,Verifier,Wide,Zebra of X"},
		{c.Admin, "?sort=holders&order=desc&limit=3", "Organization Operator,Full Administrator,Read Only"},
		{c.Admin, "?scope=account", "Full Administrator,Wide"},
		{c.Admin, fmt.Sprintf("?org=%d", c.Y), "Apple of Y,Organization Operator,Read Only,Verifier"},
		{c.Admin, "?q=custom", "Apple of Y,Wide,Zebra of X"},
		{c.Admin, "?page=2&limit=7", "Zebra of X"},
		{reader, "", "Full Administrator,Organization Operator,Read Only,Readers,Verifier,Zebra of X"},
		{reader, fmt.Sprintf("?org=%d", c.Y), "Organization Operator,Read Only,Verifier"},
	} {
		page := testkit.Read[api.Page[api.Role]](c.Kit, c.Send(c.Session(row.who), "GET /v1/roles"+row.query, ""), 200)
		names := make([]string, len(page.Items))
		for i, role := range page.Items {
			names[i] = role.Name
		}
		if got := strings.Join(names, ","); got != row.want {
			t.Errorf("%d%s: %s, want %s", row.who, row.query, got, row.want)
		}
	}
	if a := c.Send(c.Session(c.Member), "GET /v1/roles", ""); a.Status != 403 || !strings.Contains(a.Body, "roles:read") {
		t.Errorf("without roles:read: %d %s", a.Status, a.Body)
	}
}
