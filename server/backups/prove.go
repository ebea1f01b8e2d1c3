package backups

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"filippo.io/age"

	"keystead/server/audit"
	"keystead/server/db"
	"keystead/server/seal"
)

// Part is a kind of stored secrets. Open opens every one that a database keeps, and
// answers how many.
type Part struct {
	Name string // in the plural: API keys
	Open func(r db.Reader, s *seal.Sealer) (int, error)
}

// Count is how many of a kind were opened.
type Count struct {
	Name   string
	Opened int
}

// Proof is what it takes to prove a backup.
type Proof struct {
	Parts  []Part
	Master func() (seal.Master, error)
	Now    func() time.Time
}

// Proven is a backup that holds, unpacked into a folder of the caller's and open
// there. Its database has the newest schema; the file is as it was.
type Proven struct {
	Header
	Encrypted bool
	Name      string // of the account, "" before set-up
	Opened    []Count
	Rows      int64 // of the audit log
	Head      audit.Head

	Database string // where it lies
	DB       *db.DB
	Audit    *audit.Log
}

// Close lets go of the unpacked database.
func (p *Proven) Close() error { return p.DB.Close() }

// Prove unpacks a backup into an empty folder and proves all of it. An error is one
// sentence for people.
func (p Proof) Prove(ctx context.Context, in io.Reader, identities []age.Identity, dir string) (*Proven, error) {
	o, err := open(in, identities)
	if err != nil {
		return nil, err
	}
	if o.Schema > db.Newest() {
		return nil, newer(o.Schema)
	}
	got := &Proven{Header: o.Header, Encrypted: o.Encrypted, Database: filepath.Join(dir, "keystead.db")}
	if got.Head, err = audit.ParseHead(o.AuditHead); err != nil {
		return nil, errDamaged
	}
	if err := o.unpack(got.Database); err != nil {
		return nil, err
	}
	if err := p.sound(ctx, got); err != nil {
		return nil, err
	}
	if got.DB, err = db.Open(ctx, got.Database, p.Now); err != nil {
		return nil, err
	}
	if err := p.readable(ctx, got, o, filepath.Join(dir, "audit.head")); err != nil {
		_ = got.Close()
		return nil, err
	}
	return got, nil
}

func newer(schema int) error {
	return fmt.Errorf("the backup was made by a newer keystead (schema %d, this one knows %d): use that one", schema, db.Newest())
}

// sound proves the database as SQLite sees it, before anything is migrated.
func (p Proof) sound(ctx context.Context, got *Proven) error {
	still, err := db.Look(got.Database)
	if err != nil {
		return err
	}
	defer func() { _ = still.Close() }()
	if err := still.Check(ctx); err != nil {
		return fmt.Errorf("the database in the backup is not sound: %w", err)
	}
	switch schema, err := still.Schema(ctx); {
	case err != nil:
		return fmt.Errorf("read the backup: %w", err)
	case schema > db.Newest():
		return newer(schema)
	case schema != got.Schema:
		return errForged
	}
	return nil
}

// readable proves what takes the master key.
func (p Proof) readable(ctx context.Context, got *Proven, o *opened, headFile string) error {
	r := got.DB.Read(ctx)
	if sealed, err := seal.HasKeyset(ctx, got.DB); err != nil || !sealed {
		return errors.Join(err, errors.New("the backup holds no keys: it was made before the first start was done"))
	}
	master, err := p.Master()
	if err != nil {
		return err
	}
	sealer, err := seal.Open(ctx, got.DB, master)
	if err != nil {
		return fmt.Errorf("the backup does not open: %w", err)
	}
	if !o.vouched(sealer.Vouch) {
		return errForged
	}
	for _, part := range p.Parts {
		n, err := part.Open(r, sealer)
		if err != nil {
			return fmt.Errorf("the %s in the backup do not all open: %w", part.Name, err)
		}
		got.Opened = append(got.Opened, Count{part.Name, n})
	}
	if err := got.Head.Keep(headFile); err != nil {
		return err
	}
	got.Audit = audit.New(sealer.AuditKey(), headFile)
	if got.Rows, err = got.Audit.Verify(ctx, got.DB); err != nil {
		return fmt.Errorf("the audit log in the backup does not hold: %w", err)
	}
	got.Name, err = accountName(r)
	return err
}

func accountName(r db.Reader) (name string, err error) {
	if err := r.Get(&name, "SELECT name FROM account"); err != nil && !db.IsNone(err) {
		return "", fmt.Errorf("read the account: %w", err)
	}
	return name, nil
}
