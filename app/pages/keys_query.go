package pages

import (
	"net/url"
	"slices"
	"strconv"

	"keystead/shared/api"
)

// keysQuery reads the list of keys that an address asks for. What it does not
// know falls away: an old bookmark opens the list, not an error.
func keysQuery(v url.Values) api.KeyList {
	known := func(name string, values ...string) string {
		if value := v.Get(name); slices.Contains(values, value) {
			return value
		}
		return ""
	}
	q := api.KeyList{
		Role:   api.KeyRole(known("role", string(api.Admin), string(api.ReadOnly))),
		Use:    known("use", api.UseNever, api.UseIdle30, api.UseIdle90, api.UseIdle365),
		State:  known("state", api.StateEnabled, api.StateDisabled, api.StateExpired),
		Scope:  known("scope", api.ScopeOrganization, api.ScopeGlobal, api.ScopeAll),
		Review: v.Get("review") == "true",
	}
	q.Sort = known("sort", api.SortName, api.SortUser, api.SortRole, api.SortExpires,
		api.SortLastLogin, api.SortEnabled, api.SortCreated)
	q.Order = known("order", api.Ascending, api.Descending)
	q.Q = v.Get("q")
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 1 {
		q.Page = n
	}
	if n, err := strconv.Atoi(v.Get("limit")); err == nil && n >= 1 && n <= api.MaxLimit {
		q.Limit = n
	}
	if n, err := strconv.ParseInt(v.Get("user"), 10, 64); err == nil && n > 0 {
		q.User = api.UserID(n)
	}
	return tidy(q)
}

// keysAddress is the address of that list in an organization; its defaults are left out.
func keysAddress(path, org string, q api.KeyList) string {
	v := tidy(q).Query()
	if org != "" {
		v.Set("org", org)
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// tidy leaves out what is the default anyway, so that one list has one address.
func tidy(q api.KeyList) api.KeyList {
	if q.Page <= 1 {
		q.Page = 0
	}
	if q.Limit == api.DefaultLimit {
		q.Limit = 0
	}
	if q.Order == api.Ascending {
		q.Order = ""
	}
	if q.Sort == api.SortName {
		q.Sort = ""
	}
	if q.Scope == api.ScopeOrganization {
		q.Scope = ""
	}
	return q
}

// filled is the request with its defaults said out loud, for the server.
func filled(q api.KeyList) api.KeyList {
	q.Page = max(q.Page, 1)
	if q.Limit == 0 {
		q.Limit = api.DefaultLimit
	}
	if q.Sort == "" {
		q.Sort = api.SortName
	}
	if q.Order == "" {
		q.Order = api.Ascending
	}
	return q
}

// narrowed reports whether the list leaves out keys that would be there otherwise.
func narrowed(q api.KeyList) bool {
	return q.Q != "" || q.User != 0 || q.Role != "" || q.Use != "" || q.State != "" || q.Scope != "" || q.Review
}

// widened is the list without search and filters; sort and page size stay.
func widened(q api.KeyList) api.KeyList {
	return api.KeyList{List: api.List{Limit: q.Limit, Sort: q.Sort, Order: q.Order}}
}
