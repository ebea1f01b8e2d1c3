package users_test

import (
	"fmt"
	"testing"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// TestSelf: everyone is told who they are, with the memberships in their credential's reach.
func TestSelf(t *testing.T) {
	k := testkit.New(t, nil)
	north, south := k.Org("North"), k.Org("South")
	ada := k.Person("Ada")
	k.Join(ada, north, perm.ReadOnly)
	k.Join(ada, south, perm.Verifier)
	root := k.Person("Root")
	k.Join(root, 0, perm.FullAdministrator)
	_, inNorth := k.Key(ada, north, api.ReadOnly, "north")
	key, err := k.Verify.Caller(t.Context(), inNorth[0][len("Authorization: Bearer "):], rest.Arrival{})
	k.Must(err)
	for _, c := range []struct {
		what string
		who  caller.Caller
		want string
	}{
		{"a member", k.As(ada), "Ada North:Read Only South:Verifier"},
		{"a key of North", key, "Ada North:Read Only"},
		{"an administrator", k.As(root), "Root"},
	} {
		got, err := k.Users.Self(t.Context(), c.who)
		text := got.FirstName
		for _, m := range got.Memberships {
			text += fmt.Sprint(" ", m.Organization.Name, ":", m.Role.Name)
		}
		if err != nil || text != c.want || got.Memberships == nil || (got.AccountRole != nil) != (c.what == "an administrator") {
			t.Errorf("%s: %q, %v, want %q", c.what, text, err, c.want)
		}
	}
}

// TestGetByUUID: by UUID one finds whom one finds by id.
func TestGetByUUID(t *testing.T) {
	k := testkit.NewCast(testkit.New(t, nil))
	uuid := k.As(k.Member).User.UUID
	got, err := k.Users.GetByUUID(t.Context(), k.As(k.Operator), uuid)
	if err != nil || got.ID != k.Member || got.UUID != uuid {
		t.Errorf("%+v, %v", got, err)
	}
	for what, err := range map[string]error{
		"a stranger":         func() error { _, err := k.Users.GetByUUID(t.Context(), k.As(k.Stranger), uuid); return err }(),
		"one who never was":  func() error { _, err := k.Users.GetByUUID(t.Context(), k.As(k.Admin), "x"); return err }(),
		"without permission": func() error { _, err := k.Users.GetByUUID(t.Context(), k.As(k.Member), uuid); return err }(),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
