package keys_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"keystead/server/caller"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

func (h *house) list(who caller.Caller, org *api.OrgID, l api.KeyList) api.Page[api.Key] {
	h.Helper()
	page, err := h.keys.List(h.ctx, who, org, l)
	h.Must(err)
	return page
}

// names are those on a page, in its order.
func names(page api.Page[api.Key]) string {
	var all []string
	for _, k := range page.Items {
		all = append(all, k.Name)
	}
	return strings.Join(all, " ")
}

// TestListScope: whose keys a list holds.
func TestListScope(t *testing.T) {
	h := newHouse(t)
	here, there := h.Org("Here"), h.Org("There")
	ada := h.member("Ada", here)
	bob := h.member("Bob", here, perm.KeysList)
	eve := h.member("Eve", here, perm.KeysRead)
	root := h.admin("Root")
	h.join(ada, there)
	key := h.add(ada, &here, "ada-here").Key
	h.add(ada, &there, "ada-there")
	global := h.add(ada, nil, "ada-global").Key
	h.add(bob, &here, "bob-here")
	h.add(bob, nil, "bob-global")
	h.add(root, nil, "root-global")
	gone := h.add(ada, &here, "ada-gone").Key
	h.Must(h.keys.Delete(h.ctx, h.As(ada), gone.ID))
	admin := h.asKey(key)
	reading := h.asReading(key)

	cases := []struct {
		what string
		who  caller.Caller
		org  *api.OrgID
		l    api.KeyList
		want string
	}{
		{"own", h.As(ada), &here, api.KeyList{}, "ada-global ada-here"},
		{"own elsewhere", h.As(ada), &there, api.KeyList{}, "ada-global ada-there"},
		{"everyone's", h.As(bob), &here, api.KeyList{}, "ada-here bob-global bob-here"},
		{"with details but no list", h.As(eve), &here, api.KeyList{}, ""},
		{"an administrator's", h.As(root), &here, api.KeyList{}, "ada-here bob-here root-global"},
		{"all", h.As(root), &here, api.KeyList{Scope: api.ScopeAll}, "ada-global ada-here bob-global bob-here root-global"},
		{"all, not on the account", h.As(bob), &here, api.KeyList{Scope: api.ScopeAll}, "ada-here bob-global bob-here"},
		{"global", h.As(bob), &here, api.KeyList{Scope: api.ScopeGlobal}, "bob-global"},
		{"global, an administrator's", h.As(root), nil, api.KeyList{}, "ada-global bob-global root-global"},
		{"global, own", h.As(ada), nil, api.KeyList{}, "ada-global"},
		{"by a key of the organization", admin, &here, api.KeyList{}, "ada-here"},
		{"global by a key of the organization", admin, &here, api.KeyList{Scope: api.ScopeGlobal}, ""},
		{"by a READONLY key", reading, &here, api.KeyList{}, "ada-here"},
		{"by a global key", h.asKey(global), &there, api.KeyList{}, "ada-global ada-there"},
		{"of one user", h.As(bob), &here, api.KeyList{User: ada}, "ada-here"},
		{"of one user, unlisted", h.As(ada), &here, api.KeyList{User: bob}, ""},
	}
	for _, c := range cases {
		page := h.list(c.who, c.org, c.l)
		if got := names(page); got != c.want || page.Total != len(page.Items) || page.Items == nil {
			t.Errorf("%s: %q, %d in all, want %q", c.what, got, page.Total, c.want)
		}
	}
	_, err := h.keys.List(h.ctx, admin, &there, api.KeyList{})
	h.refused("beyond a key's reach", err, fault.NotFound)
	_, err = h.keys.List(h.ctx, admin, nil, api.KeyList{})
	h.refused("global by a key of an organization", err, fault.KeyTooWeak)
	_, err = h.keys.List(h.ctx, h.As(bob), &there, api.KeyList{})
	h.refused("a foreign organization", err, fault.NotFound)
	_, err = h.keys.List(h.ctx, h.As(root), ptr(api.OrgID(1<<40)), api.KeyList{})
	h.refused("an organization that never was", err, fault.NotFound)
}

// zoo is an organization with keys of every sort, and who lists them.
func zoo(t testing.TB) (*house, caller.Caller, api.OrgID) {
	h := newHouse(t)
	h.keys = h.roomy()
	org := h.Org("Zoo")
	people := []api.UserID{h.member("Zoë", org), h.member("Ada", org), h.member("Bob", org)}
	for n := range 60 {
		key := h.add(people[n%3], &org, fmt.Sprint("key ", n*7%60)).Key
		at := func(per time.Duration, zero bool) any {
			if zero {
				return nil
			}
			return h.now().Add(time.Duration(n%11-5) * per).UnixMilli()
		}
		h.Exec("UPDATE api_keys SET role = ?, enabled = ?, expires_at = ?, last_login_at = ?, created_at = ? WHERE id = ?",
			api.KeyRoles[n%2], n%5 > 0, at(3*24*time.Hour, n%4 == 0), at(60*24*time.Hour, n%3 == 0),
			h.now().Add(-time.Duration(n%9)*40*24*time.Hour).UnixMilli(), key.ID)
	}
	return h, h.As(h.member("Guard", org, perm.KeysList)), org
}

