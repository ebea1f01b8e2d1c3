package verify

import (
	"net/http"
	"strconv"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// ProxyHeader carries the key by which a proxy proves itself.
const ProxyHeader = "X-Keystead-Proxy"

// What a proxy is told of a good key, or token of one. Every answer sets all of them, so
// that none of the client's own can pass for ours.
const (
	headerKey  = "X-Keystead-Key-Id"
	headerUser = "X-Keystead-User" // the owner's e-mail address
	headerOrg  = "X-Keystead-Organization"
	headerRole = "X-Keystead-Role"
)

// forwardAuthRoutes are one door under every method: some proxies ask by GET, others by
// the method of the request that they ask about.
func (v *Verify) forwardAuthRoutes() []rest.Route {
	methods := []string{
		rest.Get, rest.Post, rest.Put, rest.Patch, rest.Delete, http.MethodOptions, http.MethodTrace,
	}
	routes := make([]rest.Route, len(methods))
	for i, method := range methods {
		routes[i] = rest.Route{
			Method: method, Path: api.PathForwardAuth, Guard: rest.Public,
			Do:      rest.Ruling(v.forwardAuth, headerKey, headerUser, headerOrg, headerRole),
			Summary: "Judge the key of a request for the proxy in front of a service, which proves itself by the header " + ProxyHeader,
			Query: []rest.Param{
				{Name: "organization", Means: "the short name of the organization that the key must be good in"},
				{Name: "permission", Means: "the permission that the key must hold there"},
				{Name: "role", Means: "the role that the key must have at least", Enum: []string{string(api.Admin), string(api.ReadOnly)}},
			},
		}
	}
	return routes
}

// forwardAuth answers 200, 401 where there is no good key, or 403: also where the proxy
// is nobody's, was configured wrong, or nothing can be judged. All but 200 is no.
func (v *Verify) forwardAuth(r *rest.Request) int {
	from, ok := v.proxyOf(r)
	if !ok {
		return http.StatusForbidden
	}
	want, err := v.wanted(r, from)
	if err != nil {
		return http.StatusForbidden
	}
	presented, err := r.Presented()
	if err != nil || presented == "" {
		return http.StatusUnauthorized
	}
	verdict, token, err := v.checkAny(r.Context(), AtForwardAuth, presented, want)
	if token.Refresh {
		return http.StatusUnauthorized
	}
	if err != nil {
		return http.StatusForbidden
	}
	return v.rule(r, from, verdict)
}

// proxy is who asks: a trusted peer, or the holder of a key.
type proxy struct {
	trusted bool
	who     caller.Caller // where it is not trusted
}

// proxyOf finds the proxy that asks. A trusted peer is believed without a key: what
// stands in the header may then be the client's.
func (v *Verify) proxyOf(r *rest.Request) (proxy, bool) {
	if v.trusted(r) {
		return proxy{trusted: true}, true
	}
	sent := r.Fiber.Request().Header.PeekAll(ProxyHeader)
	if len(sent) != 1 {
		return proxy{}, false
	}
	at := rest.Arrival{Address: r.Caller.Address, RequestID: r.Caller.RequestID}
	who, err := v.Caller(r.Context(), string(sent[0]), at)
	good := err == nil && verifies(who)
	if !good {
		v.warn(at)
	}
	return proxy{who: who}, good
}

// warn logs, once a minute at most, that a proxy's key is not good: one with a slip in it
// looks like a crowd of clients who may do nothing.
func (v *Verify) warn(at rest.Arrival) {
	minute := v.db.Now().Unix() / 60
	if v.warned.Swap(minute) != minute {
		v.log.Warn("forward-auth refuses everybody: the key in the proxy's "+ProxyHeader+" is not good, or may not verify", "address", at.Address, "request_id", at.RequestID)
	}
}

// wanted reads what the key is wanted for.
func (v *Verify) wanted(r *rest.Request, from proxy) (want Target, err error) {
	if err := r.Query(); err != nil {
		return want, err
	}
	if r.Fiber.Context().QueryArgs().Len() == 0 {
		return want, nil
	}
	for name, value := range r.Fiber.Context().QueryArgs().All() {
		if len(value) == 0 { // an empty variable in the proxy's configuration is not "any"
			return want, fault.At(string(name), fault.InvalidValue, "This is empty.")
		}
	}
	want.Permission = perm.Permission(r.Text("permission"))
	if want.Permission != "" && !want.Permission.Known() {
		return want, fault.At("permission", fault.InvalidValue, "There is no such permission.")
	}
	short := r.Text("organization")
	if short == "" {
		return want, nil
	}
	var org orgRow
	if from.trusted {
		org, err = v.orgs.named(r.Context(), short)
	} else {
		r.Caller = from.who
		org, err = v.orgNamed(r, short)
	}
	want.Org = org.ID
	return want, err
}

// rule turns a verdict into a status, and into headers where it is good.
func (v *Verify) rule(r *rest.Request, from proxy, verdict Verdict) int {
	if !from.trusted && !sees(from.who, verdict) {
		return http.StatusUnauthorized
	}
	key := verdict.Key
	switch {
	case verdict.Code == api.Forbidden, verdict.Code == api.WrongOrganization:
		return http.StatusForbidden
	case !verdict.Valid():
		return http.StatusUnauthorized
	case r.Text("permission") != "" && verdict.Org == 0:
		return http.StatusForbidden // a global key's permissions differ by organization
	case r.Text("role") == string(api.Admin) && key.Role != api.Admin:
		return http.StatusForbidden
	}
	var org orgRow
	if verdict.Org != 0 {
		var err error
		if org, err = v.orgs.of(r.Context(), verdict.Org); err != nil {
			return http.StatusForbidden
		}
	}
	v.noted(verdict, from.client(r))
	said := r.Fiber
	if key.ID != 0 {
		said.Set(headerKey, strconv.FormatInt(int64(key.ID), 10))
	}
	said.Set(headerUser, verdict.Owner.User.Email)
	said.Set(headerOrg, org.ShortName)
	said.Set(headerRole, string(key.Role))
	return http.StatusOK
}

// client is the address of who presented the key, as a trusted peer forwards it; from
// any other proxy it is not known.
func (p proxy) client(r *rest.Request) string {
	if p.trusted {
		return r.Caller.Address
	}
	return ""
}
