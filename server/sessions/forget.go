package sessions

import (
	"fmt"

	"keystead/server/db"
)

// Forget ends every session and every link. It belongs to a restore: those that ended
// since the backup was made would come back to life, and used links be good again.
func Forget(tx *db.Tx) error {
	for _, all := range []string{"DELETE FROM sessions", "DELETE FROM one_time_tokens"} {
		if _, err := tx.Exec(all); err != nil {
			return fmt.Errorf("end sessions and links: %w", err)
		}
	}
	return nil
}
