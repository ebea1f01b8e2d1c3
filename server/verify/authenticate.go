package verify

import (
	"context"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Caller is who came with an API key, or the one refusal that every bad key gets:
// disabled, expired, deleted and unknown ones look alike to whoever holds them.
func (v *Verify) Caller(ctx context.Context, presented string, at rest.Arrival) (caller.Caller, error) {
	verdict, err := v.checkAt(ctx, AtAPI, presented, Target{})
	if err != nil {
		return caller.Caller{}, err
	}
	if !verdict.Valid() {
		return caller.Caller{}, badCredentials()
	}
	v.noted(verdict, at.Address)
	return verdict.known.who, nil
}

func badCredentials() error {
	return fault.New(fault.BadCredentials, "This credential is not good here.")
}

// noted remembers the login of the key that was judged, if it was one. A key at work is
// good thousands of times a second, and nobody reads a time to less than one.
func (v *Verify) noted(verdict Verdict, address string) {
	if verdict.Key.ID == 0 || verdict.known != nil && !verdict.known.isNews(login{verdict.at, address}) {
		return
	}
	v.Note(verdict.Key.ID, verdict.at, address)
}

// CallerOf is the owner at the door, cut down to the key. An organization key
// keeps of the account only the right to see its name.
func CallerOf(verdict Verdict) caller.Caller {
	key, owner := verdict.Key, verdict.Owner
	who := caller.Caller{
		Kind: api.CallerKey, User: owner.User, Rights: owner.Rights,
		Key: &caller.Key{ID: key.ID, Name: key.Name, Hint: key.Hint, Org: key.Org, Role: key.Role, ExpiresAt: key.ExpiresAt.Or()},
	}
	if verdict.token {
		who.Kind = api.CallerToken
	}
	if key.ID == 0 {
		who.Key = nil
	}
	if key.Org != nil {
		who.Orgs = map[api.OrgID]perm.Set{*key.Org: verdict.Permissions}
		who.Account = owner.Account.And(perm.Of(perm.AccountRead))
		return who
	}
	who.EveryOrg, who.Account, who.Orgs = owner.EveryOrg, owner.Account, owner.Orgs
	if key.Role != api.Admin {
		who.Account = who.Account.And(perm.ReadOnlyKeys)
		who.Orgs = make(map[api.OrgID]perm.Set, len(owner.Orgs))
		for org, have := range owner.Orgs {
			who.Orgs[org] = have.And(perm.ReadOnlyKeys)
		}
	}
	return who
}
