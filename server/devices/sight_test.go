package devices_test

import (
	"fmt"
	"testing"

	"keystead/server/caller"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// TestDevicesOfAllOrganizations: who sees which, one by one, listed and counted.
func TestDevicesOfAllOrganizations(t *testing.T) {
	c := newCast(t)
	here, _ := c.Device(c.X, "here-1")
	c.Device(c.X, "here-2")
	c.Device(c.Y, "there")
	gone, _ := c.Device(c.X, "gone")
	c.Must(c.Devices.Delete(t.Context(), c.As(c.Admin), gone))
	both := c.Person("Bo")
	c.Join(both, c.X, perm.ReadOnly)
	c.Join(both, c.Y, perm.Verifier)
	account := c.Person("Ari")
	c.Join(account, 0, c.Role(perm.Account, perm.DevicesRead))
	for _, w := range []struct {
		what   string
		who    caller.Caller
		listed string
		counts string
		get    fault.Code
	}{
		{"administrator", c.As(c.Admin), "here-1 here-2 there", fmt.Sprint(map[api.OrgID]int{c.X: 2, c.Y: 1}), ""},
		{"of the account", c.As(account), "here-1 here-2 there", fmt.Sprint(map[api.OrgID]int{c.X: 2, c.Y: 1}), ""},
		{"reader in one of two", c.As(both), "here-1 here-2", fmt.Sprint(map[api.OrgID]int{c.X: 2}), ""},
		{"stranger", c.As(c.Stranger), "there", fmt.Sprint(map[api.OrgID]int{c.Y: 1}), fault.NotFound},
		{"without", c.As(c.Verifier), "", fmt.Sprint(map[api.OrgID]int{}), fault.NotFound},
	} {
		page, err := c.Devices.ListAll(t.Context(), w.who, api.DeviceList{List: api.List{Page: 1, Limit: 500}})
		if names(page) != w.listed || page.Total != len(page.Items) || (w.listed == "") != fault.Is(err, fault.PermissionRequired) {
			t.Errorf("%s: %q, %v, want %q", w.what, names(page), err, w.listed)
		}
		counts, err := c.Devices.Counts(t.Context(), w.who)
		if fmt.Sprint(counts) != w.counts || err != nil {
			t.Errorf("%s counts %v, %v, want %s", w.what, counts, err, w.counts)
		}
		got, err := c.Devices.Get(t.Context(), w.who, here)
		if w.get == "" && got.Hostname != "here-1" || w.get != "" && !fault.Is(err, w.get) {
			t.Errorf("%s gets %+v, %v, want %q", w.what, got, err, w.get)
		}
	}
	if _, err := c.Devices.Get(t.Context(), c.As(c.Admin), gone); !fault.Is(err, fault.NotFound) {
		t.Errorf("a deleted one: %v", err)
	}
}

func TestPagesGoOnFromOneOrganizationToTheNext(t *testing.T) {
	k := testkit.NewCast(testkit.New(t, nil))
	for n := range 5 {
		k.Device([]api.OrgID{k.X, k.Y}[n%2], fmt.Sprint("d", n))
	}
	for page, want := range map[int]string{1: "d0 d1", 2: "d2 d3", 3: "d4", 4: "", 1 << 60: ""} {
		got, err := k.Devices.ListAll(t.Context(), k.As(k.Admin), api.DeviceList{List: api.List{Page: page, Limit: 2}})
		if err != nil || names(got) != want || got.Total != 5 || got.Items == nil {
			t.Errorf("page %d: %q of %d, %v", page, names(got), got.Total, err)
		}
	}
}
