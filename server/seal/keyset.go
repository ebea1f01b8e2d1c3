package seal

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
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

// Sealer makes, digests, seals and opens. It is safe for concurrent use.
type Sealer struct {
	values  tink.AEAD
	peppers []pepper // the newest first
	session []byte
	audit   []byte
}

// Open loads the keyset, or makes it in an empty database. A master key that did
// not seal it is refused.
func Open(ctx context.Context, d *db.DB, master Master) (*Sealer, error) {
	kek, err := subtle.NewXChaCha20Poly1305(master.key)
	if err != nil {
		return nil, fmt.Errorf("take the master key: %w", err)
	}
	rows, err := readKeyset(d.Read(ctx))
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		err := d.Write(ctx, func(tx *db.Tx) error { return makeKeyset(tx, kek) })
		if err != nil {
			return nil, fmt.Errorf("make the keyset: %w", err)
		}
		if rows, err = readKeyset(d.Read(ctx)); err != nil {
			return nil, err
		}
	}
	return unseal(rows, kek)
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
	var values bytes.Buffer
	if err := handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&values), kek, forValues.context()); err != nil {
		return err
	}
	if err := insertKeyset(tx, forValues, values.Bytes()); err != nil {
		return err
	}
	for _, p := range []purpose{forPepper, forSession, forAudit} {
		key := make([]byte, 32)
		_, _ = rand.Read(key)
		sealed, err := kek.Encrypt(key, p.context())
		if err != nil {
			return err
		}
		if err := insertKeyset(tx, p, sealed); err != nil {
			return err
		}
	}
	return nil
}

func insertKeyset(tx *db.Tx, p purpose, sealed []byte) error {
	_, err := tx.Exec("INSERT INTO keyset (purpose, sealed, created_at) VALUES (?, ?, ?)", p, sealed, db.At(tx.Now()))
	return err
}

func unseal(rows []keysetRow, kek tink.AEAD) (*Sealer, error) {
	s := &Sealer{}
	for _, row := range rows {
		if row.Purpose == forValues {
			handle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(bytes.NewReader(row.Sealed)), kek, forValues.context())
			if err != nil {
				return nil, errWrongMaster
			}
			if s.values, err = aead.New(handle); err != nil {
				return nil, fmt.Errorf("take the keyset: %w", err)
			}
			continue
		}
		key, err := kek.Decrypt(row.Sealed, row.Purpose.context())
		if err != nil {
			return nil, errWrongMaster
		}
		switch row.Purpose {
		case forPepper:
			s.peppers = append(s.peppers, pepper{id: row.ID, key: key})
		case forSession:
			s.session = key
		case forAudit:
			s.audit = key
		}
	}
	if s.values == nil || len(s.peppers) == 0 || s.session == nil || s.audit == nil {
		return nil, fmt.Errorf("the keyset in the database is not whole")
	}
	return s, nil
}

var errWrongMaster = fmt.Errorf("the master key does not open this database: it belongs to another one, or was replaced")
