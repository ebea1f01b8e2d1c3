package secrets

import (
	"context"
	"fmt"

	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Signing is the good values of an organization's shared secret by their version: the
// current one, and the older while they overlap. They are for checking what was signed
// with them and shown to nobody. Fault: not_found, also where there is no secret.
func (s *Secrets) Signing(ctx context.Context, shortName string) (api.OrgID, map[int]api.Secret, error) {
	var rows []struct {
		Org     api.OrgID `db:"org_id"`
		OrgUUID string    `db:"org_uuid"`
		UUID    string    `db:"uuid"`
		Version int       `db:"version"`
		Sealed  []byte    `db:"ciphertext"`
	}
	err := s.db.Read(ctx).Select(&rows, `
		SELECT s.org_id, o.uuid AS org_uuid, s.uuid, s.version, s.ciphertext
		  FROM organizations o
		  JOIN secrets s ON s.org_id = o.id
		 WHERE o.short_name = ?
		   AND o.deleted_at IS NULL
		   AND s.kind = ?
		   AND s.ciphertext IS NOT NULL
		   AND (s.valid_until IS NULL OR s.valid_until > ?)`, shortName, api.SharedSecret, db.At(s.db.Now()))
	if err != nil {
		return 0, nil, fmt.Errorf("find a shared secret: %w", err)
	}
	if len(rows) == 0 {
		return 0, nil, fault.Missing()
	}
	values := map[int]api.Secret{}
	for _, row := range rows {
		at := version{UUID: row.UUID}.sealedAt(row.OrgUUID)
		if values[row.Version], err = s.seal.Open(row.Sealed, at); err != nil {
			return 0, nil, err
		}
	}
	return rows[0].Org, values, nil
}
