package db

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3" // the driver

	"keystead/server/clock"
)

// readers is how many connections read at once. More help nobody on a small
// machine, and each has its own page cache.
const readers = 4

// DB is the open database.
type DB struct {
	Path string

	clock  *clock.Clock
	write  *sqlx.DB
	read   *sqlx.DB
	jobs   chan *job
	closed chan struct{}
	done   sync.WaitGroup
	unsure error // why the disk is not to be trusted any more; the commit loop's
	epoch  atomic.Uint64
	count  atomic.Uint64

	timeKept time.Time // see keep; the writer's, as the next one is
	shared   int       // how many acts the last commit had
	decided  bool      // an act of this one may change a decision
	handed   []handed  // by the acts of this one to each other, see [Tx.Hand]

	prepared sync.Map // query text → *sqlx.Stmt on the readers
	kept     atomic.Int64
}

// Open opens the file, making it if there is none, and brings its schema up to
// date. now is the machine's clock. A schema that is newer than this
// program is refused with nothing changed.
func Open(ctx context.Context, path string, now func() time.Time) (*DB, error) {
	if err := private(path); err != nil {
		return nil, err
	}
	d := &DB{Path: path, clock: clock.Over(now), jobs: make(chan *job, queue), closed: make(chan struct{})}
	file := fileURL(path)
	var err error
	d.write, err = sqlx.Open("sqlite3", file+"?_txlock=immediate&_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on&_secure_delete=on&_stmt_cache_size=64")
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	d.write.SetMaxOpenConns(1)
	if err := d.prepareWriter(ctx); err != nil {
		_ = d.write.Close()
		return nil, damaged(err)
	}
	d.read, err = sqlx.Open("sqlite3", file+"?mode=ro&_query_only=true&_busy_timeout=5000&_foreign_keys=on")
	if err != nil {
		_ = d.write.Close()
		return nil, fmt.Errorf("open database for reading: %w", err)
	}
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	d.done.Add(1)
	go d.commitLoop()
	return d, nil
}

// walPages is how many pages lie in the WAL, 16 MB, before they are carried into the
// file. An added key changes a dozen pages in many indexes: the longer they wait, the
// more of them are the same ones (a third less is written than with SQLite's 1,000).
const walPages = 4000

// writerCache is how many KiB of pages the writer keeps: an added key changes pages all
// over many indexes, which it would read again and again from SQLite's 2 MB.
const writerCache = 16 << 10

func (d *DB) prepareWriter(ctx context.Context) error {
	if err := migrate(ctx, d.write); err != nil {
		return err
	}
	for _, set := range []string{
		fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", walPages),
		// The savepoint of an act keeps a copy of each page that it changes. Acts that share a
		// commit soon have 64 KB of them, and then SQLite would go on in a temporary file.
		"PRAGMA temp_store = MEMORY",
		fmt.Sprintf("PRAGMA cache_size = -%d", writerCache),
	} {
		if _, err := d.write.ExecContext(ctx, set); err != nil {
			return fmt.Errorf("set up the writer: %w", err)
		}
	}
	return d.knowTime(ctx)
}

// private makes the database file readable by its owner only before SQLite would
// make it by the umask.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	return f.Close()
}

// Epoch changes with every committed write that may change a decision. What was
// read under one epoch holds while the epoch is the same.
func (d *DB) Epoch() uint64 { return d.epoch.Load() }

// Commits counts every committed write, those of [DB.Note] too. A cached list is
// good while it stays the same.
func (d *DB) Commits() uint64 { return d.count.Load() }

// Close waits for the writes under way and closes the file, the readers first: else
// the WAL stays behind.
func (d *DB) Close() error {
	d.stop()
	if d.unsure == nil {
		_ = d.keep(d.write) // where the disk is full it stays behind
	}
	return d.closeFile()
}

// Abandon is Close for a start that was refused: the file is left as it was found, the
// time in it too.
func (d *DB) Abandon() error {
	d.stop()
	return d.closeFile()
}

func (d *DB) stop() {
	close(d.closed)
	d.done.Wait()
}

func (d *DB) closeFile() error {
	d.prepared.Range(func(_, stmt any) bool { _ = stmt.(*sqlx.Stmt).Close(); return true })
	if err := d.read.Close(); err != nil {
		_ = d.write.Close()
		return fmt.Errorf("close readers: %w", err)
	}
	if err := d.write.Close(); err != nil {
		return fmt.Errorf("close writer: %w", err)
	}
	return nil
}

// Checkpoint carries the WAL into the file and empties it, as far as readers let it: for
// when something that was overwritten shall not lie there either.
func (d *DB) Checkpoint(ctx context.Context) error {
	if _, err := d.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return fmt.Errorf("empty the WAL: %w", plain(err))
	}
	return nil
}

// Ping proves that the database answers a read.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.Read(ctx).Get(&one, "SELECT 1")
}
