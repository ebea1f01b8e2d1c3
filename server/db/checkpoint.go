package db

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// walPages is how many pages lie in the WAL, 32 MB, before they are carried into the
// file. An added key changes a dozen pages in many indexes: the longer they wait, the
// more of them are the same ones. After a crash the next start reads as many.
const walPages = 8000

// passes is how often a full WAL is carried before the writer does the rest: each time
// less came meanwhile.
const passes = 3

// longest is how many pages the WAL has at most where readers follow so close upon each
// other that one always reads in it: then the writer waits for those that do, for patience
// milliseconds. Who comes meanwhile finds all in the file.
const (
	longest  = 2 * walPages
	patience = 100
)

// lookEvery is after how many commits the writer looks how long the WAL is.
const lookEvery = 4

// checkpointLoop carries a full WAL into the file while the writer goes on. SQLite would
// have the writer do it within a commit, and everyone wait for so long.
func (d *DB) checkpointLoop() {
	defer d.done.Done()
	for {
		select {
		case <-d.full:
			d.carryOver()
		case <-d.closed:
			return
		}
	}
}

// carryOver leaves nothing that was there before it, unless a reader needs it. The last of
// it is carried by the writer's connection, on which nobody writes meanwhile: else a disk
// that takes pages more slowly than the WAL would never see the end of it.
func (d *DB) carryOver() {
	d.carrying.Lock()
	defer d.carrying.Unlock()
	for range passes {
		d.passive(d.carry)
		// SQLite does this only once nothing is left to carry, so all at once.
		if err := d.file.Sync(); err != nil {
			d.doubt(err)
		}
	}
	d.passive(d.write)
}

// relieve has the WAL carried into the file once it is full. What came since the writer
// carries itself, which is little: only when all of it is in the file, and no reader in the
// WAL, does SQLite begin it anew.
func (d *DB) relieve() {
	if d.unlooked++; d.unlooked < lookEvery {
		return
	}
	d.unlooked = 0
	var wal struct {
		Busy    int `db:"busy"`
		Pages   int `db:"log"`
		Carried int `db:"checkpointed"`
	}
	if err := d.write.Get(&wal, "PRAGMA wal_checkpoint(NOOP)"); err != nil {
		return // the next commit says why
	}
	switch {
	case wal.Pages < walPages:
		d.tooLong = longest
	case wal.Pages-wal.Carried >= walPages:
		select {
		case d.full <- struct{}{}:
		default: // it is being done
		}
	case wal.Pages >= d.tooLong && d.carrying.TryLock():
		d.tooLong = wal.Pages + longest // where somebody reads for longer, again only then
		d.beginAnew()
		d.carrying.Unlock()
	default:
		d.passive(d.write)
	}
}

// beginAnew empties the WAL, where those who read in it end soon.
func (d *DB) beginAnew() {
	for _, do := range []string{fmt.Sprintf("PRAGMA busy_timeout = %d", patience), "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA busy_timeout = 5000"} {
		_ = d.checkpoint(context.Background(), d.write, do)
	}
}

// passive carries what it can without waiting for anyone. What fails stays in the WAL.
func (d *DB) passive(by *sqlx.DB) {
	_ = d.checkpoint(context.Background(), by, "PRAGMA wal_checkpoint(PASSIVE)")
}

// Checkpoint carries the WAL into the file and empties it, as far as readers let it: for
// when something that was overwritten shall not lie there either.
func (d *DB) Checkpoint(ctx context.Context) error {
	d.carrying.Lock() // of two checkpoints SQLite does only one
	defer d.carrying.Unlock()
	if err := d.checkpoint(ctx, d.write, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return fmt.Errorf("empty the WAL: %w", err)
	}
	return nil
}

// checkpoint does nothing any more after a failed sync: the next one would pass, the pages
// that the kernel forgot would be taken for carried, and the WAL with them be written over.
func (d *DB) checkpoint(ctx context.Context, by *sqlx.DB, how string) error {
	if cause := d.unsure.Load(); cause != nil {
		return unsynced(*cause)
	}
	_, err := by.ExecContext(ctx, how)
	if unconfirmed(err) {
		d.doubt(err)
	}
	return plain(err)
}
