package seal

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"keystead/server/db"
)

// purpose is what a row of the keyset table is for.
type purpose string

const (
	forValues  purpose = "values"
	forPepper  purpose = "pepper"
	forSession purpose = "session"
	forAudit   purpose = "audit"
)

// Sealer makes, digests, seals and opens. It is safe for concurrent use, also while
// its keys are replaced.
type Sealer struct {
	keys  atomic.Pointer[keys]
	moves moves
}

// Format prints "[secret]", whatever the verb.
func (*Sealer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// keys are the keyset, opened. One that is in use is never changed, but replaced.
type keys struct {
	master  tink.AEAD // what seals the rows
	values  tink.AEAD
	dropped tink.AEAD // opens what was read before its data key was dropped; nil: none was
	data    []uint32  // the ids of the data keys, the newest first
	peppers []pepper  // the newest first
	session []byte
	audit   []byte
	bridge  *Bridge
}

// Open loads the keyset, or makes it in an empty database. A master key that did
// not seal it is refused, but for the one before while the [Bridge] stands.
func Open(ctx context.Context, d *db.DB, master Master) (*Sealer, error) {
	kek, err := master.aead()
	if err != nil {
		return nil, err
	}
	r := d.Read(ctx)
	made, err := HasKeyset(ctx, d)
	if err != nil {
		return nil, err
	}
	if !made {
		if err := d.Write(ctx, func(tx *db.Tx) error { return makeKeyset(tx, kek) }); err != nil {
			return nil, fmt.Errorf("make the keyset: %w", err)
		}
	}
	bridge, err := readBridge(r, master, kek)
	if err != nil {
		return nil, err
	}
	if bridge != nil {
		if kek, err = bridge.Next.aead(); err != nil {
			return nil, err
		}
	}
	opened, err := unseal(r, kek)
	if err != nil {
		return nil, err
	}
	opened.bridge = bridge
	s := &Sealer{}
	s.keys.Store(opened)
	return s, nil
}

// Misfits reports a database that master does not open, in any schema, without a change
// to it. What can't be read is for [Open] to say.
func Misfits(r db.Reader, master Master) bool {
	kek, err := master.aead()
	if err != nil {
		return false
	}
	rows, err := readKeyset(r)
	if err != nil || len(rows) == 0 {
		return false
	}
	for _, row := range rows {
		if _, err := kek.Decrypt(row.Sealed, row.Purpose.context()); err == nil {
			return false
		}
	}
	bridge, err := readBridge(r, master, kek) // older schemas have no such table
	return err != nil || bridge == nil || !bridge.Over
}

// HasKeyset reports whether the database was sealed before: a missing master key is
// then a loss, not a first start.
func HasKeyset(ctx context.Context, d *db.DB) (bool, error) {
	rows, err := readKeyset(d.Read(ctx))
	return len(rows) > 0, err
}

type keysetRow struct {
	ID      int64   `db:"id"`
	Purpose purpose `db:"purpose"`
	Sealed  []byte  `db:"sealed"`
}

func readKeyset(r db.Reader) (rows []keysetRow, err error) {
	err = r.Select(&rows, "SELECT id, purpose, sealed FROM keyset ORDER BY id DESC")
	if err != nil {
		return nil, fmt.Errorf("read the keyset: %w", err)
	}
	return rows, nil
}

// context binds a sealed key to its purpose.
func (p purpose) context() []byte { return []byte("keystead keyset " + string(p)) }

func makeKeyset(tx *db.Tx, kek tink.AEAD) error {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	if err != nil {
		return err
	}
	values, err := writeDataKeys(handle, kek)
	if err != nil {
		return err
	}
	if err := insertKeyset(tx, forValues, values); err != nil {
		return err
	}
	for _, p := range []purpose{forPepper, forSession, forAudit} {
		if err := insertFresh(tx, kek, p); err != nil {
			return err
		}
	}
	return nil
}

// insertFresh adds a random key of 32 bytes.
func insertFresh(tx *db.Tx, kek tink.AEAD, p purpose) error {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails, crypto/rand
	sealed, err := kek.Encrypt(key, p.context())
	if err != nil {
		return fmt.Errorf("seal a key: %w", err)
	}
	return insertKeyset(tx, p, sealed)
}

func insertKeyset(tx *db.Tx, p purpose, sealed []byte) error {
	_, err := tx.Exec("INSERT INTO keyset (purpose, sealed, created_at) VALUES (?, ?, ?)", p, sealed, db.At(tx.Now()))
	if err != nil {
		return fmt.Errorf("store a key: %w", err)
	}
	return nil
}

// unseal opens the rows as r sees them.
func unseal(r db.Reader, kek tink.AEAD) (*keys, error) {
	rows, err := readKeyset(r)
	if err != nil {
		return nil, err
	}
	k := &keys{master: kek}
	for _, row := range rows {
		if row.Purpose == forValues {
			handle, err := readDataKeys(row.Sealed, kek)
			if err != nil {
				return nil, err
			}
			if k.values, err = aead.New(handle); err != nil {
				return nil, fmt.Errorf("take the keyset: %w", err)
			}
			k.data = dataKeys(handle)
			continue
		}
		key, err := kek.Decrypt(row.Sealed, row.Purpose.context())
		if err != nil {
			return nil, ErrWrongMaster
		}
		switch row.Purpose {
		case forPepper:
			k.peppers = append(k.peppers, newPepper(row.ID, key))
		case forSession:
			k.session = key
		case forAudit:
			k.audit = key
		}
	}
	if k.values == nil || len(k.peppers) == 0 || k.session == nil || k.audit == nil {
		return nil, errors.New("the keyset in the database is not whole")
	}
	return k, nil
}

// readDataKeys opens the Tink keyset whose keys encrypt values.
func readDataKeys(sealed []byte, kek tink.AEAD) (*keyset.Handle, error) {
	handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(sealed)), kek, forValues.context())
	if err != nil {
		return nil, ErrWrongMaster
	}
	return handle, nil
}

func writeDataKeys(handle *keyset.Handle, kek tink.AEAD) ([]byte, error) {
	var sealed bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&sealed), kek, forValues.context()); err != nil {
		return nil, fmt.Errorf("seal the data keys: %w", err)
	}
	return sealed.Bytes(), nil
}

// dataKeys are the ids in a Tink keyset, that of the primary first.
func dataKeys(handle *keyset.Handle) []uint32 {
	info := handle.KeysetInfo()
	ids := []uint32{info.GetPrimaryKeyId()}
	for _, key := range info.GetKeyInfo() {
		if key.GetKeyId() != ids[0] {
			ids = append(ids, key.GetKeyId())
		}
	}
	return ids
}

// ErrWrongMaster says that the database was sealed by another key.
var ErrWrongMaster = errors.New("the master key does not open this database: it belongs to another one, or was replaced")
