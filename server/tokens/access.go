package tokens

import (
	"context"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"

	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Lifetime is how long an access token lasts, and a refresh token that nobody uses, where
// what was exchanged for them does not end before.
const Lifetime = 24 * time.Hour

// ByPassword is the client_id of tokens that a password was exchanged for.
const ByPassword = "password"

// accessClaims are those of an access token (RFC 9068, section 2.2). Each is there but
// sv, which has no place where a password was exchanged.
type accessClaims struct {
	Issuer   string    `json:"iss"`
	Audience string    `json:"aud"`
	Subject  string    `json:"sub"`       // the owner's UUID
	Client   string    `json:"client_id"` // the key's id, or ByPassword
	Org      api.OrgID `json:"org"`
	Secret   int       `json:"sv,omitzero"` // the version of the shared secret
	Family   string    `json:"sid"`
	IssuedAt int64     `json:"iat"`
	Expires  int64     `json:"exp"`
	ID       string    `json:"jti"`
}

// whole reports whether every claim is there and fits the others.
func (c accessClaims) whole() bool {
	return c.Issuer != "" && c.Audience == c.Issuer && c.Subject != "" && c.Client != "" && c.Org > 0 &&
		(c.Secret > 0) == (c.Client != ByPassword) && c.Family != "" && c.IssuedAt > 0 && c.Expires > c.IssuedAt && c.ID != ""
}

// idClaims are those of the ID token, which clients of other vendors expect to get.
// It says who the owner is and opens no door.
type idClaims struct {
	Issuer   string `json:"iss"`
	Audience string `json:"aud"`
	Subject  string `json:"sub"`
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

// Token is what an access token or a refresh token stands for.
type Token struct {
	Family    string
	Refresh   bool
	Org       api.OrgID
	User      api.UserID
	Key       api.KeyID // 0: a password was exchanged
	PublicID  string    // of the value of the key that was exchanged
	Subject   string    // the user's UUID
	Client    string    // the key's id, or ByPassword
	Issuer    string
	ID        string
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// Read is what a presented access token or refresh token stands for. It is not ok where
// the token or what it rests on is no longer good; whether its key is, the evaluator
// knows.
func (t *Tokens) Read(ctx context.Context, presented string) (found Token, ok bool, err error) {
	if t.refresh.has(presented) {
		return t.readRefresh(ctx, presented)
	}
	found, family, err := t.recognize(ctx, presented)
	now := t.DB.Now()
	if fault.Is(err, fault.BadCredentials) || err == nil && !(now.Before(found.ExpiresAt) && family.good(now)) {
		return Token{}, false, nil
	}
	return found, err == nil, err
}

// recognize finds an access token in the cache, else it checks the signature and reads
// its family.
func (t *Tokens) recognize(ctx context.Context, presented string) (Token, family, error) {
	epoch := t.DB.Epoch() // before the read: what changes meanwhile makes the entry stale
	name := digestOf(presented)
	if k, ok := t.known.Get(name, epoch); ok {
		return k.token, k.family, nil
	}
	issuer, err := t.issuer(ctx)
	if err != nil {
		return Token{}, family{}, err
	}
	c, ok := t.readAccess(presented)
	if !ok || c.Issuer != issuer {
		return Token{}, family{}, refused()
	}
	f, err := familyOf(t.DB.Read(ctx), c.Family)
	if err != nil {
		return Token{}, family{}, err
	}
	if !f.made(c) {
		return Token{}, family{}, refused()
	}
	found := f.token(c.Issuer)
	found.ID, found.IssuedAt, found.ExpiresAt = c.ID, time.Unix(c.IssuedAt, 0).UTC(), time.Unix(c.Expires, 0).UTC()
	t.known.Put(name, epoch, known{found, f})
	return found, f, nil
}

// readAccess checks all that the token itself says: the header, compared whole, names
// the key, so that no other algorithm or type is looked at.
func (t *Tokens) readAccess(presented string) (c accessClaims, ok bool) {
	j, ok := split(presented)
	if !ok {
		return c, false
	}
	for _, s := range t.keyring.good(t.DB.Now()) {
		if s.header != j.header || !s.verifies(j) {
			continue
		}
		err := json.Unmarshal(j.payload, &c, json.RejectUnknownMembers(true))
		return c, err == nil && c.whole()
	}
	return c, false
}

// access signs an access token of the family.
func (t *Tokens) access(f family, issuer string, now, end time.Time) api.Secret {
	return t.keyring.newest().sign(accessType, accessClaims{
		Issuer: issuer, Audience: issuer, Subject: f.Subject, Client: f.client(), Org: f.Org, Secret: f.secretVersion(), Family: f.UUID,
		IssuedAt: now.Unix(), Expires: end.Unix(), ID: seal.Token(),
	})
}

// id signs the ID token beside it.
func (t *Tokens) id(f family, issuer string, now, end time.Time) api.Secret {
	return t.keyring.newest().sign("JWT", idClaims{
		Issuer: issuer, Audience: f.client(), Subject: f.Subject, IssuedAt: now.Unix(), Expires: end.Unix(),
	})
}

// client is the client_id of a family's tokens.
func (f family) client() string {
	if f.Key == nil {
		return ByPassword
	}
	return strconv.FormatInt(int64(*f.Key), 10)
}
