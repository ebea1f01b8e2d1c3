package automox

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// maxLimit is the longest page, and the default.
const maxLimit = 500

// o is the parameter that says the organization.
var o = rest.Param{Name: "o", Means: "the organization's id; default: the key's, or all of a global key's", Min: 1, Max: api.MaxID}

// paged are the parameters of lists.
func paged(more ...rest.Param) []rest.Param {
	return append([]rest.Param{
		{Name: "page", Means: "which page, from 0", Max: 1 << 31},
		{Name: "limit", Means: "rows a page; default 500", Min: 1, Max: maxLimit},
		{Name: "p", Means: "page, for short", Max: 1 << 31},
		{Name: "l", Means: "limit, for short", Min: 1, Max: maxLimit},
	}, more...)
}

// pageOf is the page that is asked for, which we count from 1.
func pageOf(r *rest.Request) api.List {
	l := api.List{Page: max(r.Number("page"), r.Number("p")) + 1, Limit: max(r.Number("limit"), r.Number("l"))}
	if l.Limit == 0 {
		l.Limit = maxLimit
	}
	return l
}

// orgOf is the organization that a request is about: the one in o, else the key's own.
// Nil is a global key's that says none: all of its organizations.
// Faults: key_too_weak for another than the key's own; not_found.
func (a *Automox) orgOf(r *rest.Request) (*api.OrgID, error) {
	var own *api.OrgID
	if r.Caller.Key != nil {
		own = r.Caller.Key.Org
	}
	asked := api.OrgID(r.Number(o.Name))
	switch {
	case asked == 0:
		return own, nil
	case own != nil && *own != asked:
		return nil, fault.New(fault.KeyTooWeak, "This API key belongs to another organization than o says.")
	case !r.Caller.Member(asked):
		return nil, fault.Missing()
	}
	return &asked, a.Orgs.Exists(r.Context(), asked)
}

// Results is the envelope of lists of keys. Size counts all pages.
type Results[T any] struct {
	Results []T `json:"results"`
	Size    int `json:"size"`
}

// Data is the envelope of lists below accounts.
type Data[T any] struct {
	Data     []T      `json:"data"`
	Metadata Metadata `json:"metadata"`
}

// Metadata says which page it is, counted from 0.
type Metadata struct {
	TotalCount  int      `json:"total_count"`
	TotalPages  int      `json:"total_pages"`
	CurrentPage int      `json:"current_page"`
	Limit       int      `json:"limit"`
	Links       []string `json:"links"`
}

func dataOf[T any](rows []T, total int, l api.List) Data[T] {
	return Data[T]{rows, Metadata{
		TotalCount: total, TotalPages: (total + l.Limit - 1) / l.Limit, CurrentPage: l.Page - 1, Limit: l.Limit, Links: []string{},
	}}
}

// each is every row as another.
func each[In, Out any](rows []In, as func(In) Out) []Out {
	list := make([]Out, len(rows))
	for i, row := range rows {
		list[i] = as(row)
	}
	return list
}

// all are the rows of every page of a list, never nil.
func all[T any](list func(api.List) (api.Page[T], error)) ([]T, error) {
	rows := []T{}
	for l := (api.List{Page: 1, Limit: maxLimit}); ; l.Page++ {
		page, err := list(l)
		if err != nil {
			return nil, err
		}
		if rows = append(rows, page.Items...); len(page.Items) < maxLimit {
			return rows, nil
		}
	}
}
