package seal

import (
	"fmt"
	"time"

	"github.com/tink-crypto/tink-go/v2/tink"

	"keystead/server/db"
)

// Bridge is a master key that was replaced, while the one before it still opens the
// database too: the new key lies in the table master_bridge, sealed by the old one. So
// a process that ends at any moment finds its way with whichever key its file holds.
type Bridge struct {
	Next Master    // what everything is sealed by
	Ours bool      // Keystead itself puts it into the file of the master key
	At   time.Time // when the key was replaced
	Over bool      // this database was opened with the key before
}

type bridgeRow struct {
	Sealed    []byte   `db:"sealed"`
	Ours      bool     `db:"ours"`
	CreatedAt db.Stamp `db:"created_at"`
}

var bridgeContext = []byte("keystead master bridge")

// readBridge is nil where no bridge stands. A key that does not open it is taken for
// the new one: then it opens the keyset, or nothing.
func readBridge(r db.Reader, master Master, kek tink.AEAD) (*Bridge, error) {
	var row bridgeRow
	err := r.Get(&row, "SELECT sealed, ours, created_at FROM master_bridge")
	switch {
	case db.IsNone(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the bridge between master keys: %w", err)
	}
	b := &Bridge{Next: master, Ours: row.Ours, At: row.CreatedAt.Time}
	if key, err := kek.Decrypt(row.Sealed, bridgeContext); err == nil {
		b.Next, b.Over = Master{key}, true
	}
	return b, nil
}

func insertBridge(tx *db.Tx, kek tink.AEAD, next Master, ours bool) error {
	sealed, err := kek.Encrypt(next.key, bridgeContext)
	if err != nil {
		return fmt.Errorf("seal the new master key: %w", err)
	}
	_, err = tx.Exec("INSERT INTO master_bridge (id, sealed, ours, created_at) VALUES (1, ?, ?, ?)", sealed, ours, db.At(tx.Now()))
	if err != nil {
		return fmt.Errorf("keep the new master key: %w", err)
	}
	return nil
}

// Bridge is the bridge that stands, nil where there is none.
func (s *Sealer) Bridge() *Bridge { return s.keys.Load().bridge }

// SealedBy reports whether m is the master key in use.
func (s *Sealer) SealedBy(m Master) bool {
	kek, err := m.aead()
	if err != nil {
		return false
	}
	now := s.keys.Load()
	sealed, err := now.master.Encrypt(nil, bridgeContext)
	if err != nil {
		return false
	}
	_, err = kek.Decrypt(sealed, bridgeContext)
	return err == nil
}

// Burn takes the bridge away: from the commit on the old master key opens nothing.
func (s *Sealer) Burn(tx *db.Tx) error {
	if _, err := tx.Exec("DELETE FROM master_bridge"); err != nil {
		return fmt.Errorf("take the old master key out: %w", err)
	}
	return s.reload(tx, s.keys.Load().master, nil)
}
