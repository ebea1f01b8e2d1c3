package netography

import (
	"time"

	"keystead/server/rest"
	"keystead/server/sessions"
	"keystead/server/tokens"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// TokenRequest is the body of the API key grant.
type TokenRequest struct {
	JWT api.Secret `json:"jwt" required:"true"`
}

// PasswordForm is the body of the user grant. ShortName is ours: it picks one of several
// organizations.
type PasswordForm struct {
	Username  string     `json:"username" required:"true"`
	Password  api.Secret `json:"password" required:"true"`
	ShortName string     `json:"shortname,omitempty"`
}

// RefreshForm is the body of the refresh grant.
type RefreshForm struct {
	RefreshToken api.Secret `json:"refresh_token" required:"true"`
}

// Grant answers all three.
type Grant struct {
	AccessToken      api.Secret `json:"access_token"`
	ExpiresIn        int64      `json:"expires_in"`
	RefreshToken     api.Secret `json:"refresh_token"`
	RefreshExpiresIn int64      `json:"refresh_expires_in"`
	Type             string     `json:"token_type"`
	IDToken          api.Secret `json:"id_token"`
	NotBeforePolicy  int64      `json:"not-before-policy"`
	SessionState     string     `json:"session-state"`
	Scope            string     `json:"scope"`
}

func said(g tokens.Grant, err error) (Grant, error) {
	if err != nil {
		return Grant{}, err
	}
	seconds := int64(g.Lasts / time.Second)
	return Grant{
		AccessToken: g.Access, ExpiresIn: seconds, RefreshToken: g.Refresh, RefreshExpiresIn: seconds,
		Type: "bearer", IDToken: g.ID, SessionState: g.Family, Scope: g.Scope.String(),
	}, nil
}

func (n *Netography) exchange(r *rest.Request, in TokenRequest) (Grant, error) {
	return said(n.Tokens.Exchange(r.Context(), in.JWT.Reveal(), r.Caller.Address, r.Caller.RequestID))
}

func (n *Netography) password(r *rest.Request, in PasswordForm) (Grant, error) {
	if !n.PasswordGrant {
		return Grant{}, fault.Missing()
	}
	from := sessions.Visit{Address: r.Caller.Address, RequestID: r.Caller.RequestID}
	user, hash, err := n.Sessions.Know(r.Context(), api.SignIn{Email: in.Username, Password: in.Password}, from)
	if err != nil {
		return Grant{}, err
	}
	return said(n.Tokens.OfPassword(r.Context(), user, hash, in.ShortName, from.Address, from.RequestID))
}

// refresh says a bad token as a bad request, as the vendor does.
func (n *Netography) refresh(r *rest.Request, in RefreshForm) (Grant, error) {
	g, err := n.Tokens.Refresh(r.Context(), in.RefreshToken.Reveal(), r.Caller.Address, r.Caller.RequestID)
	if fault.Is(err, fault.BadCredentials) {
		err = fault.At("refresh_token", fault.BadRequest, "This token is not good here.")
	}
	return said(g, err)
}
