package verify

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"keystead/server/db"
	"keystead/server/worker"
	"keystead/shared/api"
)

// every is how often a key's last login is written at most, and how far behind it
// may be.
const every = time.Minute

// maxPending bounds the logins kept in memory; beyond it the oldest news of a key
// waits for its next use.
const maxPending = 100_000

// logins keeps the last login of each key until it is written.
type logins struct {
	db *db.DB

	mu      sync.Mutex
	pending map[api.KeyID]login
	written map[api.KeyID]time.Time // when last, for those of the last minute

	writer *worker.Worker
}

type login struct {
	at      time.Time
	address string // "": not known
}

// newLogins writes what is due every second: a key's first login soon, the next ones
// once a minute. What could not be written is kept.
func newLogins(d *db.DB, log *slog.Logger) *logins {
	l := &logins{db: d, pending: map[api.KeyID]login{}, written: map[api.KeyID]time.Time{}}
	l.writer = worker.Every(time.Second, "write last logins", log, func(ctx context.Context) error { return l.flush(ctx, false) })
	return l
}

// note remembers that a key was found valid. It never waits for the database.
func (l *logins) note(key api.KeyID, at time.Time, address string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	before, ok := l.pending[key]
	switch {
	case ok && at.Before(before.at):
		return
	case !ok && len(l.pending) >= maxPending:
		return
	}
	if address == "" {
		address = before.address
	}
	l.pending[key] = login{at, address}
}

func (l *logins) waiting() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.pending)
}

// due takes what is to be written now: all of it, or what was not written within
// the last minute.
func (l *logins) due(now time.Time, all bool) map[api.KeyID]login {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, at := range l.written {
		if now.Sub(at) >= every {
			delete(l.written, key)
		}
	}
	due := map[api.KeyID]login{}
	for key, login := range l.pending {
		if _, lately := l.written[key]; all || !lately {
			due[key] = login
			delete(l.pending, key)
			l.written[key] = now
		}
	}
	return due
}

func (l *logins) flush(ctx context.Context, all bool) error {
	due := l.due(time.Now(), all)
	if len(due) == 0 {
		return nil
	}
	err := l.db.Note(ctx, func(tx *db.Tx) error {
		for key, login := range due {
			if err := write(tx, key, login); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for key, login := range due {
			l.note(key, login.at, login.address)
		}
		return fmt.Errorf("write last logins: %w", err)
	}
	return nil
}

// write moves a last login forward, never back.
func write(tx *db.Tx, key api.KeyID, login login) error {
	var address *string
	if login.address != "" {
		address = &login.address
	}
	_, err := tx.Exec(`
		UPDATE api_keys
		   SET last_login_at = ?,
		       last_login_ip = COALESCE(?, last_login_ip)
		 WHERE id = ?
		   AND (last_login_at IS NULL OR last_login_at < ?)`, db.At(login.at), address, key, db.At(login.at))
	return err
}

func (l *logins) close(ctx context.Context) error {
	l.writer.End()
	return l.flush(ctx, true)
}
