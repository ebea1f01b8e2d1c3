package keys

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// Needs is what API keys stand on.
type Needs struct {
	DB         *db.DB
	Seal       *seal.Sealer
	Audit      *audit.Log
	MaxPerUser int // keys of one user in an organization, and global ones
}

// Keys does every act on API keys.
type Keys struct {
	db    *db.DB
	seal  *seal.Sealer
	audit *audit.Log
	max   int
	shelf shelf
	rules *db.Cache[api.OrgID, rule] // see ruleNow
	held  *db.Cache[home, int]       // see heldNow
}

// What is kept in memory at most for keys that are added: organizations whose policy, and
// homes of keys whose number is known.
const (
	maxRules = 1000
	maxHeld  = 10_000
)

// New is API keys over what they need.
func New(n Needs) *Keys {
	return &Keys{
		db: n.DB, seal: n.Seal, audit: n.Audit, max: n.MaxPerUser, shelf: shelf{db: n.DB},
		rules: db.NewCache[api.OrgID, rule](maxRules), held: db.NewCache[home, int](maxHeld),
	}
}

// Add makes a key of the caller's own: in an organization, or a global one where
// org is nil. The answer is the only one that holds the value unasked.
// Faults: not_found; key_too_weak; invalid_value, expires_in_past and
// lifetime_too_long at their field; key_limit_reached; name_taken.
func (k *Keys) Add(ctx context.Context, who caller.Caller, org *api.OrgID, req api.AddKey) (api.AddedKey, error) {
	var added api.AddedKey
	at := homeOf(who.User.ID, org)
	// All that takes time and needs no rule, before everyone else waits for it.
	fresh := mint()
	row, wrong := draft(who, org, req)
	row.minted(fresh)
	by := row.foundBy()
	// Not a Write: a new key changes no verdict that was remembered, since of unknown values
	// none is. Else whoever adds keys would have everyone else's looked up again.
	err := k.db.Append(ctx, func(tx *db.Tx) error {
		rule, err := k.mayAdd(tx, who, org)
		if err != nil {
			return err
		}
		if wrong != nil {
			return wrong
		}
		if err := row.lives(who, req.ExpiresAt, rule.Policy, tx.Now()); err != nil {
			return err
		}
		held, err := k.room(tx, at)
		if err != nil {
			return err
		}
		row.Digest = k.digest(fresh)
		if row.Ciphertext, err = k.sealed(fresh, rule); err != nil {
			return err
		}
		if err := insert(tx, &row, by); err != nil {
			return err
		}
		k.holds(tx, at, held+1)
		added = api.AddedKey{Key: row.key(tx.Now()), Value: fresh.value}
		return k.note(tx, who, audit.KeyAdd, row, audit.Facts{"role": row.Role})
	})
	if err != nil {
		return api.AddedKey{}, fmt.Errorf("add a key: %w", err)
	}
	return added, nil
}

// Get is one key, without its value.
// Faults: not_found; permission_required.
func (k *Keys) Get(ctx context.Context, who caller.Caller, id api.KeyID) (api.Key, error) {
	row, err := visible(k.db.Read(ctx), who, id)
	if err != nil {
		return api.Key{}, fmt.Errorf("get a key: %w", err)
	}
	if row.OwnerID != who.User.ID {
		if err := mayWithOthers(who, row, perm.KeysRead); err != nil {
			return api.Key{}, err
		}
	}
	return row.key(k.db.Now()), nil
}

// Home is whose a key is and where it lives, nil for global ones, as far as the caller
// may know of it. Neither ever changes. Fault: not_found.
func (k *Keys) Home(ctx context.Context, who caller.Caller, id api.KeyID) (api.UserID, *api.OrgID, error) {
	row, err := visible(k.db.Read(ctx), who, id)
	if err != nil {
		return 0, nil, fmt.Errorf("find a key: %w", err)
	}
	return row.OwnerID, row.OrgID, nil
}

// Record is the record of the key that the caller came with, or of another of the
// caller's own. Fault: not_found.
func (k *Keys) Record(ctx context.Context, who caller.Caller, id api.KeyID) (api.Key, error) {
	row, err := one(k.db.Read(ctx), id)
	itself := who.Key != nil && who.Key.ID == id // also where a token of it reaches no global keys
	if err == nil && (row.OwnerID != who.User.ID || !itself && !who.ReachesKeys(row.OrgID)) {
		err = fault.Missing()
	}
	if err != nil {
		return api.Key{}, fmt.Errorf("read a key's record: %w", err)
	}
	return row.key(k.db.Now()), nil
}

// Delete ends a key for good: both of its values are refused from the next request
// on. Its row stays for the audit trail, without digests and ciphertext.
// Faults: not_found; permission_required; key_too_weak.
func (k *Keys) Delete(ctx context.Context, who caller.Caller, id api.KeyID) error {
	err := k.db.Write(ctx, func(tx *db.Tx) error { return k.delete(tx, who, id) })
	if err != nil {
		return fmt.Errorf("delete a key: %w", err)
	}
	return nil
}

func (k *Keys) delete(tx *db.Tx, who caller.Caller, id api.KeyID) error {
	row, err := mayChange(tx, who, id, perm.KeysDelete)
	if err != nil {
		return err
	}
	if err := markDeleted(tx, row); err != nil {
		return err
	}
	return k.note(tx, who, audit.KeyDelete, row, nil)
}

// note writes the audit row of an act on a key.
func (k *Keys) note(tx *db.Tx, who caller.Caller, act audit.Act, row row, facts audit.Facts) error {
	on := audit.Target{Kind: "api_key", ID: int64(row.ID), Name: row.Name}
	if row.OrgID != nil {
		on.Org = *row.OrgID
	}
	return k.audit.Write(tx, who, act, on, facts)
}

// fresh is a value that nobody has had.
type fresh struct {
	parts keyfmt.Parts
	value api.Secret
}

// mint makes a value.
func mint() fresh {
	parts := seal.New(keyfmt.APIKey)
	return fresh{parts, api.Hide(parts.Value())}
}

// digest finds the value again. It is made in the transaction that stores it: see
// [seal.Sealer.Digest].
func (k *Keys) digest(f fresh) seal.Digest { return k.seal.Digest(f.value.Reveal()) }

// sealed is the ciphertext to store, or nothing where the policy lets nobody see
// the value again.
func (k *Keys) sealed(f fresh, r rule) ([]byte, error) {
	if r.Reveal != api.RevealOwner {
		return nil, nil
	}
	return k.seal.Seal(f.value.Reveal(), place(f.parts.PublicID, r.place))
}

// place is where the ciphertext of a key lies.
func place(publicID, org string) seal.Place {
	return seal.Place{Table: "api_keys", Column: "ciphertext", Row: publicID, Org: org}
}
