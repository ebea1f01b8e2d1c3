package orgs_test

import (
	"testing"

	"keystead/server/caller"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

func TestAddOrg(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	added, err := c.Orgs.Add(ctx, c.As(c.Admin), api.AddOrg{Name: " New Lab "})
	c.Must(err)
	if added.Name != "New Lab" || added.ShortName != "new-lab" || added.Policy.Reveal != api.RevealOwner || !added.Policy.AllowNoExpiry {
		t.Errorf("added %+v", added)
	}
	if n := c.Number("SELECT COUNT(*) FROM secrets WHERE org_id = ? AND kind = 'agent-access-key'", added.ID); n != 1 {
		t.Errorf("%d agent access keys", n)
	}
	local := c.As(member(c.Kit, "Max", c.X, perm.OrgsManage))
	_, err = c.Orgs.Add(ctx, local, api.AddOrg{Name: "Mine"})
	refused(t, "who manages one organization", err, fault.PermissionRequired)
	refused(t, "deletes it", c.Orgs.Delete(ctx, local, c.X, api.DeleteOrg{Name: "Ops X"}), fault.PermissionRequired)
	reading := c.As(c.Admin)
	reading.Kind, reading.Key = api.CallerKey, &caller.Key{Role: api.ReadOnly}
	_, err = c.Orgs.Add(ctx, reading, api.AddOrg{Name: "Mine"})
	refused(t, "a READONLY key", err, fault.KeyTooWeak)
}

// Deleting takes its name, and everything that it owns goes.
func TestDeleteOrg(t *testing.T) {
	c := testkit.NewCast(testkit.New(t, nil))
	admin := c.As(c.Admin)
	_, key := c.Key(c.Member, c.X, api.Admin, "in X")
	_, global := c.Key(c.Member, 0, api.Admin, "global")
	_, err := c.Secrets.Add(ctx, admin, c.X)
	c.Must(err)
	_, device := c.Device(c.X, "web-1")
	_, err = c.Roles.Add(ctx, admin, api.AddRole{Name: "Keepers", Scope: perm.Organization, OrganizationID: &c.X})
	c.Must(err)
	c.Join(c.Stranger, c.X, "Keepers")
	org, err := c.Orgs.Get(ctx, admin, c.X)
	c.Must(err)
	if want := (api.OrgContents{Keys: 1, Members: 4, Roles: 1, Devices: 1, SharedSecret: true}); org.Contents == nil || *org.Contents != want {
		t.Errorf("contents %+v, want %+v", org.Contents, want)
	}
	if org, err = c.Orgs.Get(ctx, c.As(c.Operator), c.X); err != nil || org.Contents != nil {
		t.Errorf("an operator is told %+v, %v", org.Contents, err)
	}
	for _, name := range []string{"", "ops x", "ops-x", "Labs Y"} {
		refused(t, "typed "+name, c.Orgs.Delete(ctx, admin, c.X, api.DeleteOrg{Name: name}), fault.InvalidValue)
	}
	if got := c.Send(device, "POST /v1/agent/check-in", `{}`).Status; got != 200 {
		t.Fatalf("the device is not good to begin with: %d", got)
	}
	refused(t, "delete", c.Orgs.Delete(ctx, admin, c.X, api.DeleteOrg{Name: " Ops X "}), "")
	for what, as := range map[string]testkit.Credential{"key": key, "device": device} {
		if got := c.Send(as, map[string]string{"key": "GET /v1/me", "device": "POST /v1/agent/check-in"}[what], map[string]string{"device": `{}`}[what]).Status; got != 401 {
			t.Errorf("its %s: %d", what, got)
		}
	}
	if got := c.Send(global, "GET /v1/me", "").Status; got != 200 {
		t.Errorf("a member's global key: %d", got)
	}
	for what, query := range map[string]string{
		"keys":        "SELECT COUNT(*) FROM api_keys WHERE org_id = ? AND (deleted_at IS NULL OR digest IS NOT NULL)",
		"secrets":     "SELECT COUNT(*) FROM secrets WHERE org_id = ? AND (digest IS NOT NULL OR ciphertext IS NOT NULL)",
		"devices":     "SELECT COUNT(*) FROM devices WHERE org_id = ? AND digest IS NOT NULL",
		"memberships": "SELECT COUNT(*) FROM memberships WHERE org_id = ?",
		"roles":       "SELECT COUNT(*) FROM roles WHERE org_id = ?",
	} {
		if n := c.Number(query, c.X); n != 0 {
			t.Errorf("%d %s are left", n, what)
		}
	}
	for name, want := range map[string]int64{"api_keys": 1, "secrets": 2, "devices": 1, "memberships": 4, "roles": 1} {
		if n := c.Number("SELECT json_extract(facts, '$." + name + "') FROM audit WHERE act = 'organization.delete'"); n != want {
			t.Errorf("%d %s in the audit log, want %d", n, name, want)
		}
	}
	refused(t, "again", c.Orgs.Delete(ctx, admin, c.X, api.DeleteOrg{Name: "Ops X"}), fault.NotFound)
	if added, err := c.Orgs.Add(ctx, admin, api.AddOrg{Name: "Ops X"}); err != nil || added.ShortName != "ops-x" || added.ID == c.X {
		t.Errorf("its short name is not free: %+v, %v", added, err)
	}
}
