package verify

import (
	"context"
	"strconv"

	"keystead/server/caller"
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// introspect answers what the caller may know of the presented key or token. RFC 7662 has
// no parameter for an organization, so an organization key asks for its own.
func (v *Verify) introspect(r *rest.Request, in api.OAuthToken) (api.Introspection, error) {
	who := r.Caller
	if !verifies(who) {
		return api.Introspection{}, caller.Lacks(perm.KeysVerify)
	}
	var want Target
	if who.Key != nil && who.Key.Org != nil {
		want.Org = *who.Key.Org
	}
	verdict, token, err := v.checkAny(r.Context(), AtIntrospection, in.Token.Reveal(), want)
	if err != nil || !verdict.Valid() || !sees(who, verdict) {
		return api.Introspection{}, err
	}
	v.noted(verdict, "")
	said, err := v.answer(r, verdict)
	if err != nil {
		return api.Introspection{}, err
	}
	out := introspection(*said)
	if token.Family != "" {
		describe(&out, token)
	}
	return out, nil
}

// checkAny judges whatever was presented, counted. Of a key there is no token.
func (v *Verify) checkAny(ctx context.Context, at Door, presented string, want Target) (Verdict, Token, error) {
	if isToken(presented) {
		return v.checkToken(ctx, at, presented, want)
	}
	verdict, err := v.checkAt(ctx, at, presented, want)
	return verdict, Token{}, err
}

// introspection is a good verdict in the words of RFC 7662.
func introspection(said api.Verdict) api.Introspection {
	scope := scopeOf(said.Permissions)
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
	return out
}

// scopeOf joins the names with blanks (RFC 6749, section 3.3).
func scopeOf(list []perm.Permission) string {
	scope := make([]byte, 0, 512)
	for i, p := range list {
		if i > 0 {
			scope = append(scope, ' ')
		}
		scope = append(scope, p...)
	}
	return string(scope)
}

// describe says what a token says of itself.
func describe(out *api.Introspection, token Token) {
	out.TokenType = api.TokenTypeAccess
	if token.Refresh {
		out.TokenType = api.TokenTypeRefresh
	}
	out.ClientID, out.ExpiresAt, out.IssuedAt = token.Client, token.ExpiresAt.Unix(), token.IssuedAt.Unix()
	out.Issuer, out.Audience, out.ID = token.Issuer, token.Issuer, token.ID
}

// revoke disables the presented key, or ends the presented token. Either is its own
// credential: one that comes with another is not that caller's to end. Whatever became
// of it, the answer is the same.
func (v *Verify) revoke(r *rest.Request, in api.OAuthToken) (none rest.None, err error) {
	if with, err := r.Presented(); err != nil || with != "" && with != in.Token.Reveal() {
		return none, err
	}
	verdict, token, err := v.checkAny(r.Context(), AtRevocation, in.Token.Reveal(), Target{})
	if err != nil || verdict.Key == nil {
		return none, err
	}
	who := CallerOf(verdict)
	who.Address, who.RequestID = r.Caller.Address, r.Caller.RequestID
	switch {
	case token.Family != "":
		return none, v.tokens.End(r.Context(), who, token)
	case verdict.Key.Enabled:
		return none, v.retire(r.Context(), who)
	}
	return none, nil
}
