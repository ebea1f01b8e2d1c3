package sessions

import (
	"fmt"

	"keystead/server/db"
	"keystead/server/seal"
)

// Left counts the links whose tokens lie under older peppers: see package rekey. They
// move to no other; each is used once, or too old within a day.
func (s *Sessions) Left(r db.Reader) (left seal.Left, err error) {
	err = r.Select(&left.Digests, `
		SELECT pepper_id AS pepper, count(*) AS digests
		  FROM one_time_tokens
		 WHERE pepper_id <> ?
		   AND expires_at > ?
		 GROUP BY pepper_id`, s.Seal.Pepper(), db.At(s.DB.Now()))
	if err != nil {
		return left, fmt.Errorf("count links under older peppers: %w", err)
	}
	return left, nil
}
