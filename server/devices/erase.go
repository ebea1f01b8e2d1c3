package devices

import (
	"fmt"

	"keystead/server/db"
	"keystead/shared/api"
)

// DeleteOfOrg deletes all devices of an organization that is deleted, and counts
// them. It is part of that act, whose audit row speaks for it.
func (d *Devices) DeleteOfOrg(tx *db.Tx, org api.OrgID) (int64, error) {
	n, err := tx.Exec(deletion+`
		 WHERE org_id = ?
		   AND deleted_at IS NULL`, db.At(tx.Now()), org)
	if err != nil {
		return 0, fmt.Errorf("delete devices: %w", err)
	}
	return n, nil
}
