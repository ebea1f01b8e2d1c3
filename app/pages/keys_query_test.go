package pages

import (
	"net/url"
	"strings"
	"testing"

	"keystead/shared/api"
)

func TestKeysQueryReadsAnAddress(t *testing.T) {
	for _, c := range []struct {
		query string
		want  api.KeyList
	}{
		{"", api.KeyList{}},
		{"page=3&limit=50&sort=role&order=desc&q=ci", api.KeyList{List: api.List{Page: 3, Limit: 50, Sort: "role", Order: "desc", Q: "ci"}}},
		{"role=ADMIN&use=idle_90&state=disabled&scope=all&user=7&review=true",
			api.KeyList{Role: api.Admin, Use: api.UseIdle90, State: api.StateDisabled, Scope: api.ScopeAll, User: 7, Review: true}},
		{"page=1&limit=25&sort=name&order=asc&scope=organization", api.KeyList{}},
		{"page=-2&limit=1000&sort=secret&order=up&role=admin&use=x&state=x&scope=x&user=me&review=1", api.KeyList{}},
	} {
		v, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if got := keysQuery(v); got != c.want {
			t.Errorf("%q: %+v, want %+v", c.query, got, c.want)
		}
	}
}

func TestKeysAddressRoundTrips(t *testing.T) {
	q := api.KeyList{List: api.List{Page: 2, Limit: 10, Sort: api.SortLastLogin, Order: api.Descending, Q: "a&b ü"},
		Role: api.ReadOnly, Use: api.UseNever, User: 3}
	u, err := url.Parse(keysAddress("/settings/secrets-keys", "northwind-ops", q))
	if err != nil {
		t.Fatal(err)
	}
	if u.Path != "/settings/secrets-keys" || u.Query().Get("org") != "northwind-ops" {
		t.Errorf("path and organization: %s", u)
	}
	if got := keysQuery(u.Query()); got != q {
		t.Errorf("%+v, want %+v", got, q)
	}
}

func TestKeysAddressLeavesDefaultsOut(t *testing.T) {
	if got := keysAddress("/x", "", filled(api.KeyList{})); got != "/x" {
		t.Errorf("got %s", got)
	}
}

func TestNarrowed(t *testing.T) {
	if narrowed(api.KeyList{List: api.List{Page: 2, Limit: 10, Sort: "role"}}) {
		t.Error("page, limit and sort leave nothing out")
	}
	if !narrowed(api.KeyList{Review: true}) || !narrowed(api.KeyList{List: api.List{Q: "x"}}) {
		t.Error("review and search leave keys out")
	}
	q := api.KeyList{List: api.List{Page: 2, Limit: 10, Sort: "role", Q: "x"}, Role: api.Admin}
	if got := widened(q); narrowed(got) || got.Limit != 10 || got.Sort != "role" || got.Page != 0 {
		t.Errorf("widened: %+v", got)
	}
}

// Whose global keys an option shows depends on what the account lets the person see.
func TestScopesSayWhatTheyShow(t *testing.T) {
	for everyones, want := range map[bool]string{
		false: "=Here + my global|global=My global only",
		true:  "=Here + my global|global=All global only|all=Here + all global",
	} {
		var got []string
		for _, o := range scopeOptions(everyones) {
			got = append(got, o.Value+"="+o.Label)
		}
		if got := strings.Join(got, "|"); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
