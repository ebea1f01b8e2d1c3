package pages

import (
	"testing"

	"keystead/shared/api"
)

func TestKeptListsAreSearchedSortedAndCut(t *testing.T) {
	org := api.OrgID(1)
	kept := []api.Key{
		{ID: 1, Name: "accountd", Role: api.Admin, Enabled: true, OrganizationID: &org, User: api.KeyOwner{ID: rosa, FirstName: "Rosa"}, LastLoginAt: ago(100 * day)},
		{ID: 2, Name: "Chris_ro", Role: api.ReadOnly, OrganizationID: &org, User: api.KeyOwner{ID: chris, FirstName: "Chris"}, LastLoginAt: ago(day)},
		{ID: 3, Name: "deploy", Role: api.Admin, Enabled: true, User: api.KeyOwner{ID: rosa, FirstName: "Rosa"}, ExpiresAt: ago(-3 * day)},
		{ID: 4, Name: "old", Role: api.ReadOnly, CreatedAt: *ago(30 * day), Enabled: true, OrganizationID: &org, User: api.KeyOwner{ID: rosa, FirstName: "Rosa"}, ExpiresAt: ago(day)},
	}
	list := func(l api.List) api.KeyList { return api.KeyList{List: l} }
	for name, c := range map[string]struct {
		q     api.KeyList
		want  string
		total int
	}{
		"all by name":            {api.KeyList{}, "1 2 3 4 ", 4},
		"by name, descending":    {list(api.List{Sort: api.SortName, Order: api.Descending}), "4 3 2 1 ", 4},
		"last login, never last": {list(api.List{Sort: api.SortLastLogin}), "1 2 3 4 ", 4},
		"last login, newest":     {list(api.List{Sort: api.SortLastLogin, Order: api.Descending}), "2 1 3 4 ", 4},
		"by user":                {list(api.List{Sort: api.SortUser}), "2 1 3 4 ", 4},
		"page 2":                 {list(api.List{Page: 2, Limit: 3}), "4 ", 4},
		"page after the last":    {list(api.List{Page: 9, Limit: 3}), "", 4},
		"search name, folded":    {list(api.List{Q: "CHRIS"}), "2 ", 1},
		"search owner":           {list(api.List{Q: "rosa"}), "1 3 4 ", 3},
		"role":                   {api.KeyList{Role: api.Admin}, "1 3 ", 2},
		"owner":                  {api.KeyList{User: chris}, "2 ", 1},
		"global":                 {api.KeyList{Scope: api.ScopeGlobal}, "3 ", 1},
		"enabled":                {api.KeyList{State: api.StateEnabled}, "1 3 ", 2},
		"disabled":               {api.KeyList{State: api.StateDisabled}, "2 ", 1},
		"expired":                {api.KeyList{State: api.StateExpired}, "4 ", 1},
		"never used":             {api.KeyList{Use: api.UseNever}, "3 4 ", 2},
		"idle 90":                {api.KeyList{Use: api.UseIdle90}, "1 ", 1},
		"idle 365":               {api.KeyList{Use: api.UseIdle365}, "", 0},
		"those that want a look": {api.KeyList{Review: true}, "1 3 ", 2},
	} {
		rows, total := keptPage(kept, c.q, now)
		got := ""
		for _, k := range rows {
			got += keyRef(k.ID) + " "
		}
		if got != c.want || total != c.total {
			t.Errorf("%s: %sof %d; want %sof %d", name, got, total, c.want, c.total)
		}
	}
}

func TestOwnersToFilterBy(t *testing.T) {
	var o ownerList
	o.see([]api.Key{{User: api.KeyOwner{ID: chris, FirstName: "Chris"}}, {User: api.KeyOwner{ID: rosa, FirstName: "Rosa"}}})
	got := ""
	for _, option := range o.options("All owners", rosa, 9) {
		got += option.Label + "=" + option.Value + " "
	}
	if got != "All owners= Me=1 Chris=2 User 9=9 " {
		t.Error(got)
	}
	if userOf("") != 0 || userOf("7") != 7 {
		t.Error("references do not round-trip")
	}
}
