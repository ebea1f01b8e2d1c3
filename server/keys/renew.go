package keys

import (
	"fmt"

	"keystead/server/db"
	"keystead/server/seal"
)

// These are the parts of replacing the keys under everything that happen to API keys:
// see package rekey.

// Stale lists keys whose value lies under an older data key or pepper and can be
// renewed from its ciphertext: the first of those with an id above after.
func (k *Keys) Stale(r db.Reader, after int64, limit int) ([]int64, error) {
	return k.seal.Stale(r, "api_keys", after, limit)
}

// Renew seals and digests the value of a key anew. One that was erased meanwhile is
// left as it is.
func (k *Keys) Renew(tx *db.Tx, id int64) error {
	var key struct {
		PublicID   string `db:"public_id"`
		Org        string `db:"org"`
		Pepper     int64  `db:"pepper_id"`
		Ciphertext []byte `db:"ciphertext"`
	}
	err := tx.Get(&key, `
		SELECT k.public_id, COALESCE(o.uuid, ?) AS org, k.pepper_id, k.ciphertext
		  FROM api_keys k
		  LEFT JOIN organizations o ON o.id = k.org_id
		 WHERE k.id = ?
		   AND k.ciphertext IS NOT NULL`, seal.Global, id)
	if db.IsNone(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read a key: %w", err)
	}
	anew, err := k.seal.Renew(key.Ciphertext, place(key.PublicID, key.Org))
	if err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE api_keys SET ciphertext = ? WHERE id = ?", anew.Sealed, id); err != nil {
		return fmt.Errorf("renew a key: %w", err)
	}
	if key.Pepper == anew.Digest.Pepper {
		return nil // nothing to do for the index of digests
	}
	_, err = tx.Exec("UPDATE api_keys SET digest = ?, pepper_id = ? WHERE id = ?", anew.Digest.Sum, anew.Digest.Pepper, id)
	if err != nil {
		return fmt.Errorf("renew a key: %w", err)
	}
	return nil
}

// Redigest moves a value that was presented, the current one or the previous, to
// another pepper.
func (k *Keys) Redigest(tx *db.Tx, m seal.Move) error {
	for _, statement := range []string{
		"UPDATE api_keys SET digest = ?, pepper_id = ? WHERE digest = ? AND pepper_id = ?",
		"UPDATE api_keys SET previous_digest = ?, previous_pepper = ? WHERE previous_digest = ? AND previous_pepper = ?",
	} {
		if _, err := tx.Exec(statement, m.To.Sum, m.To.Pepper, m.From.Sum, m.From.Pepper); err != nil {
			return fmt.Errorf("move a key to another pepper: %w", err)
		}
	}
	return nil
}

// Left counts what still lies under older data keys and peppers. Previous values whose
// overlap is over need none.
func (k *Keys) Left(r db.Reader) (left seal.Left, err error) {
	left.Values, err = k.seal.StaleValues(r, "api_keys")
	if err == nil {
		err = r.Select(&left.Digests, `
			SELECT pepper, count(*) AS digests
			  FROM (SELECT pepper_id AS pepper
			          FROM api_keys
			         WHERE digest IS NOT NULL
			           AND pepper_id <> ?1
			         UNION ALL
			        SELECT previous_pepper
			          FROM api_keys
			         WHERE previous_digest IS NOT NULL
			           AND previous_until > ?2
			           AND previous_pepper <> ?1)
			 GROUP BY pepper`, k.seal.Pepper(), db.At(k.db.Now()))
	}
	if err != nil {
		return left, fmt.Errorf("count keys to renew: %w", err)
	}
	return left, nil
}
