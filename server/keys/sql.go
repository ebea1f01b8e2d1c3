package keys

import (
	"fmt"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// row is a key as it is stored, with its owner. Digests are written and never read
// here.
type row struct {
	ID            api.KeyID   `db:"id"`
	OrgID         *api.OrgID  `db:"org_id"`
	OwnerID       api.UserID  `db:"owner_id"`
	OwnerUUID     string      `db:"owner_uuid"`
	FirstName     string      `db:"first_name"`
	LastName      string      `db:"last_name"`
	Email         string      `db:"email"`
	Name          string      `db:"name"`
	Description   string      `db:"description"`
	Role          api.KeyRole `db:"role"`
	Enabled       bool        `db:"enabled"`
	ExpiresAt     *db.Stamp   `db:"expires_at"`
	CreatedAt     db.Stamp    `db:"created_at"`
	UpdatedAt     db.Stamp    `db:"updated_at"`
	LastLoginAt   *db.Stamp   `db:"last_login_at"`
	LastLoginIP   *string     `db:"last_login_ip"`
	PublicID      string      `db:"public_id"`
	Hint          string      `db:"hint"`
	PreviousHint  *string     `db:"previous_hint"`
	PreviousUntil *db.Stamp   `db:"previous_until"`

	Digest     seal.Digest `db:"-"`
	Ciphertext []byte      `db:"-"`
}

// columns are those of a row; k is the key, u its owner.
const columns = `
	k.id, k.org_id, k.owner_id, u.uuid AS owner_uuid, u.first_name, u.last_name, u.email,
	k.name, k.description, k.role, k.enabled, k.expires_at, k.created_at, k.updated_at,
	k.last_login_at, k.last_login_ip, k.public_id, k.hint, k.previous_hint, k.previous_until`

// key is the row as answers show it. A previous value whose overlap is over is none.
func (r row) key(now time.Time) api.Key {
	key := api.Key{
		ID: r.ID, Name: r.Name, Description: r.Description, Role: r.Role, Enabled: r.Enabled,
		Hint: r.Hint, OrganizationID: r.OrgID,
		User:      api.KeyOwner{ID: r.OwnerID, UUID: r.OwnerUUID, FirstName: r.FirstName, LastName: r.LastName, Email: r.Email},
		CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time, ExpiresAt: r.ExpiresAt.Or(),
		LastLoginAt: r.LastLoginAt.Or(), LastLoginIP: r.LastLoginIP,
	}
	if r.PreviousUntil != nil && r.PreviousHint != nil && now.Before(r.PreviousUntil.Time) {
		key.Previous = &api.Previous{Hint: *r.PreviousHint, ValidUntil: r.PreviousUntil.Time}
	}
	return key
}

// minted names the row by its value.
func (r *row) minted(f fresh) { r.PublicID, r.Hint = f.parts.PublicID, f.parts.Hint() }

// foundBy is what a key is found by, folded: its name, which its owner has once, and all
// that a search of the list looks into besides the owner.
type foundBy struct{ name, all string }

func (r row) foundBy() foundBy {
	name := fold.Text(r.Name)
	return foundBy{name, name + "\n" + fold.Text(r.Description) + "\n" + fold.Text(r.PublicID) + "\n" + fold.Text(r.Hint[len(r.Hint)-4:])}
}

// visible reads one key, as long as the caller may know of it: a stranger's is
// answered like one that never existed. The ids are the account's, so the
// organization is judged after the read.
func visible(r db.Reader, who caller.Caller, id api.KeyID) (row, error) {
	key, err := one(r, id)
	if err == nil && !who.SeesKey(key.OwnerID, key.OrgID) {
		return row{}, fault.Missing()
	}
	return key, err
}

// one reads a key for who may know of it. Fault: not_found.
func one(r db.Reader, id api.KeyID) (row, error) {
	var key row
	err := r.Get(&key, `
		SELECT `+columns+`
		  FROM api_keys k
		  JOIN users u ON u.id = k.owner_id
		 WHERE k.id = ?
		   AND k.deleted_at IS NULL`, id)
	switch {
	case db.IsNone(err):
		return row{}, fault.Missing()
	case err != nil:
		return row{}, fmt.Errorf("read a key: %w", err)
	}
	return key, nil
}

// rule is the policy that a key meets, and its part in the place of the ciphertext.
type rule struct {
	api.Policy
	place string
}

// policyRow is an organization's policy as it is stored.
type policyRow struct {
	UUID           string `db:"uuid"`
	Reveal         string `db:"reveal"`
	DefaultDays    *int   `db:"default_lifetime_days"`
	MaxDays        *int   `db:"max_lifetime_days"`
	AllowNoExpiry  bool   `db:"allow_no_expiry"`
	KeysManageKeys bool   `db:"keys_manage_keys"`
}

func (p policyRow) policy() api.Policy {
	return api.Policy{
		Reveal: p.Reveal, DefaultLifetimeDays: p.DefaultDays, MaxLifetimeDays: p.MaxDays,
		AllowNoExpiry: p.AllowNoExpiry, KeysManageKeys: p.KeysManageKeys,
	}
}

const policyColumns = `o.uuid, o.reveal, o.default_lifetime_days, o.max_lifetime_days, o.allow_no_expiry, o.keys_manage_keys`

// ruleOf is the organization's policy, or for global keys the strictest of their
// owner's organizations. Fault: not_found.
func ruleOf(r db.Reader, owner api.UserID, org *api.OrgID) (rule, error) {
	if org == nil {
		return globalRule(r, owner)
	}
	var p policyRow
	err := r.Get(&p, `
		SELECT `+policyColumns+`
		  FROM organizations o
		 WHERE o.id = ?
		   AND o.deleted_at IS NULL`, *org)
	switch {
	case db.IsNone(err):
		return rule{}, fault.Missing()
	case err != nil:
		return rule{}, fmt.Errorf("read the policy: %w", err)
	}
	return rule{p.policy(), p.UUID}, nil
}

// globalRule reads the policies of all organizations that somebody belongs to: all
// there are, for the holder of an account role.
func globalRule(r db.Reader, owner api.UserID) (rule, error) {
	var rows []policyRow
	err := r.Select(&rows, `
		SELECT `+policyColumns+`
		  FROM organizations o
		 WHERE o.deleted_at IS NULL
		   AND (EXISTS (SELECT 1 FROM users u WHERE u.id = ? AND u.account_role_id IS NOT NULL)
		        OR EXISTS (SELECT 1 FROM memberships m WHERE m.org_id = o.id AND m.user_id = ?))`, owner, owner)
	if err != nil {
		return rule{}, fmt.Errorf("read the policies: %w", err)
	}
	policies := make([]api.Policy, len(rows))
	for i, p := range rows {
		policies[i] = p.policy()
	}
	return rule{api.Strictest(policies...), seal.Global}, nil
}

// count is how many keys somebody holds in an organization, or how many global ones.
func count(r db.Reader, at home) (n int, err error) {
	err = r.Get(&n, `
		SELECT count(*)
		  FROM api_keys
		 WHERE owner_id = ?
		   AND COALESCE(org_id, 0) = ?
		   AND deleted_at IS NULL`, at.owner, at.org)
	if err != nil {
		return 0, fmt.Errorf("count keys: %w", err)
	}
	return n, nil
}

// insert stores a new key and learns its id. A pepper that is gone leaves the row without a
// digest, which the table refuses: its value could never be found again. Fault: name_taken.
func insert(tx *db.Tx, r *row, by foundBy) error {
	id, err := tx.Insert(`
		INSERT INTO api_keys (org_id, owner_id, owner_sort, name, name_folded, description, search, role,
		                      expires_at, created_at, updated_at, public_id, hint, digest, pepper_id, ciphertext)
		VALUES (?, ?, (SELECT sort_name FROM users WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
		        (SELECT ? FROM keyset WHERE id = ? AND purpose = 'pepper'), ?, ?)`,
		r.OrgID, r.OwnerID, r.OwnerID, r.Name, by.name, r.Description, by.all, r.Role,
		r.ExpiresAt, r.CreatedAt, r.UpdatedAt, r.PublicID, r.Hint, r.Digest.Sum, r.Digest.Pepper, r.Digest.Pepper, r.Ciphertext)
	r.ID = api.KeyID(id)
	return named(err)
}

// update stores what an edit may change, and forgets the previous value where its overlap
// was ended. Fault: name_taken.
func update(tx *db.Tx, r row) error {
	by := r.foundBy()
	_, err := tx.Exec(`
		UPDATE api_keys
		   SET name = ?1, name_folded = ?2, description = ?3, search = ?4, role = ?5, enabled = ?6, expires_at = ?7, updated_at = ?8,
		       previous_until = ?9, previous_hint = ?10,
		       previous_digest = CASE WHEN ?9 IS NULL THEN NULL ELSE previous_digest END,
		       previous_pepper = CASE WHEN ?9 IS NULL THEN NULL ELSE previous_pepper END
		 WHERE id = ?11
		   AND COALESCE(org_id, 0) = COALESCE(?12, 0)
		   AND deleted_at IS NULL`,
		r.Name, by.name, r.Description, by.all, r.Role, r.Enabled, r.ExpiresAt, r.UpdatedAt,
		r.PreviousUntil, r.PreviousHint, r.ID, r.OrgID)
	return named(err)
}

func named(err error) error {
	if db.Clashes(err, "api_keys_name") {
		return fault.At("name", fault.NameTaken, "There is a key of that name already.")
	}
	if err != nil {
		return fmt.Errorf("store a key: %w", err)
	}
	return nil
}

// markDeleted keeps the row and erases all that could find or open its values.
func markDeleted(tx *db.Tx, r row) error {
	_, err := tx.Exec(deletion+`
		 WHERE id = ?
		   AND COALESCE(org_id, 0) = COALESCE(?, 0)
		   AND deleted_at IS NULL`, db.At(tx.Now()), r.ID, r.OrgID)
	if err != nil {
		return fmt.Errorf("delete a key: %w", err)
	}
	return nil
}

const deletion = `
	UPDATE api_keys
	   SET deleted_at = ?,
	       digest = NULL, pepper_id = NULL, ciphertext = NULL,
	       previous_hint = NULL, previous_digest = NULL, previous_pepper = NULL, previous_until = NULL`
