package verify

import (
	"context"
	"net/netip"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Routes are the doors of this package.
func (v *Verify) Routes() []rest.Route {
	return append([]rest.Route{
		{Method: rest.Post, Path: api.PathVerify, Guard: rest.Callers.With(perm.KeysVerify).Unlimited(), Do: rest.Do(v.verify), Summary: "Ask whether a presented key is good"},
		{Method: rest.Post, Path: api.PathIntrospect, Guard: rest.Programs.With(perm.KeysVerify).Unlimited(), Do: rest.Form(v.introspect), Summary: "Ask whether a presented key or token is good, as RFC 7662 has it"},
		{Method: rest.Post, Path: api.PathRevoke, Guard: rest.Public, Do: rest.Form(v.revoke), Summary: "Disable a presented key or end a presented token, as RFC 7009 has it: whoever holds one may end it"},
	}, v.forwardAuthRoutes()...)
}

// verify answers what the caller may know of the presented key. What they may not
// know answers like a key that never existed.
func (v *Verify) verify(r *rest.Request, in api.Verify) (*api.Verdict, error) {
	who := r.Caller
	if !verifies(who) {
		return nil, caller.Lacks(perm.KeysVerify)
	}
	want, address, err := v.asked(r, in)
	if err != nil {
		return nil, err
	}
	verdict, err := v.checkAt(r.Context(), AtVerify, in.Key.Reveal(), want)
	if err != nil {
		return nil, err
	}
	if !sees(who, verdict) {
		return &api.Verdict{Code: hidden(verdict)}, nil
	}
	if verdict.Key.Org == nil && in.Permission != nil && in.Organization == nil {
		return nil, fault.At("organization", fault.OrgRequired, "A global key’s permissions differ by organization: say which one.")
	}
	if !verdict.Valid() {
		return &api.Verdict{Code: verdict.Code}, nil
	}
	v.noted(verdict, address)
	return v.answer(r, verdict)
}

// asked reads what the key is wanted for, and from which address.
func (v *Verify) asked(r *rest.Request, in api.Verify) (want Target, address string, err error) {
	if in.Permission != nil {
		if want.Permission = *in.Permission; !want.Permission.Known() {
			return want, "", fault.At("permission", fault.InvalidValue, "There is no such permission.")
		}
	}
	if in.IP != nil {
		if address, err = clientAddress(*in.IP); err != nil {
			return want, "", err
		}
	}
	if in.Organization == nil {
		return want, address, nil
	}
	if *in.Organization == "" {
		return want, "", fault.At("organization", fault.InvalidValue, "This is empty: leave it out where any will do.")
	}
	org, err := v.orgNamed(r, *in.Organization)
	want.Org = org.ID
	return want, address, err
}

// verifying is what it takes to ask about a key.
var verifying = perm.Of(perm.KeysVerify)

// verifies reports whether the caller holds keys:verify anywhere.
func verifies(who caller.Caller) bool {
	if who.Account.Holds(verifying) {
		return true
	}
	for org := range who.Orgs {
		if who.In(org).Holds(verifying) {
			return true
		}
	}
	return false
}

// sees reports whether the caller may know of the key: by keys:verify in its
// organization, for a global key in one of its owner's.
func sees(who caller.Caller, verdict Verdict) bool {
	switch {
	case verdict.Key == nil:
		return false
	case verdict.Key.Org != nil:
		return who.In(*verdict.Key.Org).Holds(verifying)
	case verdict.Org != 0:
		return verdict.Owner.Member(verdict.Org) && who.In(verdict.Org).Holds(verifying)
	case who.Account.Holds(verifying) && who.EveryOrg:
		return true
	}
	for org := range who.Orgs {
		if verdict.Owner.Member(org) && who.In(org).Holds(verifying) {
			return true
		}
	}
	return false
}

func hidden(verdict Verdict) api.VerdictCode {
	if verdict.Code == api.Malformed {
		return api.Malformed // says nothing about any key
	}
	return api.NotFound
}

// clientAddress checks the address that the asking service saw.
func clientAddress(text string) (string, error) {
	ip, err := netip.ParseAddr(text)
	if err != nil || ip.Zone() != "" {
		return "", fault.At("ip", fault.InvalidValue, "This is not an IP address.")
	}
	return ip.Unmap().String(), nil
}

// orgNamed finds an organization in which the caller may verify. Any other is
// not_found.
func (v *Verify) orgNamed(r *rest.Request, short string) (orgRow, error) {
	org, err := v.orgs.named(r.Context(), short)
	if err == nil && !r.Caller.In(org.ID).Holds(verifying) || db.IsNone(err) {
		return orgRow{}, fault.At("organization", fault.NotFound, "There is nothing here by that name.")
	}
	return org, err
}

// answer is what a good verdict says to who asks. It may be the cache's.
func (v *Verify) answer(r *rest.Request, verdict Verdict) (*api.Verdict, error) {
	if verdict.known != nil {
		if said := verdict.known.answer(); said != nil {
			return said, nil
		}
	}
	out, err := v.said(r.Context(), verdict)
	if verdict.Org == 0 && !r.Caller.Account.Holds(verifying) {
		out.Permissions = []perm.Permission{} // the account's are not for who asks in one organization
	}
	return &out, err
}

func (v *Verify) said(ctx context.Context, verdict Verdict) (api.Verdict, error) {
	key, owner := verdict.Key, verdict.Owner.User
	out := api.Verdict{
		Valid: true, Code: api.Valid, KeyID: &key.ID, Name: &key.Name, Role: &key.Role, ExpiresAt: verdict.Until(),
		Owner: &api.VerdictOwner{ID: owner.ID, UUID: owner.UUID, Email: owner.Email}, Permissions: verdict.Permissions.List(),
	}
	if verdict.Org == 0 {
		return out, nil
	}
	org, err := v.orgs.of(ctx, verdict.Org)
	out.Organization = &api.VerdictOrg{ID: org.ID, UUID: org.UUID, ShortName: org.ShortName}
	return out, err
}
