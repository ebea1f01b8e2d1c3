package pages

import (
	"net/url"
	"slices"
	"strconv"

	"keystead/app/ui"
	"keystead/shared/api"
)

// listRules are what an address may say about a list.
type listRules struct {
	Sorts   []string                     // the first is the default; none: the list has one order
	Filters map[string]func(string) bool // by name, what each may be; the search is one: q
}

// read takes a question out of an address. What it does not know and what is the
// default anyway falls away: an old bookmark opens the list, and one list has one
// address.
func (r listRules) read(v url.Values) url.Values {
	q := url.Values{}
	keep := func(name string, good func(string) bool) {
		if value := v.Get(name); value != "" && good(value) {
			q.Set(name, value)
		}
	}
	keep("page", func(s string) bool { n, err := strconv.Atoi(s); return err == nil && n > 1 })
	keep("limit", func(s string) bool {
		n, err := strconv.Atoi(s)
		return err == nil && n >= 1 && n <= api.MaxLimit && n != api.DefaultLimit
	})
	keep("sort", func(s string) bool { return slices.Index(r.Sorts, s) > 0 })
	keep("order", func(s string) bool { return len(r.Sorts) > 0 && s == api.Descending })
	for name, good := range r.Filters {
		keep(name, good)
	}
	return q
}

// list is the part of a question that every list has, with its defaults said out loud.
func (r listRules) list(q url.Values) api.List {
	page, _ := strconv.Atoi(q.Get("page"))
	limit, _ := strconv.Atoi(q.Get("limit"))
	l := api.List{Page: max(page, 1), Limit: limit, Sort: q.Get("sort"), Order: q.Get("order"), Q: q.Get("q")}
	if l.Limit == 0 {
		l.Limit = api.DefaultLimit
	}
	if len(r.Sorts) > 0 {
		if l.Sort == "" {
			l.Sort = r.Sorts[0]
		}
		if l.Order == "" {
			l.Order = api.Ascending
		}
	}
	return l
}

// listAddress is the address of a question in an organization.
func listAddress(path, org string, q url.Values) string {
	v := url.Values{"org": {org}}
	for name := range q {
		v.Set(name, q.Get(name))
	}
	return path + "?" + v.Encode()
}

// anyText accepts every search, oneOf what is on a list, anID the number of something.
func anyText(string) bool { return true }

func oneOf(values ...string) func(string) bool {
	return func(s string) bool { return slices.Contains(values, s) }
}

func anID(s string) bool { n, err := strconv.ParseInt(s, 10, 64); return err == nil && n > 0 }

// idIn is the number of something in a question, 0 for none.
func idIn(q url.Values, name string) int64 {
	n, _ := strconv.ParseInt(q.Get(name), 10, 64)
	return n
}

// listModel is a list as its screen knows it: what was asked, what came of it, what is
// under way. The rows themselves are the screen's.
type listModel struct {
	fetchState
	rules listRules
	query url.Values // see [listRules.read]
	rows  int        // on this page
	total int
}

// ask begins a question and gives it its turn. Rows that are there stay until the answer comes.
func (m *listModel) ask(q url.Values) (turn int) {
	m.query = q
	return m.begin()
}

// forget drops what belongs to another organization.
func (m *listModel) forget() {
	*m = listModel{rules: m.rules, fetchState: fetchState{turn: m.turn + 1}}
}

// answer notes how many rows of how many came, unless a newer question was asked since.
func (m *listModel) answer(turn, rows, total int) bool {
	if !m.settle(turn) {
		return false
	}
	m.rows, m.total = rows, total
	return true
}

// with is the question with one thing changed, from its first page on unless the page
// is that thing.
func (m *listModel) with(name, value string) url.Values {
	q := url.Values{}
	for other := range m.query {
		q.Set(other, m.query.Get(other))
	}
	q.Del("page")
	q.Set(name, value)
	return m.rules.read(q)
}

// widened is the question without search and filters; sort and page size stay.
func (m *listModel) widened() url.Values {
	q := url.Values{}
	for _, name := range []string{"limit", "sort", "order"} {
		q.Set(name, m.query.Get(name))
	}
	return m.rules.read(q)
}

// filters counts what leaves rows out, the search aside.
func (m *listModel) filters() (n int) {
	for name := range m.rules.Filters {
		if name != "q" && m.query.Get(name) != "" {
			n++
		}
	}
	return n
}

func (m *listModel) narrowed() bool { return m.filters() > 0 || m.query.Get("q") != "" }

// missing says which empty face to show.
func (m *listModel) missing() missing { return m.face(m.rows, m.narrowed()) }

// denied reports whether the person may not see the list: then there is nothing to
// search or filter.
func (m *listModel) denied() bool { return m.missing() == noneAllowed }

// pages is the arithmetic of the list's pages.
func (m *listModel) pages() ui.Pages {
	l := m.rules.list(m.query)
	return ui.Pages{Page: l.Page, Limit: l.Limit, Total: m.total}
}

// pastEnd gives the last page where the one asked for lies behind it: its last row was
// deleted, or a bookmark is old.
func (m *listModel) pastEnd() (page int, ok bool) {
	p := m.pages()
	return p.Last(), m.loaded && m.rows == 0 && p.Page > p.Last()
}
