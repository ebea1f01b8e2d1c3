package pages

import (
	"net/url"
	"slices"
	"strconv"

	"keystead/shared/api"
)

// rollKind is what a [roll] lists, and which of it an address may ask for.
type rollKind struct {
	Path      string
	One, Many string   // user, users
	Sorts     []string // columns; the first is the default
	Filters   []rollFilter
}

// rollFilter is a filter by its name in the address. Without values it takes an id.
type rollFilter struct {
	Name   string
	Values []string
}

// maxFilters is how many filters a roll can have.
const maxFilters = 3

// rollQuery is a page of a roll: what of the list, and what each filter is set to, in
// the order of the kind. It can be compared.
type rollQuery struct {
	api.List
	By [maxFilters]string
}

// read takes from an address what it knows of; the rest falls away: an old bookmark
// opens the list, not an error.
func (k rollKind) read(v url.Values) rollQuery {
	var q rollQuery
	q.Q = v.Get("q")
	q.Page, q.Limit = whole(v.Get("page"), 1<<31-1), whole(v.Get("limit"), api.MaxLimit)
	if sort := v.Get("sort"); slices.Contains(k.Sorts, sort) {
		q.Sort = sort
	}
	if v.Get("order") == api.Descending {
		q.Order = api.Descending
	}
	for i, f := range k.Filters {
		value := v.Get(f.Name)
		if slices.Contains(f.Values, value) || f.Values == nil && whole(value, api.MaxID) > 0 {
			q.By[i] = value
		}
	}
	return k.tidy(q)
}

// whole reads a number from 1 to most, 0 for anything else.
func whole(text string, most int64) int {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 1 || n > most {
		return 0
	}
	return int(n)
}

// tidy leaves out what is the default anyway, so that one list has one address.
func (k rollKind) tidy(q rollQuery) rollQuery {
	if q.Page == 1 {
		q.Page = 0
	}
	if q.Limit == api.DefaultLimit {
		q.Limit = 0
	}
	if q.Order == api.Ascending {
		q.Order = ""
	}
	if q.Sort == k.Sorts[0] {
		q.Sort = ""
	}
	return q
}

// filled is the query with its defaults said out loud, for the server.
func (k rollKind) filled(q rollQuery) rollQuery {
	q.Page = max(q.Page, 1)
	if q.Limit == 0 {
		q.Limit = api.DefaultLimit
	}
	if q.Sort == "" {
		q.Sort = k.Sorts[0]
	}
	if q.Order == "" {
		q.Order = api.Ascending
	}
	return q
}

// address is where that list is found.
func (k rollKind) address(org string, q rollQuery) string {
	q = k.tidy(q)
	v := q.Query()
	for i, f := range k.Filters {
		if q.By[i] != "" {
			v.Set(f.Name, q.By[i])
		}
	}
	if org != "" {
		v.Set("org", org)
	}
	if len(v) == 0 {
		return k.Path
	}
	return k.Path + "?" + v.Encode()
}

// set counts the filters that are set.
func (q rollQuery) set() (n int) {
	for _, value := range q.By {
		if value != "" {
			n++
		}
	}
	return n
}

// narrowed reports whether the list leaves out what would be there otherwise.
func (q rollQuery) narrowed() bool { return q.Q != "" || q.set() > 0 }

// widened is the list without search and filters; sort and page size stay.
func (q rollQuery) widened() rollQuery {
	return rollQuery{List: api.List{Limit: q.Limit, Sort: q.Sort, Order: q.Order}}
}
