package orgs_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

var ctx = context.Background()

// member adds somebody with exactly these permissions in an organization, or on the
// account where org is 0.
func member(k *testkit.Kit, first string, org api.OrgID, ps ...perm.Permission) api.UserID {
	k.T.Helper()
	scope := perm.Organization
	if org == 0 {
		scope = perm.Account
	}
	user := k.Person(first)
	k.Join(user, org, k.Role(scope, ps...))
	return user
}

func refused(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: %v, want %q", what, err, code)
	}
}

// TestWhoSeesWhat: organizations, their lists and members, by who asks.
func TestWhoSeesWhat(t *testing.T) {
	k := testkit.New(t, nil)
	here, there := k.Org("Here"), k.Org("There")
	ended := k.Org("Ended")
	k.Exec("UPDATE organizations SET deleted_at = 1 WHERE id = ?", ended)
	ada := member(k, "Ada", here, perm.OrgsRead, perm.UsersRead)
	bob := member(k, "Bob", here, perm.KeysList)
	root := member(k, "Root", 0, perm.OrgsRead, perm.UsersRead)
	readKey := k.As(ada)
	readKey.Kind, readKey.Key = api.CallerKey, &caller.Key{Role: api.ReadOnly, Org: &here}

	const no, gone = fault.PermissionRequired, fault.NotFound
	for _, c := range []struct {
		what               string
		who                caller.Caller
		here, there, ended fault.Code
		list               string
		members            fault.Code
	}{
		{"reader", k.As(ada), "", gone, gone, "Here", ""},
		{"without", k.As(bob), no, gone, gone, "", no},
		{"on the account", k.As(root), "", "", gone, "Here There", ""},
		{"stranger", k.As(k.Person("Eve")), gone, gone, gone, "", gone},
		{"key", readKey, "", gone, gone, "Here", ""},
	} {
		for org, want := range map[api.OrgID]fault.Code{here: c.here, there: c.there, ended: c.ended, 1 << 40: gone} {
			_, err := k.Orgs.Get(ctx, c.who, org)
			refused(t, fmt.Sprint(c.what, " gets ", org), err, want)
		}
		page, err := k.Orgs.List(ctx, c.who, api.List{Page: 1, Limit: 25})
		refused(t, c.what+" lists", err, "")
		var names []string
		for _, o := range page.Items {
			names = append(names, o.Name)
		}
		if got := strings.Join(names, " "); got != c.list || page.Total != len(names) || page.Items == nil {
			t.Errorf("%s lists %q, %d in all, want %q", c.what, got, page.Total, c.list)
		}
		_, err = k.Orgs.Members(ctx, c.who, here, api.List{Page: 1, Limit: 25})
		refused(t, c.what+" lists members", err, c.members)
	}
	_, err := k.Orgs.Members(ctx, k.As(root), 1<<40, api.List{Page: 1, Limit: 25})
	refused(t, "members of what never was", err, gone)
}

func TestGet(t *testing.T) {
	k := testkit.New(t, nil)
	id := k.Org("Northwind Ops")
	got, err := k.Orgs.Get(ctx, k.As(member(k, "Ada", id, perm.OrgsRead)), id)
	k.Must(err)
	want := api.Policy{Reveal: api.RevealOwner, AllowNoExpiry: true, KeysManageKeys: true}
	if got.ID != id || got.Name != "Northwind Ops" || got.ShortName != "northwind-ops" || got.Policy != want || len(got.UUID) != 36 || !got.CreatedAt.Equal(k.DB.Now()) {
		t.Errorf("a new organization is %+v", got)
	}
}

func TestMembers(t *testing.T) {
	k := testkit.New(t, nil)
	here, there := k.Org("Here"), k.Org("There")
	ada := member(k, "Ada", here, perm.UsersRead)
	zoe := member(k, "Zoe", here)
	member(k, "Foreign", there)
	root := member(k, "Root", 0)
	k.Join(root, here, perm.ReadOnly)
	gone := member(k, "Gone", here)
	k.Exec("UPDATE users SET deleted_at = 1 WHERE id = ?", gone)
	k.Exec("UPDATE users SET state = 'disabled' WHERE id = ?", zoe)
	list := func(l api.List) string {
		t.Helper()
		l.Page, l.Limit = max(l.Page, 1), 2
		page, err := k.Orgs.Members(ctx, k.As(ada), here, l)
		k.Must(err)
		text := fmt.Sprint(page.Total)
		for _, m := range page.Items {
			text += " " + m.User.FirstName
			if m.User.ID == root {
				text += " (" + m.Role + ")"
			}
			if m.User.State != api.UserActive {
				text += " (" + m.User.State + ")"
			}
		}
		return text
	}
	for want, l := range map[string]api.List{
		"3 Ada Root (Read Only)":            {},
		"3 Zoe (disabled)":                  {Page: 2, Sort: "email"},
		"3":                                 {Page: 9},
		"3 Zoe (disabled) Root (Read Only)": {Sort: "name", Order: api.Descending},
		"1 Zoe (disabled)":                  {Q: "TEST zoe"},
		"1 Ada":                             {Q: "ada@"},
		"0":                                 {Q: "%"},
	} {
		if got := list(l); got != want {
			t.Errorf("%+v: %q, want %q", l, got, want)
		}
	}
}

