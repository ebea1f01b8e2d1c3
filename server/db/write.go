package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"
)

// batch is how many acts share one commit at most: enough to make the fsync
// cheap, few enough that the first one does not wait for long.
const batch = 64

// queue is how many acts wait for the writer at most; who comes then waits before it. An act
// that lies in it costs no change of goroutines when it is taken.
const queue = 1024

// linger is how long at most a commit waits for acts that are on their way: about what an
// fsync takes. Who goes on alone waits once.
const linger = time.Millisecond

// job is one act on its way through the writer.
type job struct {
	ctx   context.Context
	act   func(*Tx) error
	quiet bool
	bare  bool // has no savepoint

	taken atomic.Bool
	tx    *Tx
	err   error
	panic any
	done  chan struct{}
}

// Guard is asked inside the transaction before each act that its context writes; an error
// is the act's, with nothing changed. A context answers it to [GuardKey].
type Guard interface{ Hold(tx *Tx) error }

// GuardKey is what [DB.Write] asks its context for.
type GuardKey struct{}

// Write runs act in a transaction and returns after it is on disk, or with
// nothing changed if act or the commit failed. Acts run one at a time.
func (d *DB) Write(ctx context.Context, act func(*Tx) error) error {
	return d.submit(&job{ctx: ctx, act: act, done: make(chan struct{})})
}

// Note writes what changes no decision, such as a last login: the epoch stays.
func (d *DB) Note(ctx context.Context, act func(*Tx) error) error {
	return d.submit(&job{ctx: ctx, act: act, quiet: true, done: make(chan struct{})})
}

// Append is [DB.Note] without a savepoint, of which SQLite keeps a copy of each page that
// is changed: for an act that comes by thousands, and whose first [Tx.Insert] or [Tx.Exec]
// is the last of it that a wish can make fail. Where something fails after that, nothing of
// its commit is done, its neighbours' acts neither.
func (d *DB) Append(ctx context.Context, act func(*Tx) error) error {
	return d.submit(&job{ctx: ctx, act: act, quiet: true, bare: true, done: make(chan struct{})})
}

func (d *DB) submit(j *job) error {
	select {
	case d.jobs <- j:
	case <-j.ctx.Done():
		return j.unheard()
	case <-d.closed:
		return sql.ErrConnDone
	}
	select {
	case <-j.done:
	case <-j.ctx.Done():
		if j.take() {
			return j.unheard()
		}
		<-j.done
	case <-d.closed:
		if j.take() {
			return sql.ErrConnDone
		}
		<-j.done
	}
	if j.panic != nil {
		panic(j.panic) // in the goroutine whose fault it is
	}
	return j.err
}

// take is true for whoever comes first: the writer who does the act, or the one who gave up.
func (j *job) take() bool { return j.taken.CompareAndSwap(false, true) }

// errLeft is what becomes of an act whose caller did not wait for it. Nobody reads it.
var errLeft = errors.New("its caller is gone")

func (j *job) unheard() error { return fmt.Errorf("wait for the writer: %w", j.ctx.Err()) }

// commitLoop is the one writer.
func (d *DB) commitLoop() {
	defer d.done.Done()
	for {
		select {
		case first := <-d.jobs:
			d.commitTogether(first)
			d.shorten()
		case <-d.closed:
			return
		}
	}
}

// commitTogether runs first and whoever waits meanwhile, commits once and answers
// them all.
func (d *DB) commitTogether(first *job) {
	if cause := d.unsure.Load(); cause != nil {
		first.finish(unsynced(*cause))
		return
	}
	// Statements are not tied to an act's context: an interrupted INSERT would
	// roll back the whole transaction, the neighbours' acts with it.
	tx, err := d.begin()
	if err != nil {
		first.finish(fmt.Errorf("begin: %w", plain(err)))
		return
	}
	defer func() { _ = tx.Close() }() // back to the pool
	d.handed = nil
	acts := []*job{first}
	var late <-chan time.Time
	for {
		last := acts[len(acts)-1]
		last.run(d, tx)
		d.decided = d.decided || !last.quiet
		if lost(last.err) || len(acts) == batch {
			break // lost: SQLite may have rolled back everyone; settle commits nothing
		}
		next := d.waiting()
		if next == nil && len(acts) < d.shared {
			if late == nil {
				late = time.After(linger)
			}
			next = d.coming(late)
		}
		if next == nil {
			break
		}
		acts = append(acts, next)
	}
	d.shared, d.decided = len(acts), false
	d.settle(tx, acts)
}

