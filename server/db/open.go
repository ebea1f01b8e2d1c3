package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3" // the driver

	"keystead/server/clock"
	"keystead/server/db/wal"
)

// readers is how many connections read at once. More help nobody on a small
// machine, and each has its own page cache.
const readers = 4

// busyTimeout is for how many milliseconds a connection waits for a lock.
const busyTimeout = "5000"

// DB is the open database.
type DB struct {
	Path string

	clock  *clock.Clock
	write  *sqlx.DB
	read   *sqlx.DB
	jobs   chan *job
	closed chan struct{}
	done   sync.WaitGroup
	unsure atomic.Pointer[error] // why the disk is not to be trusted any more, see doubt
	epoch  atomic.Uint64
	count  atomic.Uint64

	timeKept time.Time // see keep; the writer's, as the next one is
	shared   int       // how many acts the last commit had
	unlooked int       // commits since the length of the WAL was looked at
	tooLong  int       // pages of it, see shorten
	decided  bool      // an act of this one may change a decision
	handed   []handed  // by the acts of this one to each other, see [Tx.Hand]

	checkpoints   *sqlx.DB      // see checkpointLoop
	full          chan struct{} // the WAL is
	checkpointing sync.Mutex
	file          *os.File // closed last: that lets go of every lock that SQLite has on it

	prepared sync.Map // query text → *sqlx.Stmt on the readers
	kept     atomic.Int64
}

// Open opens the file, making it if there is none, and brings its schema up to
// date. now is the machine's clock. A schema that is newer than this
// program is refused with nothing changed.
func Open(ctx context.Context, path string, now func() time.Time) (_ *DB, err error) {
	d := &DB{Path: path, clock: clock.Over(now), jobs: make(chan *job, queue), full: make(chan struct{}, 1), closed: make(chan struct{})}
	if d.file, err = private(path); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = d.closeFile()
		}
	}()
	if err := wal.Register(); err != nil {
		return nil, err
	}
	file := fileURL(path)
	d.write, err = sqlx.Open("sqlite3", file+"?vfs="+wal.Name+"&_txlock=immediate&_journal_mode=WAL&_synchronous=FULL&_busy_timeout="+busyTimeout+"&_foreign_keys=on&_secure_delete=on&_stmt_cache_size=64")
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	d.write.SetMaxOpenConns(1)
	if err := d.prepareWriter(ctx); err != nil {
		return nil, damaged(err)
	}
	d.read, err = sqlx.Open("sqlite3", file+"?mode=ro&_query_only=true&_busy_timeout="+busyTimeout+"&_foreign_keys=on")
	if err != nil {
		return nil, fmt.Errorf("open database for reading: %w", err)
	}
	d.read.SetMaxOpenConns(readers)
	d.read.SetMaxIdleConns(readers)
	d.checkpoints, err = sqlx.Open("sqlite3", file)
	if err != nil {
		return nil, fmt.Errorf("open database for checkpoints: %w", err)
	}
	d.checkpoints.SetMaxOpenConns(1)
	d.done.Add(2)
	go d.commitLoop()
	go d.checkpointLoop()
	return d, nil
}

func (d *DB) prepareWriter(ctx context.Context) error {
	if err := migrate(ctx, d.write); err != nil {
		return err
	}
	// The page cache stays at SQLite's 2 MB: when a commit has split a page of an index, SQLite
	// looks through all of the cache, which takes longer than to read what a larger one had.
	for _, set := range []string{
		"PRAGMA wal_autocheckpoint = 0", // see checkpointLoop
		// What the WAL took beyond that while somebody read for long, it gives back afterwards.
		fmt.Sprintf("PRAGMA journal_size_limit = %d", longest*4096),
		// The savepoint of an act keeps a copy of each page that it changes. Acts that share a
		// commit soon have 64 KB of them, and then SQLite would go on in a temporary file.
		"PRAGMA temp_store = MEMORY",
	} {
		if _, err := d.write.ExecContext(ctx, set); err != nil {
			return fmt.Errorf("set up the writer: %w", err)
		}
	}
	return d.knowTime(ctx)
}

// private makes the database file readable by its owner only before SQLite would
// make it by the umask.
func private(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return f, nil
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
	if d.unsure.Load() == nil {
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

// closeFile closes what is open, the writer last of SQLite's: it empties the WAL. Where the
// disk is not to be trusted nothing is closed, as after a kill: the next start carries all of
// the WAL into the file again, also what a failed sync has lost of it.
func (d *DB) closeFile() (err error) {
	if d.unsure.Load() != nil {
		return nil
	}
	d.prepared.Range(func(_, stmt any) bool { _ = stmt.(*sqlx.Stmt).Close(); return true })
	for _, pool := range []*sqlx.DB{d.checkpoints, d.read, d.write} {
		if pool != nil {
			err = errors.Join(err, pool.Close())
		}
	}
	if err = errors.Join(err, d.file.Close()); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// Ping proves that the database answers a read.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.Read(ctx).Get(&one, "SELECT 1")
}
