package tokens

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/golang-jwt/jwt/v5"

	"keystead/server/audit"
	"keystead/server/db"
	"keystead/shared/api"
)

// grace is how long the token before the latest may be sent once more, by a client
// that lost the answer.
const grace = 10 * time.Second

const refreshType = "ks-refresh+jwt"

// refresher makes refresh tokens. They are JWTs since clients of other vendors expect
// such, but only for us: HS256, under a key of their own.
type refresher struct {
	key    []byte
	chain  []byte // names successors
	digest []byte // finds what is stored
	header string // encoded, with its dot: the only header of a refresh token
}

// refreshClaims are those of a refresh token.
type refreshClaims struct {
	ID       string `json:"jti"`
	IssuedAt int64  `json:"iat"`
	Expires  int64  `json:"exp"`
}

func newRefresher(session []byte) refresher {
	r := refresher{
		key: derived(session, "keystead refresh token"), chain: derived(session, "keystead refresh token chain"),
		digest: derived(session, "keystead refresh token digest"),
	}
	r.header, _, _ = strings.Cut(r.sign("", time.Time{}).Reveal(), ".")
	r.header += "."
	return r
}

// derived is another key: none serves two purposes.
func derived(key []byte, purpose string) []byte {
	out, err := hkdf.Expand(sha256.New, key, purpose, sha256.Size)
	if err != nil {
		panic(err) // of lengths only, which are constants
	}
	return out
}

// has reports whether a token has the form of a refresh token.
func (r refresher) has(token string) bool { return strings.HasPrefix(token, r.header) }

func (r refresher) sign(name string, at time.Time) api.Secret {
	token := jwt.NewWithClaims(jwt.SigningMethodHS256, payload{claims: refreshClaims{name, at.Unix(), at.Add(Lifetime).Unix()}})
	token.Header["typ"] = refreshType
	text, err := token.SignedString(r.key)
	if err != nil {
		panic(fmt.Errorf("sign a refresh token: %w", err)) // of the types only, which are ours
	}
	return api.Hide(text)
}

// read checks all that the token itself says.
func (r refresher) read(token string) (c refreshClaims, ok bool) {
	j, ok := split(token)
	if !ok || !r.has(token) || jwt.SigningMethodHS256.Verify(j.signed, j.signature, r.key) != nil {
		return c, false
	}
	err := json.Unmarshal(j.payload, &c, json.RejectUnknownMembers(true))
	return c, err == nil
}

// successor is the token that a token was or will be exchanged for at a time: the same
// one each time, so that a retry hands out no second one, and nothing but digests needs
// to be stored.
func (r refresher) successor(token string, at time.Time) api.Secret {
	return r.sign(base64.RawURLEncoding.EncodeToString(sum(r.chain, token)), at)
}

// stored is what is kept of a token.
func (r refresher) stored(token string) []byte { return sum(r.digest, token) }

