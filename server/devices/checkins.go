package devices

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"keystead/server/db"
	"keystead/server/fold"
	"keystead/server/worker"
	"keystead/shared/api"
)

// every is how often a device's check-in is written at most.
const every = time.Minute

// maxPending bounds the check-ins kept in memory; beyond it a device's news waits for
// its next one.
const maxPending = 100_000

// checkIns keeps the last check-in of each device until it is written: the first one
// within seconds, the next ones once a minute.
type checkIns struct {
	db *db.DB

	mu      sync.Mutex
	pending map[api.DeviceID]checkIn
	written map[api.DeviceID]time.Time // when last, for those of the last minute

	writer *worker.Worker
}

type checkIn struct {
	at      time.Time
	address string
	version string // of the agent; "": as it was
}

// newCheckIns writes what is due every second. What could not be written is kept.
func newCheckIns(d *db.DB, log *slog.Logger) *checkIns {
	c := &checkIns{db: d, pending: map[api.DeviceID]checkIn{}, written: map[api.DeviceID]time.Time{}}
	c.writer = worker.Every(time.Second, "write check-ins", log, func(ctx context.Context) error { return c.flush(ctx, false) })
	return c
}

// note remembers that a device was there. It never waits for the database.
func (c *checkIns) note(id api.DeviceID, now checkIn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, ok := c.pending[id]
	switch {
	case ok && now.at.Before(before.at):
		return
	case !ok && len(c.pending) >= maxPending:
		return
	case now.version == "":
		now.version = before.version
	}
	c.pending[id] = now
}

// overlay puts what is not written yet over what was read.
func (c *checkIns) overlay(d *row) {
	c.mu.Lock()
	defer c.mu.Unlock()
	news, ok := c.pending[d.ID]
	if !ok || d.LastCheckInAt != nil && news.at.Before(d.LastCheckInAt.Time) {
		return
	}
	at := db.At(news.at)
	d.LastCheckInAt, d.LastIP = &at, news.address
	if news.version != "" {
		d.AgentVersion = news.version
	}
}

// due takes what is to be written now: all of it, or what was not written within the
// last minute.
func (c *checkIns) due(now time.Time, all bool) map[api.DeviceID]checkIn {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id, at := range c.written {
		if now.Sub(at) >= every {
			delete(c.written, id)
		}
	}
	due := map[api.DeviceID]checkIn{}
	for id, news := range c.pending {
		if _, lately := c.written[id]; all || !lately {
			due[id] = news
			delete(c.pending, id)
			c.written[id] = now
		}
	}
	return due
}

func (c *checkIns) flush(ctx context.Context, all bool) error {
	due := c.due(time.Now(), all)
	if len(due) == 0 {
		return nil
	}
	err := c.db.Note(ctx, func(tx *db.Tx) error {
		for id, news := range due {
			if err := news.write(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for id, news := range due {
			c.note(id, news)
		}
		return fmt.Errorf("write check-ins: %w", err)
	}
	return nil
}

// write moves a last check-in forward, never back.
func (n checkIn) write(tx *db.Tx, id api.DeviceID) error {
	d, err := one(tx, id)
	if err != nil {
		return ignoreMissing(err)
	}
	if n.version != "" {
		d.AgentVersion = n.version
	}
	_, err = tx.Exec(`
		UPDATE devices
		   SET last_check_in_at = ?,
		       last_ip = ?,
		       agent_version = ?,
		       search = ?
		 WHERE id = ?
		   AND (last_check_in_at IS NULL OR last_check_in_at < ?)`,
		db.At(n.at), n.address, d.AgentVersion, fold.Text(d.search()), id, db.At(n.at))
	return err
}

func (c *checkIns) close(ctx context.Context) error {
	c.writer.End()
	return c.flush(ctx, true)
}
