package secrets

import (
	"fmt"

	"keystead/server/db"
	"keystead/server/seal"
)

// These are the parts of replacing the keys under everything that happen to secrets:
// see package rekey.

// Stale lists versions that lie under an older data key or pepper and can be renewed
// from their ciphertext: the first of those with an id above after.
func (s *Secrets) Stale(r db.Reader, after int64, limit int) ([]int64, error) {
	return s.seal.Stale(r, "secrets", after, limit)
}

// Renew seals and digests a version anew. One that was erased meanwhile is left as it
// is.
func (s *Secrets) Renew(tx *db.Tx, id int64) error {
	var found struct {
		version
		Org        string `db:"org"`
		Ciphertext []byte `db:"ciphertext"`
	}
	err := tx.Get(&found, `
		SELECT s.uuid, o.uuid AS org, s.ciphertext
		  FROM secrets s
		  JOIN organizations o ON o.id = s.org_id
		 WHERE s.id = ?
		   AND s.ciphertext IS NOT NULL`, id)
	if db.IsNone(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read a secret: %w", err)
	}
	anew, err := s.seal.Renew(found.Ciphertext, found.sealedAt(found.Org))
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE secrets SET ciphertext = ?, digest = ?, pepper_id = ? WHERE id = ?",
		anew.Sealed, anew.Digest.Sum, anew.Digest.Pepper, id)
	if err != nil {
		return fmt.Errorf("renew a secret: %w", err)
	}
	return nil
}

// Redigest moves a value that was presented to another pepper.
func (s *Secrets) Redigest(tx *db.Tx, m seal.Move) error {
	_, err := tx.Exec("UPDATE secrets SET digest = ?, pepper_id = ? WHERE digest = ? AND pepper_id = ?",
		m.To.Sum, m.To.Pepper, m.From.Sum, m.From.Pepper)
	if err != nil {
		return fmt.Errorf("move a secret to another pepper: %w", err)
	}
	return nil
}

// Left counts what still lies under older data keys and peppers. Versions that ended
// are found by nobody and need no pepper.
func (s *Secrets) Left(r db.Reader) (left seal.Left, err error) {
	left.Values, err = s.seal.StaleValues(r, "secrets")
	if err == nil {
		err = r.Select(&left.Digests, `
			SELECT pepper_id AS pepper, count(*) AS digests
			  FROM secrets
			 WHERE digest IS NOT NULL
			   AND (valid_until IS NULL OR valid_until > ?)
			   AND pepper_id <> ?
			 GROUP BY pepper_id`, db.At(s.db.Now()), s.seal.Pepper())
	}
	if err != nil {
		return left, fmt.Errorf("count secrets to renew: %w", err)
	}
	return left, nil
}
