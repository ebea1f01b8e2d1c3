package secrets

import (
	"fmt"

	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/api"
)

// Prove opens every value of a kind that is kept in a database, which need not be the
// running one, and answers how many.
func Prove(r db.Reader, s *seal.Sealer, kind api.SecretKind) (int, error) {
	const page = 1000
	opened, last := 0, int64(0)
	for {
		var rows []struct {
			version
			Org        string `db:"org"`
			Digest     []byte `db:"digest"`
			Pepper     int64  `db:"pepper_id"`
			Ciphertext []byte `db:"ciphertext"`
		}
		err := r.Select(&rows, `
			SELECT v.id, v.uuid, o.uuid AS org, v.digest, v.pepper_id, v.ciphertext
			  FROM secrets v
			  JOIN organizations o ON o.id = v.org_id
			 WHERE v.id > ?
			   AND v.kind = ?
			   AND v.ciphertext IS NOT NULL
			 ORDER BY v.id
			 LIMIT ?`, last, kind, page)
		if err != nil {
			return opened, fmt.Errorf("read secrets: %w", err)
		}
		for _, row := range rows {
			if err := s.Prove(row.Ciphertext, seal.Digest{Pepper: row.Pepper, Sum: row.Digest}, row.sealedAt(row.Org)); err != nil {
				return opened, fmt.Errorf("secret %d: %w", row.ID, err)
			}
			opened, last = opened+1, row.ID
		}
		if len(rows) < page {
			return opened, nil
		}
	}
}
