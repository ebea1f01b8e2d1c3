package verify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/rest"
	"keystead/shared/api"
)

// Token is what a good access token or refresh token stands for: a key bound to one
// organization, or a person who may read there.
type Token struct {
	Family    string
	Refresh   bool
	Org       api.OrgID
	User      api.UserID
	Key       api.KeyID // 0: a password was exchanged
	PublicID  string    // of the value of the key that was exchanged
	Subject   string    // the user's UUID
	Client    string    // the key's id, or "password"
	Issuer    string
	ID        string
	IssuedAt  time.Time
	ExpiresAt time.Time
}

// isToken reports what has the form of a token: of our credentials only those have dots.
func isToken(presented string) bool { return strings.Contains(presented, ".") }

// TokenCaller is who came with an access token, or the one refusal of bad credentials.
func (v *Verify) TokenCaller(ctx context.Context, presented string, at rest.Arrival) (caller.Caller, error) {
	verdict, token, err := v.checkToken(ctx, AtAPI, presented, Target{})
	if err != nil {
		return caller.Caller{}, err
	}
	if !verdict.Valid() || token.Refresh {
		return caller.Caller{}, badCredentials()
	}
	v.noted(verdict, at.Address)
	return CallerOf(verdict), nil
}

// checkToken judges a presented token, counted: whether it is good, and then what stands
// behind it.
func (v *Verify) checkToken(ctx context.Context, at Door, presented string, want Target) (verdict Verdict, token Token, err error) {
	defer func() { v.count(at, verdict, err) }()
	token, ok, err := v.tokens.Read(ctx, presented)
	if err != nil || !ok {
		return Verdict{Code: api.NotFound}, Token{}, err
	}
	verdict, err = v.CheckToken(ctx, token, want)
	return verdict, token, err
}

// CheckToken judges what stands behind a token for a target, as the key that was
// exchanged would be if it were one of the token's organization. A person who came by
// password is judged like a READONLY key.
func (v *Verify) CheckToken(ctx context.Context, token Token, want Target) (Verdict, error) {
	known, err := v.behind(ctx, token)
	if err != nil {
		return Verdict{}, err
	}
	if known == nil {
		return Verdict{Code: api.NotFound}, nil
	}
	bound := &record{key: known.key, owner: known.owner} // known is shared by the cache
	bound.key.Org = &token.Org
	now := v.db.Now()
	verdict := judge(bound, want, now)
	verdict.at, verdict.token = now, true
	return verdict, nil
}

// basis is what a token rests on.
type basis struct {
	key   api.KeyID
	value string // its public id
	user  api.UserID
}

// behind finds what a token rests on, in the cache, then in the database.
func (v *Verify) behind(ctx context.Context, token Token) (*record, error) {
	on := basis{token.Key, token.PublicID, token.User}
	epoch := v.db.Epoch() // before the read: what changes meanwhile makes the entry stale
	if known, ok := v.byBasis.Get(on, epoch); ok {
		return known, nil
	}
	known := &record{key: Key{OwnerID: token.User, Role: api.ReadOnly, Enabled: true}}
	r := v.db.Read(ctx)
	if on.key != 0 {
		if err := keyByID(r, on, &known.key); db.IsNone(err) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	var err error
	if known.owner, err = v.people.of(r, known.key.OwnerID); db.IsNone(err) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("find who is behind a token: %w", err)
	}
	v.byBasis.Put(on, epoch, known)
	return known, nil
}

// keyByID finds a key by one of its two values, without holding that. Of the older one
// only the hint is left, in which the public id stands behind the prefix.
func keyByID(r db.Reader, on basis, into *Key) error {
	err := r.Get(into, `
		SELECT id, org_id, owner_id, name, hint, role, enabled, expires_at, NULL AS until
		  FROM api_keys
		 WHERE id = ?1
		   AND deleted_at IS NULL
		   AND public_id = ?2
		 UNION ALL
		SELECT id, org_id, owner_id, name, previous_hint AS hint, role, enabled, expires_at, previous_until AS until
		  FROM api_keys
		 WHERE id = ?1
		   AND deleted_at IS NULL
		   AND previous_until IS NOT NULL
		   AND previous_hint LIKE 'ks!_' || ?2 || '…%' ESCAPE '!'`, on.key, on.value)
	if err != nil && !db.IsNone(err) {
		return fmt.Errorf("find the key behind a token: %w", err)
	}
	return err
}