func sum(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// link is a refresh token as it is stored.
type link struct {
	Family    int64     `db:"family_id"`
	Digest    []byte    `db:"digest"`
	ExpiresAt db.Stamp  `db:"expires_at"`
	SpentAt   *db.Stamp `db:"spent_at"`
	Retried   bool      `db:"retried"`
}

// Refresh takes a refresh token for its successor and a new access token. One that was
// spent before ends its family, but for one retry of the latest.
// Fault: bad_credentials.
func (t *Tokens) Refresh(ctx context.Context, presented, address, requestID string) (Grant, error) {
	issuer, err := t.issuer(ctx)
	if err != nil {
		return Grant{}, err
	}
	holder, err := t.holderOfRefresh(ctx, issuer, presented)
	if err != nil {
		return Grant{}, err
	}
	holder.Caller.Address, holder.Caller.RequestID = address, requestID
	var grant Grant
	var reused bool
	err = t.DB.Note(ctx, func(tx *db.Tx) (err error) {
		grant, reused, err = t.renew(tx, issuer, holder, presented)
		return err
	})
	if err == nil && reused {
		if err = t.end(ctx, holder.Caller, grant.Family, audit.Facts{"reused": true}); err == nil {
			err = refused()
		}
	}
	if err != nil {
		return Grant{}, fmt.Errorf("refresh a token: %w", err)
	}
	return grant, nil
}

// holderOfRefresh is for whom a refresh token is, as they are now. Fault: bad_credentials.
func (t *Tokens) holderOfRefresh(ctx context.Context, issuer, presented string) (Holder, error) {
	if _, ok := t.refresh.read(presented); !ok {
		return Holder{}, refused()
	}
	_, f, err := t.linkOf(t.DB.Read(ctx), presented)
	if err != nil {
		return Holder{}, err
	}
	holder, good, err := t.HolderOf(ctx, f.token(issuer))
	if err == nil && !good {
		err = refused()
	}
	return holder, err
}

// renew spends a refresh token for its successor and a new access token. Where it is one
// that nobody should have any more it grants nothing, and names the family: reused.
// Fault: bad_credentials.
func (t *Tokens) renew(tx *db.Tx, issuer string, holder Holder, presented string) (grant Grant, reused bool, err error) {
	l, f, err := t.linkOf(tx, presented) // again: somebody else may have been here meanwhile
	if err != nil {
		return Grant{}, false, err
	}
	now := tx.Now()
	if !now.Before(l.ExpiresAt.Time) || !f.good(now) {
		return Grant{}, false, refused()
	}
	next, reused, err := t.spend(tx, f, l, presented)
	if err != nil || reused {
		return Grant{Family: f.UUID}, reused, err
	}
	end := f.end(holder, now)
	if err := extend(tx, f, now.Add(Lifetime)); err != nil {
		return Grant{}, false, err
	}
	grant = Grant{
		Access: t.access(f, issuer, now, end), ID: t.id(f, issuer, now, end), Refresh: next,
		Lasts: end.Sub(now), Scope: holder.Scope, Family: f.UUID,
	}
	return grant, false, t.note(tx, holder.Caller, audit.TokenRefresh, f, nil)
}

// spend marks a token as used and answers its successor. It is reused where it was spent
// before, and this is not the one retry of the latest that is forgiven.
func (t *Tokens) spend(tx *db.Tx, f family, l link, presented string) (next api.Secret, reused bool, err error) {
	now := tx.Now()
	if l.SpentAt == nil {
		next = t.refresh.successor(presented, now)
		if err := t.addRefresh(tx, f, next, now); err != nil {
			return api.Secret{}, false, err
		}
		_, err := tx.Exec("UPDATE refresh_tokens SET spent_at = ? WHERE digest = ?", db.At(now), l.Digest)
		return next, false, err
	}
	next = t.refresh.successor(presented, l.SpentAt.Time)
	latest, _, err := t.linkOf(tx, next.Reveal())
	if err != nil {
		return api.Secret{}, false, err
	}
	if gone := now.Sub(l.SpentAt.Time); l.Retried || latest.SpentAt != nil || gone < 0 || gone > grace {
		return api.Secret{}, true, nil
	}
	_, err = tx.Exec("UPDATE refresh_tokens SET retried = 1 WHERE digest = ?", l.Digest)
	return next, false, err
}

// linkOf finds a refresh token with its family. Fault: bad_credentials.
func (t *Tokens) linkOf(r db.Reader, token string) (l link, f family, err error) {
	err = r.Get(&l, `
		SELECT family_id, digest, expires_at, spent_at, retried
		  FROM refresh_tokens
		 WHERE digest = ?`, t.refresh.stored(token))
	if db.IsNone(err) {
		return link{}, family{}, refused()
	}
	if err != nil {
		return link{}, family{}, fmt.Errorf("find a refresh token: %w", err)
	}
	f, err = one(r, familyColumns+`
		 WHERE f.id = ?`, l.Family)
	return l, f, err
}

func (t *Tokens) addRefresh(tx *db.Tx, f family, token api.Secret, now time.Time) error {
	_, err := tx.Exec(`
		INSERT INTO refresh_tokens (digest, family_id, expires_at)
		VALUES (?, ?, ?)`, t.refresh.stored(token.Reveal()), f.ID, db.At(now.Add(Lifetime)))
	if err != nil {
		return fmt.Errorf("store a refresh token: %w", err)
	}
	return nil
}

// readRefresh is what a refresh token stands for that was not spent.
func (t *Tokens) readRefresh(ctx context.Context, presented string) (found Token, ok bool, err error) {
	c, ok := t.refresh.read(presented)
	if !ok {
		return Token{}, false, nil
	}
	issuer, err := t.issuer(ctx)
	if err != nil {
		return Token{}, false, err
	}
	l, f, err := t.linkOf(t.DB.Read(ctx), presented)
	now := t.DB.Now()
	switch {
	case isRefused(err), err == nil && (l.SpentAt != nil || !now.Before(l.ExpiresAt.Time) || !f.good(now)):
		return Token{}, false, nil
	case err != nil:
		return Token{}, false, err
	}
	found = f.token(issuer)
	found.Refresh, found.ID = true, c.ID
	found.IssuedAt, found.ExpiresAt = time.Unix(c.IssuedAt, 0).UTC(), l.ExpiresAt.Time
	return found, true, nil
}
