package tokens

import (
	"context"
	"crypto/sha256"
	"fmt"
	"sync"
	"time"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Needs is what tokens stand on.
type Needs struct {
	DB     *db.DB
	Seal   *seal.Sealer
	Audit  *audit.Log
	Origin string // the public one; "": the account's UUID names us

	// Secrets are the good values of an organization's shared secret by their version.
	// Fault: not_found.
	Secrets func(ctx context.Context, shortName string) (api.OrgID, map[int]api.Secret, error)
	// KeyOf judges a presented API key for an organization.
	KeyOf func(ctx context.Context, presented api.Secret, org api.OrgID) (holder Holder, good bool, err error)
	// HolderOf judges what stands behind a token.
	HolderOf func(ctx context.Context, t Token) (holder Holder, good bool, err error)
	// NoteLogin remembers that a key was found valid, and where.
	NoteLogin func(key api.KeyID, at time.Time, address string)
}

// Holder is who comes with a key or a token, as the evaluator found them.
type Holder struct {
	Caller caller.Caller // with the key, where there is one
	Scope  perm.Set      // effective in the organization
	Until  *time.Time    // when the key ends, or the older value of it that was exchanged; nil: neither does
}

// Tokens exchanges, reads and ends tokens.
type Tokens struct {
	Needs
	keyring keyring
	refresh refresher
	known   *cache

	mu      sync.Mutex
	account string // its UUID, once it was read
}

// New is tokens over what they need. It makes the first signing key where there is none.
func New(ctx context.Context, n Needs) (*Tokens, error) {
	t := &Tokens{Needs: n, refresh: newRefresher(n.Seal.SessionKey()), known: db.NewCache[[sha256.Size]byte, known](cacheSize)}
	keys, err := t.Seal.SigningKeys(t.DB.Read(ctx), t.DB.Now().Add(-Lifetime))
	if err == nil && len(keys) == 0 {
		err = t.DB.Note(ctx, func(tx *db.Tx) error {
			key, err := t.Seal.AddSigningKey(tx)
			keys = []seal.SigningKey{key}
			return err
		})
	}
	if err != nil {
		return nil, err
	}
	t.keyring.put(keys)
	return t, nil
}

// RotateKey makes a new signing key and is its name. The one before stays in the key set
// until the last token that it signed has ended.
func (t *Tokens) RotateKey(ctx context.Context, who caller.Caller) (kid string, err error) {
	var keys []seal.SigningKey
	err = t.DB.Write(ctx, func(tx *db.Tx) error {
		key, err := t.Seal.AddSigningKey(tx)
		if err != nil {
			return err
		}
		if keys, err = t.Seal.SigningKeys(tx, tx.Now().Add(-Lifetime)); err != nil {
			return err
		}
		kid = newSigner(key.Private).kid
		return t.Audit.Write(tx, who, audit.SigningKeyRotate, audit.Target{Kind: "signing_key", Name: kid}, nil)
	})
	if err != nil {
		return "", fmt.Errorf("rotate the signing key: %w", err)
	}
	t.keyring.put(keys)
	return kid, nil
}

// issuer names us in tokens, as iss and as aud: by the public URL's origin, or, where
// there is none, by the account's UUID, which stays whatever address we are reached at.
func (t *Tokens) issuer(ctx context.Context) (string, error) {
	if t.Origin != "" {
		return t.Origin, nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.account == "" {
		err := t.DB.Read(ctx).Get(&t.account, "SELECT uuid FROM account")
		if db.IsNone(err) {
			return "", refused() // nobody has a token before there is an account
		}
		if err != nil {
			return "", fmt.Errorf("read the account: %w", err)
		}
	}
	return "urn:uuid:" + t.account, nil
}

// refused is the one refusal that every bad token gets.
func refused() error { return fault.New(fault.BadCredentials, "This token is not good here.") }

// digestOf names a token in memory without holding it.
func digestOf(token string) [sha256.Size]byte { return sha256.Sum256([]byte(token)) }

// known is an access token whose signature was checked, with its family.
type known struct {
	token  Token
	family family
}

// cache keeps access tokens that were good, by a digest: to check a signature takes
// 81 µs. Only good ones get in, so strangers can't fill it.
type cache = db.Cache[[sha256.Size]byte, known]

// cacheSize is more integrations than one small machine serves at once.
const cacheSize = 10_000
