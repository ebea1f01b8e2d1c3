package keys

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
)

// Retire disables the key that the caller came with, in the name of that key. It asks
// for no permission: who holds a value, the finder of a leaked one too, may end it. A
// key that is disabled or deleted already is left as it is.
func (k *Keys) Retire(ctx context.Context, who caller.Caller) error {
	err := k.db.Write(ctx, func(tx *db.Tx) error {
		var key row
		err := tx.Get(&key, `
			SELECT `+columns+`
			  FROM api_keys k
			  JOIN users u ON u.id = k.owner_id
			 WHERE k.id = ?
			   AND k.enabled
			   AND k.deleted_at IS NULL`, who.Key.ID)
		if db.IsNone(err) {
			return nil
		}
		if err != nil {
			return err
		}
		key.Enabled, key.UpdatedAt = false, db.At(tx.Now())
		key.endOverlap()
		if err := update(tx, key); err != nil {
			return err
		}
		return k.note(tx, who, audit.KeyDisable, key, nil)
	})
	if err != nil {
		return fmt.Errorf("retire a key: %w", err)
	}
	return nil
}
