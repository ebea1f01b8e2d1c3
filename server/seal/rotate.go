package seal

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"keystead/server/db"
)

// These replace keys, each in the transaction that it is given. The new ones are used
// from its commit on: what is sealed or digested in a later transaction is so under
// them, what was in an earlier one stands in the rows that [Sealer.Renew] is for.

// ErrBridged says that a master key was replaced and the one before not yet let go.
var ErrBridged = errors.New("the last rotation of the master key has not ended")

// ErrBusy says that keys were replaced in the same moment: ask again.
var ErrBusy = errors.New("keys are being replaced right now")

// Rotate seals every key by next, adds a data key, and builds the [Bridge] over which
// the master key before still leads to all of it.
func (s *Sealer) Rotate(tx *db.Tx, next Master, ours bool) error {
	now := s.keys.Load()
	if now.bridge != nil {
		return ErrBridged
	}
	if err := stands(tx, now.master); err != nil {
		return err
	}
	kek, err := next.aead()
	if err != nil {
		return err
	}
	rows, err := readKeyset(tx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		sealed, err := resealed(row, now.master, kek)
		if err != nil {
			return err
		}
		if err := updateKeyset(tx, row.ID, sealed); err != nil {
			return err
		}
	}
	if err := insertBridge(tx, now.master, next, ours); err != nil {
		return err
	}
	return s.reload(tx, kek, &Bridge{Next: next, Ours: ours, At: db.At(tx.Now()).Time})
}

// resealed is a row's key under another master key. That of the values gets a fresh
// primary besides: whoever has the old master key and an old copy has the others.
func resealed(row keysetRow, from, to tink.AEAD) ([]byte, error) {
	if row.Purpose == forValues {
		handle, err := readDataKeys(row.Sealed, from)
		if err != nil {
			return nil, err
		}
		if handle, err = withFreshKey(handle); err != nil {
			return nil, fmt.Errorf("add a data key: %w", err)
		}
		return writeDataKeys(handle, to)
	}
	key, err := from.Decrypt(row.Sealed, row.Purpose.context())
	if err != nil {
		return nil, ErrWrongMaster
	}
	sealed, err := to.Encrypt(key, row.Purpose.context())
	if err != nil {
		return nil, fmt.Errorf("seal a key: %w", err)
	}
	return sealed, nil
}

func withFreshKey(handle *keyset.Handle) (*keyset.Handle, error) {
	manager := keyset.NewManagerFromHandle(handle)
	id, err := manager.Add(aead.AES256GCMKeyTemplate())
	if err != nil {
		return nil, err
	}
	if err := manager.SetPrimary(id); err != nil {
		return nil, err
	}
	return manager.Handle()
}

// AddPepper makes the pepper under which values are digested from now on.
func (s *Sealer) AddPepper(tx *db.Tx) error {
	now := s.keys.Load()
	if err := stands(tx, now.master); err != nil {
		return err
	}
	if err := insertFresh(tx, now.master, forPepper); err != nil {
		return err
	}
	return s.reload(tx, now.master, now.bridge)
}

// DropPepper forgets an older pepper, under which no row is digested any more.
func (s *Sealer) DropPepper(tx *db.Tx, id int64) error {
	now := s.keys.Load()
	if err := stands(tx, now.master); err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM keyset WHERE id = ? AND purpose = ? AND id <> ?", id, forPepper, now.peppers[0].id); err != nil {
		return fmt.Errorf("drop a pepper: %w", err)
	}
	return s.reload(tx, now.master, now.bridge)
}

