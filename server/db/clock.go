package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

// Now is the installation's clock, in UTC and whole milliseconds, as it is stored. It
// never goes back, see package clock: the latest time is kept with what is written, and
// at least once a minute by who calls [DB.KeepTime].
func (d *DB) Now() time.Time { return d.clock.Now().Truncate(time.Millisecond) }

// Ahead is how far the installation's clock is ahead of the machine's, which was set back.
func (d *DB) Ahead() time.Duration { return d.clock.Ahead() }

// KeepTime keeps the latest time where nothing else is written.
func (d *DB) KeepTime(ctx context.Context) error {
	return d.Note(ctx, func(*Tx) error { return nil })
}

// FollowClock has the installation's clock go back to the machine's, once the act is on
// disk.
func (t *Tx) FollowClock() {
	t.OnCommit(func() {
		t.d.clock.Follow()
		t.d.timeKept = time.Time{} // the next commit writes the earlier one
	})
}

// keepEvery is how far what is kept may lie behind while there are writes.
const keepEvery = time.Second

// keep writes the latest time. Only the writer calls it.
func (d *DB) keep(write sqlx.ExecerContext) error {
	now := d.Now()
	if gone := now.Sub(d.timeKept); gone >= 0 && gone < keepEvery {
		return nil
	}
	_, err := write.ExecContext(context.Background(), `
		INSERT INTO clock (id, latest) VALUES (1, ?)
		    ON CONFLICT (id) DO UPDATE SET latest = excluded.latest`, At(now))
	if err != nil {
		return fmt.Errorf("keep the time: %w", plain(err))
	}
	d.timeKept = now
	return nil
}

// knowTime lets the clock be no earlier than what was kept.
func (d *DB) knowTime(ctx context.Context) error {
	var latest Stamp
	err := d.write.GetContext(ctx, &latest, "SELECT latest FROM clock WHERE id = 1")
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the time: %w", plain(err))
	}
	d.clock.NotBefore(latest.Time)
	return nil
}