// TestListOrder compares every sort, both ways and page by page, with the order
// made here: absent values last, ids break ties.
func TestListOrder(t *testing.T) {
	h, who, org := zoo(t)
	all := h.list(who, &org, api.KeyList{List: api.List{Limit: 100}}).Items
	last := func(a, b *time.Time, way int) int {
		switch {
		case a == nil && b == nil:
			return 0
		case a == nil:
			return 1
		case b == nil:
			return -1
		}
		return way * a.Compare(*b)
	}
	compare := map[string]func(a, b api.Key, way int) int{
		api.SortName: func(a, b api.Key, way int) int { return way * cmp.Compare(a.Name, b.Name) },
		api.SortUser: func(a, b api.Key, way int) int {
			return way * cmp.Compare(strings.ToLower(a.User.FirstName), strings.ToLower(b.User.FirstName))
		},
		api.SortRole:      func(a, b api.Key, way int) int { return way * cmp.Compare(a.Role, b.Role) },
		api.SortExpires:   func(a, b api.Key, way int) int { return last(a.ExpiresAt, b.ExpiresAt, way) },
		api.SortLastLogin: func(a, b api.Key, way int) int { return last(a.LastLoginAt, b.LastLoginAt, way) },
		api.SortEnabled: func(a, b api.Key, way int) int {
			return way * cmp.Compare(fmt.Sprint(a.Enabled), fmt.Sprint(b.Enabled))
		},
		api.SortCreated: func(a, b api.Key, way int) int { return way * a.CreatedAt.Compare(b.CreatedAt) },
	}
	for _, sort := range sorts {
		for order, way := range map[string]int{api.Ascending: 1, api.Descending: -1} {
			want := slices.Clone(all)
			slices.SortFunc(want, func(a, b api.Key) int {
				return cmp.Or(compare[sort](a, b, way), cmp.Compare(a.ID, b.ID))
			})
			var got []api.Key
			for page := 1; page <= 7; page++ {
				p := h.list(who, &org, api.KeyList{List: api.List{Page: page, Limit: 10, Sort: sort, Order: order}})
				if p.Total != 60 || p.Page != page || p.Limit != 10 || (page == 7) != (len(p.Items) == 0) {
					t.Errorf("page %d is %d of %d, %d items", page, p.Page, p.Total, len(p.Items))
				}
				got = append(got, p.Items...)
			}
			if !slices.EqualFunc(got, want, func(a, b api.Key) bool { return a.ID == b.ID }) {
				t.Errorf("%s %s is out of order", sort, order)
			}
		}
	}
}

// TestListFilters compares every filter with the same question asked of each key.
func TestListFilters(t *testing.T) {
	h, who, org := zoo(t)
	now := h.now()
	all := h.list(who, &org, api.KeyList{List: api.List{Limit: 100}}).Items
	idle := func(k api.Key, days int) bool {
		return k.LastLoginAt != nil && k.LastLoginAt.Before(now.Add(-time.Duration(days)*24*time.Hour))
	}
	cases := []struct {
		l    api.KeyList
		want func(api.Key) bool
	}{
		{api.KeyList{Role: api.ReadOnly}, func(k api.Key) bool { return k.Role == api.ReadOnly }},
		{api.KeyList{User: all[7].User.ID}, func(k api.Key) bool { return k.User.ID == all[7].User.ID }},
		{api.KeyList{Use: api.UseNever}, func(k api.Key) bool { return k.LastLoginAt == nil }},
		{api.KeyList{Use: api.UseIdle30}, func(k api.Key) bool { return idle(k, 30) }},
		{api.KeyList{Use: api.UseIdle90}, func(k api.Key) bool { return idle(k, 90) }},
		{api.KeyList{Use: api.UseIdle365}, func(k api.Key) bool { return idle(k, 365) }},
		{api.KeyList{State: api.StateEnabled}, func(k api.Key) bool { return k.Enabled && !k.Expired(now) }},
		{api.KeyList{State: api.StateDisabled}, func(k api.Key) bool { return !k.Enabled }},
		{api.KeyList{State: api.StateExpired}, func(k api.Key) bool { return k.Expired(now) }},
		{api.KeyList{State: api.StateExpired, Role: api.Admin, Use: api.UseNever}, func(k api.Key) bool {
			return k.Expired(now) && k.Role == api.Admin && k.LastLoginAt == nil
		}},
		{api.KeyList{Review: true}, func(k api.Key) bool {
			unused := k.Role == api.Admin && k.LastLoginAt == nil && k.CreatedAt.Before(now.Add(-api.ReviewUnused))
			expiring := k.ExpiresAt != nil && !k.Expired(now) && !k.ExpiresAt.After(now.Add(api.ReviewExpiring))
			last := k.CreatedAt
			if k.LastLoginAt != nil {
				last = *k.LastLoginAt
			}
			return unused || expiring || last.Before(now.Add(-api.ReviewIdle))
		}},
	}
	for _, c := range cases {
		c.l.Limit = 100
		var want []api.KeyID
		for _, k := range all {
			if c.want(k) {
				want = append(want, k.ID)
			}
		}
		var got []api.KeyID
		for _, k := range h.list(who, &org, c.l).Items {
			got = append(got, k.ID)
		}
		if !slices.Equal(got, want) || len(want) == 0 && c.l.Use != api.UseIdle365 {
			t.Errorf("%+v: %v, want %v", c.l, got, want)
		}
	}
}

