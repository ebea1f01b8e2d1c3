package verify

import (
	"strconv"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// introspect answers what the caller may know of the presented key. RFC 7662 has no
// parameter for an organization, so an organization key asks for its own.
func (v *Verify) introspect(r *rest.Request, in api.OAuthToken) (api.Introspection, error) {
	who := r.Caller
	if !verifies(who) {
		return api.Introspection{}, caller.Lacks(perm.KeysVerify)
	}
	var want Target
	if who.Key != nil && who.Key.Org != nil {
		want.Org = *who.Key.Org
	}
	verdict, err := v.checkAt(r.Context(), AtIntrospection, in.Token.Reveal(), want)
	if err != nil || !verdict.Valid() || !sees(who, verdict) {
		return api.Introspection{}, err
	}
	v.logins.note(verdict.Key.ID, v.db.Now(), "")
	said, err := v.answer(r, verdict)
	if err != nil {
		return api.Introspection{}, err
	}
	return introspection(said)
}

// introspection is a good verdict in the words of RFC 7662.
func introspection(said api.Verdict) (api.Introspection, error) {
	scopes, err := perm.Parse(said.Permissions)
	if err != nil {
		return api.Introspection{}, err
	}
	scope := scopes.String()
	out := api.Introspection{
		Active: true, Scope: &scope, ClientID: strconv.FormatInt(int64(*said.KeyID), 10),
		Username: said.Owner.Email, Subject: said.Owner.UUID, TokenType: api.TokenTypeKey,
	}
	if said.ExpiresAt != nil {
		out.ExpiresAt = said.ExpiresAt.Unix()
	}
	if said.Organization != nil {
		out.Organization = said.Organization.ShortName
	}
	return out, nil
}

// revoke disables the presented key. The key is its own credential: one that comes with
// another is not that caller's to end. Whatever became of it, the answer is the same.
func (v *Verify) revoke(r *rest.Request, in api.OAuthToken) (none rest.None, err error) {
	if with, err := r.Presented(); err != nil || with != "" && with != in.Token.Reveal() {
		return none, err
	}
	verdict, err := v.checkAt(r.Context(), AtRevocation, in.Token.Reveal(), Target{})
	if err != nil || verdict.Key == nil || !verdict.Key.Enabled {
		return none, err
	}
	who := callerOf(verdict)
	who.Address, who.RequestID = r.Caller.Address, r.Caller.RequestID
	return none, v.retire(r.Context(), who)
}