// DropDataKeys forgets all data keys but the one of that prefix, which must be the
// newest, when no row needs them. This process keeps them until it ends, for who read a
// ciphertext before it was renewed.
func (s *Sealer) DropDataKeys(tx *db.Tx, but []byte) error {
	now := s.keys.Load()
	if err := stands(tx, now.master); err != nil {
		return err
	}
	rows, err := readKeyset(tx)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.Purpose != forValues {
			continue
		}
		handle, err := readDataKeys(row.Sealed, now.master)
		if err != nil {
			return err
		}
		if !bytes.Equal(prefix(dataKeys(handle)[0]), but) {
			return ErrBusy // rows were counted under another one
		}
		manager := keyset.NewManagerFromHandle(handle)
		for _, id := range dataKeys(handle)[1:] {
			if err := manager.Delete(id); err != nil {
				return fmt.Errorf("drop a data key: %w", err)
			}
		}
		if handle, err = manager.Handle(); err != nil {
			return fmt.Errorf("drop a data key: %w", err)
		}
		sealed, err := writeDataKeys(handle, now.master)
		if err != nil {
			return err
		}
		if err := updateKeyset(tx, row.ID, sealed); err != nil {
			return err
		}
	}
	k, err := s.renewed(tx, now.master, now.bridge)
	if err != nil {
		return err
	}
	k.dropped = now.values
	return nil
}

func updateKeyset(tx *db.Tx, id int64, sealed []byte) error {
	if _, err := tx.Exec("UPDATE keyset SET sealed = ? WHERE id = ?", sealed, id); err != nil {
		return fmt.Errorf("store a key: %w", err)
	}
	return nil
}

// stands reports whether kek still seals the keyset as tx sees it. An act before in
// the same commit may have replaced it, and is not known yet: a key that kek sealed
// would open with nothing.
func stands(tx *db.Tx, kek tink.AEAD) error {
	var sealed []byte
	if err := tx.Get(&sealed, "SELECT sealed FROM keyset WHERE purpose = ?", forAudit); err != nil {
		return fmt.Errorf("read the keyset: %w", err)
	}
	if _, err := kek.Decrypt(sealed, forAudit.context()); err != nil {
		return ErrBusy
	}
	return nil
}

// reload takes the keys as tx leaves them, when it is on disk.
func (s *Sealer) reload(tx *db.Tx, kek tink.AEAD, bridge *Bridge) error {
	_, err := s.renewed(tx, kek, bridge)
	return err
}

func (s *Sealer) renewed(tx *db.Tx, kek tink.AEAD, bridge *Bridge) (*keys, error) {
	k, err := unseal(tx, kek)
	if err != nil {
		return nil, err
	}
	var stands bool // an act before in the same commit may have burnt it
	if err := tx.Get(&stands, "SELECT EXISTS (SELECT 1 FROM master_bridge)"); err != nil {
		return nil, fmt.Errorf("look for the bridge between master keys: %w", err)
	}
	if stands {
		k.bridge = bridge
	}
	k.dropped = s.keys.Load().dropped
	tx.OnCommit(func() { s.keys.Store(k) })
	return k, nil
}

// Old tells what is kept for rows that were not renewed yet: the ids of peppers, and
// how many data keys.
func (s *Sealer) Old() (peppers []int64, dataKeys int) {
	now := s.keys.Load()
	for _, p := range now.peppers[1:] {
		peppers = append(peppers, p.id)
	}
	return peppers, len(now.data) - 1
}

// Pepper is the id of the newest pepper.
func (s *Sealer) Pepper() int64 { return s.keys.Load().peppers[0].id }

// Prefix is how ciphertexts under the newest data key begin.
func (s *Sealer) Prefix() []byte { return prefix(s.keys.Load().data[0]) }

func prefix(dataKey uint32) []byte { return binary.BigEndian.AppendUint32([]byte{1}, dataKey) }

// Left is what rows of a table still need besides the newest keys.
type Left struct {
	Values  int64 // ciphertexts under older data keys
	Digests []LeftDigests
}

// LeftDigests is how many digests lie under an older pepper.
type LeftDigests struct {
	Pepper  int64 `db:"pepper"`
	Digests int64 `db:"digests"`
}

// Renewed is what is stored of a value, made anew.
type Renewed struct {
	Sealed []byte
	Digest Digest
}

// Renew opens what was sealed for a place, and seals and digests it under the newest
// keys. Use it in the transaction that stores the outcome.
func (s *Sealer) Renew(sealed []byte, at Place) (Renewed, error) {
	value, err := s.Open(sealed, at)
	if err != nil {
		return Renewed{}, err
	}
	again, err := s.Seal(value.Reveal(), at)
	return Renewed{again, s.Digest(value.Reveal())}, err
}
