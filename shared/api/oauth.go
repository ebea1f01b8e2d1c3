package api

// OAuthToken is the form that asks about a key or a token, or ends it (RFC 7662 section 2.1, RFC
// 7009 section 2.1). The hint is not needed: a value says itself what it is.
type OAuthToken struct {
	Token Secret `json:"token" required:"true"`
	Hint  string `json:"token_type_hint,omitempty"`
}

// Introspection answers what a presented key or token is (RFC 7662 section 2.2). Of one that is
// not good, or not the caller's to know of, it says that it is not active and nothing
// else.
type Introspection struct {
	Active       bool    `json:"active"`
	Scope        *string `json:"scope,omitzero"`     // its permissions, with blanks between them
	ClientID     string  `json:"client_id,omitzero"` // the key's id; "password" for a token without one
	Username     string  `json:"username,omitzero"`  // its owner's e-mail address
	Subject      string  `json:"sub,omitzero"`       // its owner's UUID
	ExpiresAt    int64   `json:"exp,omitzero"`       // Unix seconds; absent where it never expires
	IssuedAt     int64   `json:"iat,omitzero"`       // this and the next three: of tokens only
	Issuer       string  `json:"iss,omitzero"`
	Audience     string  `json:"aud,omitzero"`
	ID           string  `json:"jti,omitzero"`
	TokenType    string  `json:"token_type,omitzero"`   // one of the types below
	Organization string  `json:"organization,omitzero"` // short name; absent for a global key that was judged for none
}

// The types of what was presented, in answers of OAuth: API keys, access tokens (in the
// words of RFC 6749, section 7.1), refresh tokens.
const (
	TokenTypeKey     = "api_key"
	TokenTypeAccess  = "Bearer"
	TokenTypeRefresh = "refresh_token"
)
