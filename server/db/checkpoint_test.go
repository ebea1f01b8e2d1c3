package db_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"keystead/server/db"
)

// fill writes a MiB into a row of the key, over what was there.
func fill(t *testing.T, d *db.DB, key int) {
	t.Helper()
	put(t, d, key, 1<<20)
}

// put writes so many bytes.
func put(t *testing.T, d *db.DB, key, bytes int) {
	t.Helper()
	if err := d.Note(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO ballast VALUES (?, randomblob(?)) ON CONFLICT DO UPDATE SET data = excluded.data", key, bytes)
		return err
	}); err != nil {
		t.Error(err)
	}
}

func ballast(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("CREATE TABLE ballast (key INTEGER PRIMARY KEY, data BLOB NOT NULL)")
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// short checks the length of a WAL that so much was written into.
func short(t *testing.T, d *db.DB, written int) {
	t.Helper()
	if size := walSize(t, d); size > 100<<20 {
		t.Errorf("after %d MiB the WAL has %d MiB", written, size>>20)
	}
}

func walSize(t *testing.T, d *db.DB) int64 {
	t.Helper()
	info, err := os.Stat(d.Path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// TestACommitIsFewWrites of 250 pages, each of which SQLite itself writes in two pieces.
func TestACommitIsFewWrites(t *testing.T) {
	d := open(t)
	ballast(t, d)
	before := writes(t)
	fill(t, d, 1)
	if n := writes(t) - before; n > 50 {
		t.Errorf("a commit is %d writes", n)
	}
}

// writes is how often this process asked the system to write.
func writes(t *testing.T) (calls int) {
	t.Helper()
	text, err := os.ReadFile("/proc/self/io")
	if err != nil {
		t.Skip("this system does not count them:", err)
	}
	_, counts, _ := strings.Cut(string(text), "syscw: ")
	if _, err := fmt.Sscan(counts, &calls); err != nil {
		t.Fatal(err)
	}
	return calls
}

// TestTheWALStaysShortWhileOthersWrite writes six times what it holds, without a pause.
func TestTheWALStaysShortWhileOthersWrite(t *testing.T) {
	d := open(t)
	ballast(t, d)
	var all sync.WaitGroup
	for writer := range 4 {
		all.Go(func() {
			for n := range 50 {
				fill(t, d, 4*(n%20)+writer)
			}
		})
	}
	all.Wait()
	short(t, d, 200)
	var found struct {
		Rows  int    `db:"rows"`
		Bytes int    `db:"bytes"`
		Sound string `db:"sound"`
	}
	if err := d.Read(t.Context()).Get(&found, "SELECT count(*) AS rows, sum(length(data)) AS bytes, (SELECT * FROM pragma_quick_check) AS sound FROM ballast"); err != nil {
		t.Fatal(err)
	}
	if found.Rows != 80 || found.Bytes != 80<<20 || found.Sound != "ok" {
		t.Errorf("there are %+v", found)
	}
}

// TestTheWALStaysShortWhileOthersRead, one of whom is always within it.
func TestTheWALStaysShortWhileOthersRead(t *testing.T) {
	d := open(t)
	ballast(t, d)
	written := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { relay(t, d, written) })
	for n := range 200 {
		fill(t, d, n%20)
	}
	close(written)
	all.Wait()
	short(t, d, 200)
}

// another is one more connection to the database.
func another(t *testing.T, d *db.DB) *sqlx.DB {
	t.Helper()
	from, err := sqlx.Open("sqlite3", "file:"+d.Path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = from.Close() })
	return from
}

// reading reads what there is now, and goes on until end.
func reading(t *testing.T, from *sqlx.DB) (end func()) {
	t.Helper()
	tx, err := from.Beginx()
	if err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := tx.Get(&rows, "SELECT count(*) FROM ballast"); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := tx.Rollback(); err != nil {
			t.Error(err)
		}
	}
}