func TestListSearch(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada, zoe := h.member("Ada", org), h.member("Zoe", org)
	who := h.As(h.member("Guard", org, perm.KeysList))
	deploy := h.add(ada, &org, "Deploy").Key
	_, err := h.keys.Edit(h.ctx, h.As(ada), deploy.ID, api.EditKey{Description: ptr("Ships the Café_menu")})
	h.Must(err)
	h.add(zoe, &org, "100%")
	h.add(zoe, &org, "under_score")
	hint := strings.TrimPrefix(deploy.Hint, "ks_")
	public, four, _ := strings.Cut(hint, "…")
	cases := map[string]string{
		"":                    "100% Deploy under_score",
		"dePLOY":              "Deploy",
		"cafe\u0301":          "Deploy",
		"CAFÉ":                "Deploy",
		"%":                   "100%",
		"_":                   "Deploy under_score",
		"r_s":                 "under_score",
		"ada":                 "Deploy",
		"zoe@northwind":       "100% under_score",
		"test zoe":            "100% under_score",
		"zoe deploy":          "",
		"ships deploy ada":    "Deploy",
		public:                "Deploy",
		four:                  "Deploy",
		deploy.Hint:           "Deploy",
		"ks_" + public[:8]:    "Deploy",
		"deploy' OR '1'='1":   "",
		`\`:                   "",
		"a b c d e f g h i j": "",
	}
	for q, want := range cases {
		if got := names(h.list(who, &org, api.KeyList{List: api.List{Q: q}})); got != want {
			t.Errorf("%q finds %q, want %q", q, got, want)
		}
	}
}

// TestListIsFresh: a list is never older than the last write that was answered.
func TestListIsFresh(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	who := h.As(ada)
	one := h.add(ada, &org, "one").Key
	for n := range 5 {
		if got := h.list(who, &org, api.KeyList{}).Total; got != 1+n%2 {
			t.Fatalf("%d keys listed, want %d", got, 1+n%2)
		}
		if n%2 == 0 {
			h.add(ada, &org, "two")
		} else {
			h.Must(h.keys.Delete(h.ctx, who, api.KeyID(h.Number("SELECT max(id) FROM api_keys"))))
		}
	}
	_, err := h.keys.Edit(h.ctx, who, one.ID, api.EditKey{Enabled: ptr(false), ExpiresAt: api.Just(h.now().Add(time.Hour))})
	h.Must(err)
	if page := h.list(who, &org, api.KeyList{State: api.StateDisabled}); names(page) != "one" || page.Items[0].Enabled {
		t.Errorf("the list shows %+v", page.Items)
	}
	if got := names(h.list(who, &org, api.KeyList{State: api.StateExpired})); got != "" {
		t.Errorf("expired too early: %s", got)
	}
	h.Pass(time.Hour)
	if got := names(h.list(who, &org, api.KeyList{State: api.StateExpired})); got != "one" {
		t.Errorf("expired by the clock alone: %q, want one", got)
	}
	h.Exec("UPDATE users SET sort_name = 'zz', first_name = 'Renamed' WHERE id = ?", ada)
	if got := h.list(who, &org, api.KeyList{State: api.StateExpired}).Items[0].User.FirstName; got != "Renamed" {
		t.Errorf("the owner is still %s", got)
	}
}

// FuzzP46P47List: whatever is asked, the answer is a page and never a fault or anyone
// else's key.
func FuzzP46P47List(f *testing.F) {
	h, _, org := zoo(f)
	ada := api.UserID(h.Number("SELECT id FROM users WHERE first_name = 'Ada'"))
	who := h.As(ada)
	f.Add("key", "name", "asc", "never", "enabled", "all", 1, 25, int64(1), true)
	f.Add("' OR 1=1 --", "id; DROP TABLE api_keys", "desc, 1", "idle_30", "expired", "global", -1, 1<<40, int64(-1), false)
	f.Add("%_\\\x00…ks_", "", "", "idle_365", "disabled", "x", 1<<62, -5, int64(0), true)
	f.Fuzz(func(t *testing.T, q, sort, order, use, state, scope string, page, limit int, user int64, review bool) {
		p, err := h.keys.List(h.ctx, who, &org, api.KeyList{
			List: api.List{Page: page, Limit: limit, Sort: sort, Order: order, Q: q},
			User: api.UserID(user), Use: use, State: state, Scope: scope, Review: review,
		})
		if err != nil || p.Total > 20 || len(p.Items) > api.MaxLimit {
			t.Fatalf("%d of %d: %v", len(p.Items), p.Total, err)
		}
		for _, k := range p.Items {
			if k.User.ID != ada {
				t.Fatalf("the key of user %d", k.User.ID)
			}
		}
	})
}
