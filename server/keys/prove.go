package keys

import (
	"fmt"

	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/api"
)

// Prove opens every value that is kept in a database, which need not be the running
// one, and answers how many. Values that were erased are none.
func Prove(r db.Reader, s *seal.Sealer) (int, error) {
	const page = 1000
	opened, last := 0, api.KeyID(0)
	for {
		var rows []struct {
			ID         api.KeyID `db:"id"`
			PublicID   string    `db:"public_id"`
			Org        string    `db:"org"`
			Digest     []byte    `db:"digest"`
			Pepper     int64     `db:"pepper_id"`
			Ciphertext []byte    `db:"ciphertext"`
		}
		err := r.Select(&rows, `
			SELECT k.id, k.public_id, COALESCE(o.uuid, ?) AS org, k.digest, k.pepper_id, k.ciphertext
			  FROM api_keys k
			  LEFT JOIN organizations o ON o.id = k.org_id
			 WHERE k.id > ?
			   AND k.ciphertext IS NOT NULL
			 ORDER BY k.id
			 LIMIT ?`, seal.Global, last, page)
		if err != nil {
			return opened, fmt.Errorf("read keys: %w", err)
		}
		for _, row := range rows {
			if err := s.Prove(row.Ciphertext, seal.Digest{Pepper: row.Pepper, Sum: row.Digest}, place(row.PublicID, row.Org)); err != nil {
				return opened, fmt.Errorf("key %d: %w", row.ID, err)
			}
			opened, last = opened+1, row.ID
		}
		if len(rows) < page {
			return opened, nil
		}
	}
}
