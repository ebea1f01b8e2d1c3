package secrets

import (
	"fmt"

	"keystead/server/db"
	"keystead/shared/api"
)

// DeleteOfOrg ends all secrets of an organization that is deleted, and erases what
// they could be found or opened by. It is part of that act, whose audit row speaks
// for it, and counts those that were still good.
func (s *Secrets) DeleteOfOrg(tx *db.Tx, org api.OrgID) (int64, error) {
	n, err := tx.Exec(`
		UPDATE secrets
		   SET valid_until = min(COALESCE(valid_until, ?1), ?1),
		       digest = NULL, pepper_id = NULL, ciphertext = NULL
		 WHERE org_id = ?2
		   AND digest IS NOT NULL`, db.At(tx.Now()), org)
	if err != nil {
		return 0, fmt.Errorf("end the secrets of an organization: %w", err)
	}
	return n, nil
}