func TestAdd(t *testing.T) {
	k := testkit.New(t, nil)
	add := func(name, short string) (got string, err error) {
		var id api.OrgID
		err = k.DB.Write(ctx, func(tx *db.Tx) (err error) {
			id, err = k.Orgs.AddIn(tx, audit.Console(), name, short)
			return err
		})
		if err == nil {
			k.Must(k.DB.Read(ctx).Get(&got, "SELECT name || ' ' || short_name FROM organizations WHERE id = ?", id))
			if n := k.Number("SELECT count(*) FROM secrets WHERE org_id = ? AND kind = 'agent-access-key'", id); n != 1 {
				t.Errorf("%s has %d agent access keys", name, n)
			}
			if n := k.Number("SELECT count(*) FROM audit WHERE act = 'organization.add' AND org_id = ?", id); n != 1 {
				t.Errorf("%s has %d audit rows", name, n)
			}
		}
		return got, err
	}
	long := strings.Repeat("x", 60)
	for _, c := range []struct {
		name, short, want string
		code              fault.Code
	}{
		{" Acme ", "", "Acme acme", ""},
		{"ACME", "", "ACME acme-2", ""},
		{"acme!", "", "acme! acme-3", ""},
		{"Acme", "acme", "", fault.NameTaken},
		{"Acme", "Acme", "", fault.InvalidValue},
		{"Acme", "-acme", "", fault.InvalidValue},
		{"a/b", "", "", fault.InvalidValue},
		{"", "", "", fault.InvalidValue},
		{"東京", "", "東京 org", ""},
		{long, "", long + " " + long[:40], ""},
		{long, "", long + " " + long[:38] + "-2", ""},
	} {
		got, err := add(c.name, c.short)
		refused(t, c.name+" as "+c.short, err, c.code)
		if got != c.want {
			t.Errorf("%q as %q became %q, want %q", c.name, c.short, got, c.want)
		}
	}
	if n := k.Number("SELECT (SELECT count(*) FROM organizations) - (SELECT count(*) FROM secrets)"); n != 0 {
		t.Errorf("a refused organization left something: %d", n)
	}
}

func TestAccount(t *testing.T) {
	k := testkit.New(t, nil)
	k.Account()
	reader := k.As(member(k, "Ada", 0, perm.AccountRead))
	manager := k.As(member(k, "Bob", 0, perm.OrgsManage))
	nobody := k.As(k.Person("Eve"))
	reading := manager
	reading.Key = &caller.Key{Role: api.ReadOnly}
	edit := func(who caller.Caller, name string) error {
		_, err := k.Orgs.EditAccount(ctx, who, api.EditAccount{Name: &name})
		return err
	}
	none, err := k.Orgs.IsAccount(ctx, "")
	k.Must(err)
	got, err := k.Orgs.Account(ctx, reader)
	if is, trouble := k.Orgs.IsAccount(ctx, got.ID); none || !is || trouble != nil {
		t.Errorf("the account is itself: %v, %v; and nothing: %v", is, trouble, none)
	}
	made, trouble := k.Orgs.AccountMade(ctx, reader)
	if !made.Equal(time.UnixMilli(0)) || trouble != nil {
		t.Errorf("made at %v, %v", made, trouble)
	}
	_, trouble = k.Orgs.AccountMade(ctx, nobody)
	refused(t, "nobody asks since when", trouble, fault.PermissionRequired)
	if err != nil || got.Name != "Northwind" || len(got.ID) != 36 {
		t.Errorf("the account is %+v, %v", got, err)
	}
	_, err = k.Orgs.Account(ctx, nobody)
	refused(t, "nobody reads", err, fault.PermissionRequired)
	refused(t, "a reader renames", edit(reader, "New"), fault.PermissionRequired)
	refused(t, "a READONLY key renames", edit(reading, "New"), fault.KeyTooWeak)
	refused(t, "a bad name", edit(manager, "a/b"), fault.InvalidValue)
	refused(t, "the same name", edit(manager, " Northwind "), "")
	if n := k.Number("SELECT count(*) FROM audit WHERE act = 'account.edit'"); n != 0 {
		t.Errorf("%d audit rows of nothing", n)
	}
	refused(t, "a manager renames", edit(manager, "Contoso"), "")
	if got, err = k.Orgs.Account(ctx, reader); err != nil || got.Name != "Contoso" {
		t.Errorf("renamed to %q, %v", got.Name, err)
	}
	if n := k.Number("SELECT count(*) FROM audit WHERE act = 'account.edit'"); n != 1 {
		t.Errorf("%d audit rows of one edit", n)
	}
}
