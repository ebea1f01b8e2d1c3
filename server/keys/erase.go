package keys

import (
	"fmt"

	"keystead/server/db"
	"keystead/shared/api"
)

// These are the parts of other acts that happen to keys, in those acts'
// transactions. The acts' own audit rows speak for them.

// Whose keys they happen to, as the index of keys by their home finds them.
const (
	ofOwner = `
		 WHERE COALESCE(org_id, 0) IN (SELECT id FROM key_homes)
		   AND owner_id = ?
		   AND deleted_at IS NULL`
	ofOrg = `
		 WHERE COALESCE(org_id, 0) = ?
		   AND deleted_at IS NULL`
	globalOfMembers = `
		 WHERE COALESCE(org_id, 0) = 0
		   AND owner_id IN (SELECT user_id FROM memberships WHERE org_id = ?
		                     UNION ALL
		                    SELECT id FROM users WHERE account_role_id IS NOT NULL)
		   AND deleted_at IS NULL`
)

// EraseValues erases what somebody's keys could be shown from; the keys keep
// working. It belongs to every change of that person's password or e-mail by
// another, who could else sign in and look. It answers how many were erased.
func (k *Keys) EraseValues(tx *db.Tx, owner api.UserID) (int64, error) {
	return erase(tx, ofOwner+`
		   AND ciphertext IS NOT NULL`, owner)
}

// EraseOrgValues erases what the keys of an organization could be shown from, and
// the global keys of its members. It belongs to setting the policy reveal: never.
func (k *Keys) EraseOrgValues(tx *db.Tx, org api.OrgID) (int64, error) {
	n, err := erase(tx, ofOrg+`
		   AND ciphertext IS NOT NULL`, org)
	if err != nil {
		return 0, err
	}
	global, err := erase(tx, globalOfMembers+`
		   AND ciphertext IS NOT NULL`, org)
	return n + global, err
}

// EraseForbidden erases what somebody's global keys could be shown from, if one of
// their organizations forbids it. It belongs to joining an organization and to
// getting an account role.
func (k *Keys) EraseForbidden(tx *db.Tx, owner api.UserID) (int64, error) {
	rule, err := globalRule(tx, owner)
	if err != nil || rule.Reveal == api.RevealOwner {
		return 0, err
	}
	return erase(tx, ofOrg+`
		   AND owner_id = ?
		   AND ciphertext IS NOT NULL`, 0, owner)
}

const erasure = `
		UPDATE api_keys
		   SET ciphertext = NULL`

func erase(tx *db.Tx, where string, args ...any) (int64, error) {
	n, err := tx.Exec(erasure+where, args...)
	if err != nil {
		return 0, fmt.Errorf("erase values: %w", err)
	}
	return n, nil
}

// DeleteOfUser ends all keys of somebody who is deleted.
func (k *Keys) DeleteOfUser(tx *db.Tx, owner api.UserID) (int64, error) {
	return deleteAll(tx, ofOwner, int64(owner))
}

// DeleteOfOrg ends all keys of an organization that is deleted.
func (k *Keys) DeleteOfOrg(tx *db.Tx, org api.OrgID) (int64, error) {
	return deleteAll(tx, ofOrg, int64(org))
}

func deleteAll(tx *db.Tx, where string, id int64) (int64, error) {
	n, err := tx.Exec(deletion+where, db.At(tx.Now()), id)
	if err != nil {
		return 0, fmt.Errorf("delete keys: %w", err)
	}
	return n, nil
}

// OwnerRenamed keeps the lists sorted by owner right. It belongs to every change of
// a user's sort name.
func (k *Keys) OwnerRenamed(tx *db.Tx, owner api.UserID) error {
	_, err := tx.Exec(renaming+ofOwner, owner, owner)
	if err != nil {
		return fmt.Errorf("sort keys by their owner: %w", err)
	}
	return nil
}

const renaming = `
		UPDATE api_keys
		   SET owner_sort = (SELECT sort_name FROM users WHERE id = ?)`
