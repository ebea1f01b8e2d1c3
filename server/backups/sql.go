package backups

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"keystead/server/audit"
	"keystead/server/db"
	"keystead/shared/api"
)

// origin is who wanted a backup.
type origin string

const (
	bySchedule    origin = "schedule"
	byConsole     origin = "console"
	byCommandLine origin = "command_line"
)

// row is a backup, or a try that failed.
type row struct {
	ID        int64    `db:"id"`
	At        db.Stamp `db:"at"`
	File      *string  `db:"file"`
	Size      *int64   `db:"size"`
	Encrypted *bool    `db:"encrypted"`
	Fault     *string  `db:"fault"`
}

// kept is how many rows stay: enough to look back, few enough that nobody counts.
const kept = 1000

// note writes that a backup was made and proven, before it gets its name.
func (b *Backups) note(ctx context.Context, o order, m Made) error {
	err := b.DB.Note(ctx, func(tx *db.Tx) error {
		name := filepath.Base(o.path)
		_, err := tx.Exec("INSERT INTO backups (at, origin, file, size, encrypted) VALUES (?, ?, ?, ?, ?)",
			db.At(m.MadeAt), o.origin, name, m.Bytes, m.Encrypted)
		if err != nil {
			return err
		}
		if err := forget(tx); err != nil {
			return err
		}
		return b.Audit.Write(tx, o.who, audit.BackupMake, audit.Target{Kind: "backup", Name: name}, audit.Facts{"encrypted": m.Encrypted})
	})
	if err != nil {
		return fmt.Errorf("note the backup: %w", err)
	}
	return nil
}

// noteFailure writes that a try failed, where the database still takes it.
func (b *Backups) noteFailure(ctx context.Context, by origin, f failure) error {
	return b.DB.Note(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO backups (at, origin, fault) VALUES (?, ?, ?)", db.At(f.at), by, f.why)
		if err != nil {
			return err
		}
		return forget(tx)
	})
}

func forget(tx *db.Tx) error {
	_, err := tx.Exec("DELETE FROM backups WHERE id <= (SELECT max(id) FROM backups) - ?", kept)
	return err
}

// lastScheduled is the newest proven backup of the schedule, nil without one.
func lastScheduled(r db.Reader) (*row, error) {
	return newest(r, "origin = 'schedule' AND fault IS NULL")
}

// newest is the newest row of those that a clause picks, nil where there is none.
func newest(r db.Reader, which string) (*row, error) {
	var found row
	err := r.Get(&found, `
		SELECT id, at, file, size, encrypted, fault
		  FROM backups
		 WHERE `+which+`
		 ORDER BY id DESC
		 LIMIT 1`)
	if db.IsNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the backups: %w", err)
	}
	return &found, nil
}

// made is a proven backup as answers show it.
func (r *row) made() *api.BackupMade {
	if r == nil {
		return nil
	}
	return &api.BackupMade{At: r.At.Time, File: *r.File, Size: *r.Size, Encrypted: *r.Encrypted}
}

// failure is a try that failed.
type failure struct {
	at  time.Time
	why string
}
