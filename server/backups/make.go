package backups

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/disk"
)

// order is a backup that somebody wants.
type order struct {
	path       string // absolute, not there yet
	recipients []age.Recipient
	origin     origin
	who        caller.Caller
}

// Made is a backup that lies under its name, proven.
type Made struct {
	*Proven
	Path  string
	Bytes int64
}

// Make makes a backup at path, a name that is not taken, and proves it before it gets
// that name. Without recipients it is for those of the schedule. One is made at a time.
// An error is one sentence for people; then there is no file.
func (b *Backups) Make(ctx context.Context, who caller.Caller, path string, recipients []age.Recipient) (Made, error) {
	if len(recipients) == 0 {
		recipients = b.Recipients
	}
	if len(recipients) == 0 && strings.EqualFold(filepath.Ext(path), ".age") {
		return Made{}, errors.New("a name that ends in .age promises an encrypted backup, and nobody is named for whom: give --backup-recipient age1…, or a name without .age")
	}
	return b.make(ctx, order{path: path, recipients: recipients, origin: byCommandLine, who: who})
}

func (b *Backups) make(ctx context.Context, o order) (Made, error) {
	select {
	case b.one <- struct{}{}:
		defer func() { <-b.one }()
	case <-ctx.Done():
		return Made{}, ctx.Err()
	}
	if err := free(o.path); err != nil {
		return Made{}, err
	}
	work, err := os.MkdirTemp(b.Data, workPrefix)
	if err != nil {
		return Made{}, fmt.Errorf("make a folder for the copy: %w", err)
	}
	defer func() { _ = os.RemoveAll(work) }()
	temp := filepath.Join(filepath.Dir(o.path), "."+filepath.Base(o.path)+tempSuffix)
	defer func() { _ = os.Remove(temp) }()
	reader, err := b.writeTo(ctx, o, work, temp)
	if err != nil {
		return Made{}, err
	}
	made := Made{Path: o.path}
	if made.Proven, made.Bytes, err = b.reread(ctx, temp, reader, work); err != nil {
		return Made{}, fmt.Errorf("the backup was written and does not hold: %w", err)
	}
	if err := b.note(ctx, o, made); err != nil {
		return Made{}, err
	}
	if err := disk.Rename(temp, o.path); err != nil {
		return Made{}, fmt.Errorf("name the backup: %w", err)
	}
	return made, nil
}

// free refuses a name that is taken: what lies there may be the only good backup.
func free(path string) error {
	_, err := os.Lstat(path)
	switch {
	case err == nil:
		return fmt.Errorf("there is something at %s already: give another name", path)
	case !errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("can't write %s: %w", path, err)
	}
	return nil
}

// writeTo copies the database, writes the backup and sees it on the disk. It answers
// the identity that reads it back, nil where it is not encrypted.
func (b *Backups) writeTo(ctx context.Context, o order, work, temp string) (reader age.Identity, err error) {
	copied, at := filepath.Join(work, "copy.db"), b.DB.Now() // nothing that is older is missing
	if err := b.DB.CopyTo(ctx, copied); err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(copied) }() // the proof unpacks another one
	header, err := b.describe(ctx, copied, at)
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("can't write the backup: %w", err)
	}
	defer func() { _ = f.Close() }()
	from, err := os.Open(copied)
	if err != nil {
		return nil, fmt.Errorf("read the copy: %w", err)
	}
	defer func() { _ = from.Close() }()
	to, reader, err := encrypted(f, o.recipients)
	if err != nil {
		return nil, err
	}
	if err := write(to, header, b.Seal.Vouch, &stopping{ctx, from}); err != nil {
		return nil, fmt.Errorf("can't write the backup: %w", err)
	}
	if err := errors.Join(to.Close(), f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("can't write the backup: %w", err)
	}
	return reader, nil
}

// encrypted is where a backup for recipients is written to, and the identity that
// reads it back: of the kind of the others, since age mixes no kinds.
func encrypted(f io.Writer, recipients []age.Recipient) (io.WriteCloser, age.Identity, error) {
	if len(recipients) == 0 {
		return keepOpen{f}, nil, nil
	}
	var reader age.Identity
	var own age.Recipient
	if _, hybrid := recipients[0].(*age.HybridRecipient); hybrid {
		id, err := age.GenerateHybridIdentity()
		if err != nil {
			return nil, nil, fmt.Errorf("encrypt the backup: %w", err)
		}
		reader, own = id, id.Recipient()
	} else {
		id, err := age.GenerateX25519Identity()
		if err != nil {
			return nil, nil, fmt.Errorf("encrypt the backup: %w", err)
		}
		reader, own = id, id.Recipient()
	}
	to, err := age.Encrypt(f, append([]age.Recipient{own}, recipients...)...)
	if err != nil {
		return nil, nil, fmt.Errorf("encrypt the backup: %w", err)
	}
	return to, reader, nil
}

// describe reads from the copy, not from the running database, what it holds.
func (b *Backups) describe(ctx context.Context, copied string, at time.Time) (h Header, err error) {
	still, err := db.Look(copied)
	if err != nil {
		return h, err
	}
	defer func() { _ = still.Close() }()
	h.Version, h.MadeAt = b.Version, at
	if h.Schema, err = still.Schema(ctx); err != nil {
		return h, fmt.Errorf("read the copy: %w", err)
	}
	r := still.Read(ctx)
	if err := r.Get(&h.Account, "SELECT uuid FROM account"); err != nil && !db.IsNone(err) {
		return h, fmt.Errorf("read the copy: %w", err)
	}
	head, err := audit.HeadOf(r)
	if err != nil {
		return h, err
	}
	h.AuditHead = head.String()
	f, err := os.Open(copied)
	if err != nil {
		return h, fmt.Errorf("read the copy: %w", err)
	}
	defer func() { _ = f.Close() }()
	sum := sha256.New()
	h.Size, err = io.Copy(sum, &stopping{ctx, f})
	h.SHA256 = hex.EncodeToString(sum.Sum(nil))
	return h, err
}

// reread proves what lies on the disk.
func (b *Backups) reread(ctx context.Context, temp string, reader age.Identity, work string) (*Proven, int64, error) {
	f, err := os.Open(temp)
	if err != nil {
		return nil, 0, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	var identities []age.Identity
	if reader != nil {
		identities = []age.Identity{reader}
	}
	proven, err := b.proof().Prove(ctx, &stopping{ctx, f}, identities, work)
	if err != nil {
		return nil, 0, err
	}
	return proven, info.Size(), proven.Close()
}

func (b *Backups) proof() Proof {
	return Proof{Parts: b.Parts, Master: b.Master, Now: time.Now}
}

// keepOpen is a file that is closed by who opened it.
type keepOpen struct{ io.Writer }

func (keepOpen) Close() error { return nil }

// stopping reads until its context ends.
type stopping struct {
	ctx  context.Context
	from io.Reader
}

func (s *stopping) Read(b []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.from.Read(b)
}
