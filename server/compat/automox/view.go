package automox

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// view is what the answer of one request tells again and again: of the account and of
// the organizations that the caller may see.
type view struct {
	a       *Automox
	r       *rest.Request
	account *api.Account             // nil without account:read
	made    *string                  // when the account was
	orgs    []api.Org                // nil until they are asked for
	keys    map[api.OrgID]api.Secret // the agent access keys that were shown
}

func (a *Automox) view(r *rest.Request) (*view, error) {
	v := &view{a: a, r: r, keys: map[api.OrgID]api.Secret{}}
	account, err := a.Orgs.Account(r.Context(), r.Caller)
	if err == nil {
		made, err := a.Orgs.AccountMade(r.Context(), r.Caller)
		if err != nil {
			return nil, err
		}
		day := date(made)
		v.account, v.made = &account, &day
	} else if !fault.Is(err, fault.PermissionRequired) {
		return nil, err
	}
	return v, nil
}

// visible are the organizations that the caller may see.
func (v *view) visible() (orgs []api.Org, err error) {
	if v.orgs == nil {
		v.orgs, err = all(func(l api.List) (api.Page[api.Org], error) { return v.a.Orgs.List(v.r.Context(), v.r.Caller, l) })
	}
	return v.orgs, err
}

// accessKey is the agent access key of an organization, empty unless the server gives it
// away and the caller may show it. It is revealed once for an answer.
func (v *view) accessKey(org api.OrgID) (api.Secret, error) {
	if key, ok := v.keys[org]; ok || !v.a.ShowAccessKey || !v.r.Caller.In(org).Has(perm.AgentKeyRead) {
		return key, nil
	}
	shown, err := v.a.Secrets.Reveal(v.r.Context(), v.r.Caller, org, api.AgentKey, api.Reveal{})
	if fault.Is(err, fault.KeyTooWeak) || fault.Is(err, fault.PermissionRequired) || fault.Is(err, fault.NotFound) {
		err = nil
	}
	v.keys[org] = shown.Value
	return shown.Value, err
}

// accountID is the account's UUID, nil without account:read.
func (v *view) accountID() *string {
	if v.account == nil {
		return nil
	}
	return &v.account.ID
}
