package pages

import (
	"slices"
	"strings"
	"testing"

	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

func TestHeld(t *testing.T) {
	org := api.MyOrg{Name: "Northwind Ops", Keys: api.KeyCount{Held: 4, Max: 10}}
	if got := heldHere(org); got != "You hold 4 of 10 keys in Northwind Ops." {
		t.Error(got)
	}
	if got := heldGlobal(api.Me{GlobalKeys: api.KeyCount{Held: 10, Max: 10}}); got !=
		"You hold 10 of 10 global keys. Delete one first: disabled and expired ones count too." {
		t.Error(got)
	}
}

func TestReviewWords(t *testing.T) {
	keys := []api.Key{
		{Role: api.Admin, CreatedAt: *ago(8 * day)},
		{Role: api.ReadOnly, CreatedAt: *ago(500 * day), LastLoginAt: ago(91 * day)},
		{Role: api.Admin, CreatedAt: *ago(500 * day), LastLoginAt: ago(400 * day)},
		{Role: api.ReadOnly, CreatedAt: *ago(day), ExpiresAt: ago(-3 * day)},
	}
	if got := reviewTitle(len(keys)); got != "4 keys deserve a look." {
		t.Error(got)
	}
	if got := reviewTitle(1); got != "1 key deserves a look." {
		t.Error(got)
	}
	want := "One ADMIN key was never used, 2 have been idle for over 90 days and one expires within 7 days."
	if got := reviewReasons(keys, 4, now); got != want {
		t.Error(got)
	}
	for i, want := range []string{"Never used in 8 days", "Idle for 91 days", "Idle for 400 days", "Expires in 3 days"} {
		if got := strings.Join(reviewBadges(keys[i], now), "|"); got != want {
			t.Errorf("%d: %s, want %s", i, got, want)
		}
	}
	both := api.Key{Role: api.ReadOnly, CreatedAt: *ago(100 * day), ExpiresAt: ago(-2 * day)}
	if got := strings.Join(reviewBadges(both, now), "|"); got != "Never used in 100 days|Expires in 2 days" {
		t.Error(got)
	}
	if got := reviewReasons([]api.Key{both}, 1, now); got != "One has been idle for over 90 days." {
		t.Error(got)
	}
	calm := api.Key{Role: api.ReadOnly, CreatedAt: *ago(30 * day)}
	if got := reviewBadges(calm, now); got != nil {
		t.Errorf("nothing to see: %q", got)
	}
	if got := reviewReasons(keys, 400, now); !strings.HasPrefix(got, "They are ADMIN") {
		t.Error("a part of the keys was taken for all:", got)
	}
}

func TestBulkSummary(t *testing.T) {
	name := func(id api.KeyID) string { return map[api.KeyID]string{1: "a", 2: "b", 3: "c"}[id] }
	done := api.BulkDone{Done: []api.KeyID{4, 5, 6}}
	if got := bulkSummary(api.BulkDisable, done, name); got != "Disabled 3." {
		t.Error(got)
	}
	done.Refused = []api.Refusal{{ID: 1, Detail: "Not yours."}, {ID: 2, Detail: "Gone."}, {ID: 3, Detail: "Not yours."}}
	want := `Disabled 3. 3 were refused: "a" and "c": Not yours. "b": Gone.`
	if got := bulkSummary(api.BulkDisable, done, name); got != want {
		t.Error(got)
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567"} {
		if got := ui.Count(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
	if got := counted(1, "key", "keys") + ", " + counted(1200, "key", "keys"); got != "1 key, 1,200 keys" {
		t.Error(got)
	}
}

func TestCopyText(t *testing.T) {
	const value = "ks_0123456789"
	for form, want := range map[copyForm]string{
		copyValue: value,
		copyEnv:   "KEYSTEAD_KEY=" + value,
		copyCurl:  `curl -H "Authorization: Bearer ` + value + `" https://keys.northwind.dev/v1/me`,
	} {
		if got := copyText(form, value, baseURL("https://keys.northwind.dev/", "x")); got != want {
			t.Errorf("%d: %s", form, got)
		}
	}
	if got := curlExample(baseURL("", "http://localhost:8080")); got != `curl -H "Authorization: Bearer $KEYSTEAD_KEY" http://localhost:8080/v1/me` {
		t.Error(got)
	}
}

func TestWhatAKeyMayDo(t *testing.T) {
	org := api.MyOrg{Name: "Ops", Permissions: perm.All().List(), Policy: api.Policy{KeysManageKeys: true}}
	reads := mayIn(org, 0, api.ReadOnly)
	if len(reads.Acts) != perm.ReadOnlyKeys.Within(perm.Organization).Len()+1 || reads.Acts[0] != "list your own keys in Ops" {
		t.Errorf("READONLY: %q", reads.Acts)
	}
	if got := mayIn(org, 0, api.Admin); len(got.Acts) != perm.All().Within(perm.Organization).Len()+1 || !strings.Contains(got.Acts[0], "add, show") {
		t.Errorf("ADMIN: %q", got.Acts)
	}
	// The key of a Full Administrator too: it acts in its organization, not on the account.
	for _, role := range []api.KeyRole{api.ReadOnly, api.Admin} {
		acts := strings.Join(mayIn(org, perm.All(), role).Acts, "\n")
		for _, beyond := range []string{"users", "add, edit and delete roles", "create and delete", "the account"} {
			if strings.Contains(acts, beyond) {
				t.Errorf("%s of one organization may %q:\n%s", role, beyond, acts)
			}
		}
	}
	org.Policy.KeysManageKeys = false
	if got := mayIn(org, 0, api.Admin); got.Acts[0] != "list your own keys in Ops" {
		t.Errorf("keys that manage no keys: %q", got.Acts[0])
	}
	me := api.Me{Organizations: []api.MyOrg{
		{Name: "Ops", Permissions: perm.Of(perm.OrgsRead, perm.OrgsManage, perm.DevicesRead).List()},
		{Name: "Labs", Permissions: perm.Of(perm.OrgsRead, perm.OrgsManage).List()},
	}}
	acts := mayEverywhere(me, api.Admin).Acts
	if !slices.Contains(acts, "see organizations and their policy") || !slices.Contains(acts, "see devices, in Ops only") {
		t.Errorf("global: %q", acts)
	}
	if !slices.Contains(acts, "rename organizations and set their policy") {
		t.Errorf("what is of the account only: %q", acts)
	}
	me.AccountPermissions = perm.All().List()
	acts = mayEverywhere(me, api.Admin).Acts
	if !slices.Contains(acts, "invite, edit, disable and delete users") || len(acts) != perm.All().Len()+1 {
		t.Errorf("a global key of a Full Administrator: %q", acts)
	}
}
