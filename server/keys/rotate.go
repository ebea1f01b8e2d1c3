package keys

import (
	"context"
	"fmt"
	"time"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Rotate gives a key a new value; all else stays. The older value stays good for
// the overlap and can't be shown any more; one that was still overlapping ends.
// Faults: not_found; permission_required; elevation_required; key_too_weak;
// lifetime_too_long; invalid_value at overlap_seconds.
func (k *Keys) Rotate(ctx context.Context, who caller.Caller, id api.KeyID, req api.Rotate) (api.AddedKey, error) {
	var rotated api.AddedKey
	err := k.db.Write(ctx, func(tx *db.Tx) error {
		key, rule, err := mayOwn(tx, who, id, "rotates")
		if err != nil {
			return err
		}
		if req.OverlapSeconds < 0 || req.OverlapSeconds > int64(api.MaxOverlap/time.Second) {
			return fault.At("overlap_seconds", fault.InvalidValue, "An overlap lasts for 0 seconds to 30 days.")
		}
		fresh := mint()
		key.Digest = k.digest(fresh)
		key.replace(fresh, tx.Now(), time.Duration(req.OverlapSeconds)*time.Second)
		if key.Ciphertext, err = k.sealed(fresh, rule); err != nil {
			return err
		}
		if err := swap(tx, key); err != nil {
			return err
		}
		rotated = api.AddedKey{Key: key.key(tx.Now()), Value: fresh.value}
		return k.note(tx, who, audit.KeyRotate, key, audit.Facts{"overlap_seconds": req.OverlapSeconds})
	})
	if err != nil {
		return api.AddedKey{}, fmt.Errorf("rotate a key: %w", err)
	}
	return rotated, nil
}

// replace makes the current value the previous one, for as long as they overlap.
func (r *row) replace(f fresh, now time.Time, overlap time.Duration) {
	r.endOverlap()
	if overlap > 0 {
		until, hint := db.At(now.Add(overlap)), r.Hint
		r.PreviousHint, r.PreviousUntil = &hint, &until
	}
	r.minted(f)
	r.UpdatedAt = db.At(now)
}

// endOverlap ends the previous value for good: where its key is disabled or has expired, it
// does not come back with the key.
func (r *row) endOverlap() { r.PreviousHint, r.PreviousUntil = nil, nil }

// swap stores a new value. The digest of the older one moves to its own column
// while they overlap; its ciphertext is gone either way.
func swap(tx *db.Tx, r row) error {
	_, err := tx.Exec(`
		UPDATE api_keys
		   SET previous_digest = CASE WHEN ?1 IS NULL THEN NULL ELSE digest END,
		       previous_pepper = CASE WHEN ?1 IS NULL THEN NULL ELSE pepper_id END,
		       previous_until = ?1, previous_hint = ?2,
		       public_id = ?3, hint = ?4, search = ?5, digest = ?6, pepper_id = ?7, ciphertext = ?8, updated_at = ?9
		 WHERE id = ?10
		   AND COALESCE(org_id, 0) = COALESCE(?11, 0)
		   AND deleted_at IS NULL`,
		r.PreviousUntil, r.PreviousHint, r.PublicID, r.Hint, r.foundBy().all, r.Digest.Sum, r.Digest.Pepper, r.Ciphertext,
		r.UpdatedAt, r.ID, r.OrgID)
	if err != nil {
		return fmt.Errorf("store a new value: %w", err)
	}
	return nil
}
