package rest

import (
	"net/http"

	"keystead/server/caller"
	"keystead/shared/fault"
)

// Refusal is a known caller who was refused at a door that changes or reveals
// something.
type Refusal struct {
	Caller       caller.Caller
	Method, Path string // of the route: ids as :org and :id
	Org, ID      int64  // what they stood for; 0: not an id. Neither need exist
	Code         fault.Code
}

// refused tells of refusals that say something about the caller: what they lack, not
// what they mistyped.
func (g *Gate) refused(r *Request, err error) {
	if g.Refused == nil || r.Caller.Nobody() || r.route.Method == http.MethodGet {
		return
	}
	f, ok := fault.From(err)
	if !ok {
		return
	}
	switch f.Code {
	case fault.PermissionRequired, fault.ElevationRequired, fault.KeyTooWeak:
	default:
		return
	}
	org, _ := ID[int64](r, "org")
	id, _ := ID[int64](r, "id")
	g.Refused(Refusal{Caller: r.Caller, Method: r.route.Method, Path: r.route.Path, Org: org, ID: id, Code: f.Code})
}
