package db

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// walPages is how many pages lie in the WAL, 32 MB, before there is a checkpoint. An added
// key changes a dozen pages in many indexes: the longer they wait, the more of them are the
// same ones. After a crash the next start reads as many.
const walPages = 8000

// longest is how many pages the WAL has at most where readers follow so close upon each
// other that one always reads in it: then the writer waits for those that do, for patience
// milliseconds. Who comes meanwhile finds all in the file.
const (
	longest  = 2 * walPages
	patience = "100"
)

// passes is how often a full WAL is gone through before the writer does the rest: each
// time less came meanwhile.
const passes = 3

// lookEvery is after how many commits the writer looks how long the WAL is.
const lookEvery = 4

// What a checkpoint does (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint): all
// that needs no waiting, or all there is, and then it empties the WAL.
const (
	passive  = "PASSIVE"
	truncate = "TRUNCATE"
)

// checkpointLoop carries a full WAL into the file while the writer goes on. SQLite would
// have the writer do it within a commit, and everyone wait for so long.
func (d *DB) checkpointLoop() {
	defer d.done.Done()
	for {
		select {
		case <-d.full:
			d.checkpointFull()
		case <-d.closed:
			return
		}
	}
}

// checkpointFull leaves nothing that was there before it, unless a reader needs it. The end
// is for the writer's connection, on which nobody writes meanwhile: else a disk that takes
// pages more slowly than the WAL would never see it. What fails stays in the WAL.
func (d *DB) checkpointFull() {
	d.checkpointing.Lock()
	defer d.checkpointing.Unlock()
	for range passes {
		_ = d.checkpoint(context.Background(), d.checkpoints, passive)
		// SQLite does this only once nothing is left, so all at once.
		if err := d.file.Sync(); err != nil {
			d.doubt(err)
			return
		}
	}
	_ = d.checkpoint(context.Background(), d.write, passive)
}

// shorten sees to a checkpoint once the WAL is full, by the writer where little is left of
// it: only when all is in the file, and no reader in the WAL, does SQLite begin it anew.
func (d *DB) shorten() {
	if d.unlooked++; d.unlooked < lookEvery {
		return
	}
	d.unlooked = 0
	var wal struct {
		Busy  int `db:"busy"`
		Pages int `db:"log"`
		Done  int `db:"checkpointed"`
	}
	if err := d.write.Get(&wal, "PRAGMA wal_checkpoint(NOOP)"); err != nil {
		return // the next commit says why
	}
	switch {
	case wal.Pages < walPages:
		d.tooLong = longest
	case wal.Pages-wal.Done >= walPages:
		select {
		case d.full <- struct{}{}:
		default: // it is being done
		}
	case d.checkpointing.TryLock(): // else somebody is at it
		defer d.checkpointing.Unlock()
		if wal.Pages < d.tooLong {
			_ = d.checkpoint(context.Background(), d.write, passive)
			return
		}
		d.tooLong = wal.Pages + longest // where somebody reads for longer, again only then
		d.beginAnew()
	}
}

// beginAnew empties the WAL, where those who read in it end soon.
func (d *DB) beginAnew() {
	wait := func(ms string) { _, _ = d.write.Exec("PRAGMA busy_timeout = " + ms) }
	wait(patience)
	defer wait(busyTimeout)
	_ = d.checkpoint(context.Background(), d.write, truncate)
}

// Checkpoint carries the WAL into the file and empties it, as far as readers let it: for
// when something that was overwritten shall not lie there either.
func (d *DB) Checkpoint(ctx context.Context) error {
	d.checkpointing.Lock() // of two checkpoints SQLite does only one
	defer d.checkpointing.Unlock()
	if err := d.checkpoint(ctx, d.write, truncate); err != nil {
		return fmt.Errorf("empty the WAL: %w", err)
	}
	return nil
}

// checkpoint does nothing any more after a failed sync: the next one would pass, the pages
// that the kernel forgot would be taken for safe, and the WAL with them be written over.
func (d *DB) checkpoint(ctx context.Context, by *sqlx.DB, mode string) error {
	if cause := d.unsure.Load(); cause != nil {
		return unsynced(*cause)
	}
	_, err := by.ExecContext(ctx, "PRAGMA wal_checkpoint("+mode+")")
	if unconfirmed(err) {
		d.doubt(err)
	}
	return plain(err)
}
