package api

import (
	"net/url"
	"strconv"
)

// Bounds of a list request: pages count from 1.
const (
	DefaultLimit = 25
	MaxLimit     = 100
)

// Page is one page of a list.
type Page[T any] struct {
	Items []T `json:"items"`
	Total int `json:"total"`
	Page  int `json:"page"`
	Limit int `json:"limit"`
}

// Orders of a list.
const (
	Ascending  = "asc"
	Descending = "desc"
)

// List says which page of a list is asked for. Zero values take the defaults.
type List struct {
	Page  int
	Limit int
	Sort  string
	Order string // asc or desc
	Q     string // search words
}

// Query is the request in the form of a URL's query.
func (l List) Query() url.Values {
	v := url.Values{}
	l.put(v)
	return v
}

func (l List) put(v url.Values) {
	number := func(name string, n int) {
		if n != 0 {
			v.Set(name, strconv.Itoa(n))
		}
	}
	number("page", l.Page)
	number("limit", l.Limit)
	text(v, "sort", l.Sort)
	text(v, "order", l.Order)
	text(v, "q", l.Q)
}

func text(v url.Values, name, value string) {
	if value != "" {
		v.Set(name, value)
	}
}

// Columns by which keys are sorted. Absent values come last, the id breaks ties.
const (
	SortName      = "name"
	SortUser      = "user"
	SortRole      = "role"
	SortExpires   = "expires_at"
	SortLastLogin = "last_login_at"
	SortEnabled   = "enabled"
	SortCreated   = "created_at"
)

// KeyList asks for a page of keys.
type KeyList struct {
	List
	User   UserID // 0: of everyone
	Role   KeyRole
	Use    string // see UseNever
	State  string // see StateEnabled
	Scope  string // see ScopeOrganization
	Review bool   // only those that deserve a look
}

// Query is the request in the form of a URL's query.
func (l KeyList) Query() url.Values {
	v := url.Values{}
	l.List.put(v)
	if l.User != 0 {
		v.Set("user", number(l.User))
	}
	text(v, "role", string(l.Role))
	text(v, "use", l.Use)
	text(v, "state", l.State)
	text(v, "scope", l.Scope)
	if l.Review {
		v.Set("review", "true")
	}
	return v
}
