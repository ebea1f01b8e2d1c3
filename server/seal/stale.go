package seal

import (
	"fmt"

	"keystead/server/db"
)

// prefixLen is how many bytes at the start of a ciphertext name its data key: Tink's
// version 1 and the key's id.
const prefixLen = 5

// Stale lists rows whose value lies under an older data key or pepper and can be renewed
// from its ciphertext: the first of those with an id above after. The table has columns
// id, ciphertext and pepper_id.
func (s *Sealer) Stale(r db.Reader, table string, after int64, limit int) (ids []int64, err error) {
	err = r.Select(&ids, `
		SELECT id
		  FROM `+table+`
		 WHERE id > ?
		   AND ciphertext IS NOT NULL
		   AND (pepper_id <> ? OR substr(ciphertext, 1, ?) <> ?)
		 ORDER BY id
		 LIMIT ?`, after, s.Pepper(), prefixLen, s.Prefix(), limit)
	if err != nil {
		return nil, fmt.Errorf("look for %s to renew: %w", table, err)
	}
	return ids, nil
}

// StaleValues counts the rows of such a table whose value lies under an older data key.
func (s *Sealer) StaleValues(r db.Reader, table string) (n int64, err error) {
	err = r.Get(&n, `
		SELECT count(*)
		  FROM `+table+`
		 WHERE ciphertext IS NOT NULL
		   AND substr(ciphertext, 1, ?) <> ?`, prefixLen, s.Prefix())
	if err != nil {
		return 0, fmt.Errorf("count %s to renew: %w", table, err)
	}
	return n, nil
}
