package keys

import (
	"fmt"

	"keystead/server/db"
	"keystead/shared/api"
)

// These are the parts of other acts that happen to keys, in those acts'
// transactions. The acts' own audit rows speak for them.

// EraseValues erases what somebody's keys could be shown from; the keys keep
// working. It belongs to every change of that person's password or e-mail by
// another, who could else sign in and look. It answers how many were erased.
func (k *Keys) EraseValues(tx *db.Tx, owner api.UserID) (int64, error) {
	return erase(tx, `
		 WHERE owner_id = ?
		   AND deleted_at IS NULL
		   AND ciphertext IS NOT NULL`, owner)
}

// EraseOrgValues erases what the keys of an organization could be shown from, and
// the global keys of its members. It belongs to setting the policy reveal: never.
func (k *Keys) EraseOrgValues(tx *db.Tx, org api.OrgID) (int64, error) {
	return erase(tx, `
		 WHERE deleted_at IS NULL
		   AND ciphertext IS NOT NULL
		   AND (org_id = ?1
		        OR org_id IS NULL
		           AND (owner_id IN (SELECT user_id FROM memberships WHERE org_id = ?1)
		                OR owner_id IN (SELECT id FROM users WHERE account_role_id IS NOT NULL)))`, org)
}

// EraseForbidden erases what somebody's global keys could be shown from, if one of
// their organizations forbids it. It belongs to joining an organization and to
// getting an account role.
func (k *Keys) EraseForbidden(tx *db.Tx, owner api.UserID) (int64, error) {
	rule, err := globalRule(tx, owner)
	if err != nil || rule.Reveal == api.RevealOwner {
		return 0, err
	}
	return erase(tx, `
		 WHERE owner_id = ?
		   AND org_id IS NULL
		   AND deleted_at IS NULL
		   AND ciphertext IS NOT NULL`, owner)
}

func erase(tx *db.Tx, where string, args ...any) (int64, error) {
	n, err := tx.Exec("UPDATE api_keys SET ciphertext = NULL"+where, args...)
	if err != nil {
		return 0, fmt.Errorf("erase values: %w", err)
	}
	return n, nil
}

// DeleteOfUser ends all keys of somebody who is deleted.
func (k *Keys) DeleteOfUser(tx *db.Tx, owner api.UserID) (int64, error) {
	return deleteAll(tx, "owner_id", int64(owner))
}

// DeleteOfOrg ends all keys of an organization that is deleted.
func (k *Keys) DeleteOfOrg(tx *db.Tx, org api.OrgID) (int64, error) {
	return deleteAll(tx, "org_id", int64(org))
}

func deleteAll(tx *db.Tx, column string, id int64) (int64, error) {
	n, err := tx.Exec(deletion+`
		 WHERE `+column+` = ?
		   AND deleted_at IS NULL`, db.At(tx.Now()), id)
	if err != nil {
		return 0, fmt.Errorf("delete keys: %w", err)
	}
	return n, nil
}

// OwnerRenamed keeps the lists sorted by owner right. It belongs to every change of
// a user's sort name.
func (k *Keys) OwnerRenamed(tx *db.Tx, owner api.UserID) error {
	_, err := tx.Exec(`
		UPDATE api_keys
		   SET owner_sort = (SELECT sort_name FROM users WHERE id = ?1)
		 WHERE owner_id = ?1
		   AND deleted_at IS NULL`, owner)
	if err != nil {
		return fmt.Errorf("sort keys by their owner: %w", err)
	}
	return nil
}
