package devices

import (
	"fmt"

	"keystead/server/db"
	"keystead/server/seal"
)

// Redigest moves a token that was presented to another pepper: see package rekey. A
// device's token is stored as a digest only, so it moves by its use and not before.
func (d *Devices) Redigest(tx *db.Tx, m seal.Move) error {
	_, err := tx.Exec("UPDATE devices SET digest = ?, pepper_id = ? WHERE digest = ? AND pepper_id = ?",
		m.To.Sum, m.To.Pepper, m.From.Sum, m.From.Pepper)
	if err != nil {
		return fmt.Errorf("move a device to another pepper: %w", err)
	}
	return nil
}

// Left counts the devices whose tokens lie under older peppers.
func (d *Devices) Left(r db.Reader) (left seal.Left, err error) {
	err = r.Select(&left.Digests, `
		SELECT pepper_id AS pepper, count(*) AS digests
		  FROM devices
		 WHERE digest IS NOT NULL
		   AND pepper_id <> ?
		 GROUP BY pepper_id`, d.seal.Pepper())
	if err != nil {
		return left, fmt.Errorf("count devices under older peppers: %w", err)
	}
	return left, nil
}