// relay reads until done, each time a little longer than the next one begins.
func relay(t *testing.T, d *db.DB, done <-chan struct{}) {
	from, err := sqlx.Open("sqlite3", "file:"+d.Path+"?mode=ro")
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = from.Close() }()
	next := time.NewTicker(10 * time.Millisecond)
	defer next.Stop()
	end := func() error { return nil }
	for {
		tx, err := from.Beginx()
		if err != nil {
			t.Error(err)
			return
		}
		var n int
		if err := errors.Join(tx.Get(&n, "SELECT count(*) FROM ballast"), end()); err != nil {
			t.Error(err)
		}
		end = tx.Rollback
		select {
		case <-next.C:
		case <-done:
			_ = end()
			return
		}
	}
}

// TestTheWALIsShortAgainAfterALongRead: what a backup of much made of it is no longer needed.
func TestTheWALIsShortAgainAfterALongRead(t *testing.T) {
	d := open(t)
	ballast(t, d)
	end := reading(t, another(t, d))
	for n := range 110 {
		fill(t, d, n%20)
	}
	if size := walSize(t, d); size < 105<<20 {
		t.Fatalf("a reader needs all of the WAL, and it has %d MiB", size>>20)
	}
	end()
	// Too little for the length of the WAL to have it emptied again.
	for n := 0; n < 1000 && walSize(t, d) > 100<<20; n++ {
		put(t, d, -1, 1)
	}
	short(t, d, 110)
}

// TestTheWALStaysShortWithoutItsConnection: whatever keeps that from its work must not fill the disk.
func TestTheWALStaysShortWithoutItsConnection(t *testing.T) {
	d := open(t)
	ballast(t, d)
	if err := d.LoseCheckpoints(); err != nil {
		t.Fatal(err)
	}
	for n := range 200 {
		fill(t, d, n%20)
	}
	short(t, d, 200)
}

// TestTheWriterLeavesACheckpointToWhoIsAtIt: it would wait for the disk to have all that was
// carried into the file, and everyone with it.
func TestTheWriterLeavesACheckpointToWhoIsAtIt(t *testing.T) {
	d := open(t)
	ballast(t, d)
	defer d.BeginCheckpoint()()
	for n := range 40 {
		fill(t, d, n)
	}
	other := another(t, d)
	var wal struct {
		Busy  int `db:"busy"`
		Pages int `db:"log"`
		Done  int `db:"checkpointed"`
	}
	early := reading(t, other) // what comes after it is not carried yet
	for n := range 10 {
		fill(t, d, n)
	}
	if err := other.Get(&wal, "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		t.Fatal(err)
	}
	done := wal.Done
	if done < 40<<20/4096 || wal.Pages < done+10<<20/4096 {
		t.Fatalf("of 40 and 10 MiB there is %+v", wal)
	}
	late := reading(t, other) // else SQLite would begin the WAL anew
	early()
	for range 20 {
		put(t, d, -1, 1)
	}
	if err := other.Get(&wal, "PRAGMA wal_checkpoint(NOOP)"); err != nil {
		t.Fatal(err)
	}
	late()
	if wal.Done != done {
		t.Errorf("of %d pages that others had carried there are %+v", done, wal)
	}
}

// TestWhatWasOverwrittenLeavesTheWALDuringACheckpoint: two checkpoints at a time are
// one, and the other one must not be ours.
func TestWhatWasOverwrittenLeavesTheWALDuringACheckpoint(t *testing.T) {
	d := open(t)
	ballast(t, d)
	for round := range 5 {
		for n := range 40 { // at the end the WAL is full, and some of it not yet in the file
			fill(t, d, n)
		}
		if err := d.Checkpoint(t.Context()); err != nil {
			t.Fatal(err)
		}
		if size := walSize(t, d); size != 0 {
			t.Fatalf("in round %d the WAL has %d bytes", round, size)
		}
	}
}
