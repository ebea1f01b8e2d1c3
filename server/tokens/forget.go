package tokens

import (
	"fmt"

	"keystead/server/db"
)

// Forget ends every token. It belongs to a restore: refresh tokens that were spent since
// the backup was made would be good again.
func Forget(tx *db.Tx) error {
	if _, err := tx.Exec("DELETE FROM token_families"); err != nil {
		return fmt.Errorf("end tokens: %w", err)
	}
	return nil
}