// begin is the writer's connection in a transaction. It is not one of database/sql's,
// which starts a goroutine for each query within to watch for an end of the context.
func (d *DB) begin() (*sqlx.Conn, error) {
	conn, err := d.write.Connx(context.Background())
	if err != nil {
		return nil, err
	}
	if _, err := conn.ExecContext(context.Background(), "BEGIN IMMEDIATE"); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

// rollback undoes everyone's acts, where SQLite has not done so by itself.
func rollback(tx *sqlx.Conn) { _, _ = tx.ExecContext(context.Background(), "ROLLBACK") }

// settle commits, tells the caches, and then the callers.
func (d *DB) settle(tx *sqlx.Conn, acts []*job) {
	if last := acts[len(acts)-1]; lost(last.err) {
		rollback(tx)
		for _, j := range acts {
			if j.err == nil { // else it was not to be done anyway
				j.err = last.err
			}
			j.finish(j.err)
		}
		return
	}
	if err := d.commit(tx); err != nil {
		rollback(tx)
		for _, j := range acts {
			if j.err == nil {
				j.err = err
			}
			j.finish(j.err)
		}
		return
	}
	d.count.Add(1)
	for _, j := range acts {
		if j.err == nil && !j.quiet {
			d.epoch.Add(1)
			break
		}
	}
	for _, j := range acts {
		if j.err == nil && j.panic == nil {
			j.committed()
		}
		j.finish(j.err)
	}
}

// committed runs the act's hooks. One that panics does so where the act came from: in
// the writer it would end everyone's.
func (j *job) committed() {
	defer func() { j.panic = recover() }()
	for _, hook := range j.tx.commit {
		hook()
	}
}

func (d *DB) commit(tx *sqlx.Conn) error {
	if err := d.keep(tx); err != nil {
		return err
	}
	_, err := tx.ExecContext(context.Background(), "COMMIT")
	if err == nil {
		return nil
	}
	d.timeKept = time.Time{} // it was not
	if unconfirmed(err) {
		d.doubt(err)
		err = unsynced(err)
	} else {
		err = plain(err)
	}
	return fmt.Errorf("commit: %w", err)
}

func (d *DB) waiting() *job {
	select {
	case j := <-d.jobs:
		return j
	default:
		return nil
	}
}

// coming is who comes next. As many as shared the last commit were answered together, and
// those that go on are back one after another.
func (d *DB) coming(late <-chan time.Time) *job {
	select {
	case j := <-d.jobs:
		return j
	case <-late:
		return nil
	}
}

// run runs the act in a savepoint of its own, so that its failure is only its own.
func (j *job) run(d *DB, tx *sqlx.Conn) {
	if !j.take() {
		j.err = errLeft
		return
	}
	if j.err = j.ctx.Err(); j.err != nil {
		return
	}
	j.tx = &Tx{d: d, tx: tx}
	known := len(d.handed)
	defer func() {
		if j.err != nil || j.panic != nil {
			d.handed = d.handed[:known]
		}
	}()
	if j.bare {
		if j.err = j.guarded(); (j.err != nil || j.panic != nil) && j.tx.wrote {
			j.err = errors.Join(j.err, errHalfDone)
		}
		return
	}
	if _, j.err = tx.ExecContext(context.Background(), "SAVEPOINT act"); j.err != nil {
		j.err = plain(j.err)
		return
	}
	j.err = j.guarded()
	end := "RELEASE act"
	if j.err != nil || j.panic != nil {
		end = "ROLLBACK TO act; RELEASE act"
	}
	if _, err := tx.ExecContext(context.Background(), end); err != nil && !lost(j.err) {
		j.err = errors.Join(errGone, plain(err)) // the next savepoint would be a transaction of its own
	}
}

func (j *job) guarded() error {
	defer func() { j.panic = recover() }()
	if guard, ok := j.ctx.Value(GuardKey{}).(Guard); ok {
		if err := guard.Hold(j.tx); err != nil {
			return err
		}
	}
	return j.act(j.tx)
}

func (j *job) finish(err error) {
	j.err = err
	close(j.done)
}
