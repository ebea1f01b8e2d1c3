package db_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"keystead/server/db"
	"keystead/shared/fault"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func open(t *testing.T) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "k.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func insert(tx *db.Tx, name string) error {
	_, err := tx.Exec("INSERT INTO organizations (uuid, name, name_folded, short_name, created_at) VALUES (?, ?, ?, ?, ?)",
		name, name, name, name, db.At(tx.Now()))
	return err
}

func count(t *testing.T, d *db.DB) (n int) {
	t.Helper()
	if err := d.Read(t.Context()).Get(&n, "SELECT count(*) FROM organizations"); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWritersThatShareACommitFailAlone(t *testing.T) {
	d := open(t)
	refused := errors.New("refused")
	var wait sync.WaitGroup
	results := make([]error, 200)
	for i := range results {
		wait.Go(func() {
			results[i] = d.Write(t.Context(), func(tx *db.Tx) error {
				if err := insert(tx, fmt.Sprintf("org-%d", i)); err != nil {
					return err
				}
				if i%3 == 0 {
					return refused
				}
				return nil
			})
		})
	}
	wait.Wait()
	want := 0
	for i, err := range results {
		if i%3 == 0 {
			if !errors.Is(err, refused) {
				t.Errorf("act %d: %v", i, err)
			}
			continue
		}
		want++
		if err != nil {
			t.Errorf("act %d: %v", i, err)
		}
	}
	if got := count(t, d); got != want {
		t.Errorf("%d rows, want %d", got, want)
	}
}

// An act without a savepoint is refused alone while it has written nothing. Where it fails
// later, nothing of its commit is there.
func TestWhatIsAppendedIsThereWholeOrNotAtAll(t *testing.T) {
	refused := errors.New("refused")
	for what, half := range map[string]bool{"refused": false, "half done": true} {
		d := open(t)
		results := make([]error, 200)
		var wait sync.WaitGroup
		for i := range results {
			wait.Go(func() {
				results[i] = d.Append(t.Context(), func(tx *db.Tx) error {
					bad := i%20 == 7
					if bad && !half {
						return refused
					}
					if err := insert(tx, fmt.Sprintf("org-%d", i)); err != nil || !bad {
						return err
					}
					return refused
				})
			})
		}
		wait.Wait()
		done := 0
		for i, err := range results {
			switch {
			case err == nil:
				done++
			case !errors.Is(err, refused):
				t.Errorf("%s: act %d: %v", what, i, err)
			}
		}
		if got := count(t, d); got != done {
			t.Errorf("%s: %d rows of %d acts that were done", what, got, done)
		}
		if !half && done != 190 {
			t.Errorf("%d acts were done, want 190", done)
		}
	}
}

// After some errors SQLite has taken back everyone's acts, whatever the one that met the
// error says. What comes after it is then not done on its own either.
func TestNothingIsDoneOnceTheTransactionIsGone(t *testing.T) {
	d := open(t)
	results := make([]error, 200)
	var wait sync.WaitGroup
	for i := range results {
		wait.Go(func() {
			results[i] = d.Write(t.Context(), func(tx *db.Tx) error {
				if i%20 != 7 {
					return insert(tx, fmt.Sprintf("org-%d", i))
				}
				if _, err := tx.Exec("ROLLBACK"); err != nil {
					return err
				}
				return errors.New("refused")
			})
		})
	}
	wait.Wait()
	done := 0
	for _, err := range results {
		if err == nil {
			done++
		}
	}
	if got := count(t, d); got != done {
		t.Errorf("%d rows of %d acts that were done", got, done)
	}
}

func TestAPanicIsItsOwn(t *testing.T) {
	d := open(t)
	for how, write := range map[string]func(context.Context, func(*db.Tx) error) error{"write": d.Write, "append": d.Append} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: the panic did not reach its caller", how)
				}
			}()
			_ = write(t.Context(), func(tx *db.Tx) error {
				if err := insert(tx, "half"); err != nil {
					t.Error(err)
				}
				panic("broken act")
			})
		}()
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return insert(tx, "whole") }); err != nil {
		t.Fatal(err)
	}
	if got := count(t, d); got != 1 {
		t.Errorf("%d rows, want 1", got)
	}
}

func TestEpochMovesWithWritesAndNotWithNotes(t *testing.T) {
	d := open(t)
	steps := func(f func()) (epoch, commits bool) {
		e, c := d.Epoch(), d.Commits()
		f()
		return d.Epoch() != e, d.Commits() != c
	}
	write := func(err error) func() {
		return func() { _ = d.Write(t.Context(), func(*db.Tx) error { return err }) }
	}
	if epoch, commits := steps(write(nil)); !epoch || !commits {
		t.Error("a write moved nothing")
	}
	if epoch, _ := steps(write(errors.New("no"))); epoch {
		t.Error("a refused write moved the epoch")
	}
	note := func() { _ = d.Note(t.Context(), func(*db.Tx) error { return nil }) }
	if epoch, commits := steps(note); epoch || !commits {
		t.Error("a note moves the commits and not the epoch")
	}
}

func TestHooksRunOnlyAfterACommit(t *testing.T) {
	d := open(t)
	ran := 0
	hook := func(err error) error {
		return d.Write(t.Context(), func(tx *db.Tx) error { tx.OnCommit(func() { ran++ }); return err })
	}
	if err := hook(nil); err != nil || ran != 1 {
		t.Errorf("ran %d times, %v", ran, err)
	}
	if err := hook(errors.New("no")); err == nil || ran != 1 {
		t.Errorf("ran %d times, %v", ran, err)
	}
}

func TestP63WritesAreDurable(t *testing.T) {
	d := open(t)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for pragma, want := range map[string]string{
			"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "secure_delete": "1",
		} {
			var got string
			if err := tx.Get(&got, "PRAGMA "+pragma); err != nil {
				return err
			}
			if got != want {
				t.Errorf("%s is %s, want %s", pragma, got, want)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	d := open(t)
	var id int
	err := d.Read(t.Context()).Get(&id, "DELETE FROM keyset RETURNING id")
	if err == nil || db.IsNone(err) {
		t.Errorf("a reader wrote: %v", err)
	}
}

func TestAbandonedActsAreNotDone(t *testing.T) {
	d := open(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Write(ctx, func(tx *db.Tx) error { return insert(tx, "late") }); err == nil {
		t.Error("an abandoned act was done")
	}
	if got := count(t, d); got != 0 {
		t.Errorf("%d rows", got)
	}
}

func TestP66ANewerDatabaseIsRefusedAndLeftAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "k.db")
	raw, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec("PRAGMA journal_mode = WAL; PRAGMA user_version = 9999"); err != nil {
		t.Fatal(err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	before := content(t, path)
	d, err := db.Open(t.Context(), path, time.Now)
	if err == nil {
		_ = d.Close()
		t.Fatal("a newer database was opened")
	}
	if !strings.Contains(err.Error(), "newer keystead") {
		t.Error(err)
	}
	if !bytes.Equal(content(t, path), before) {
		t.Error("a newer database was changed")
	}
}

func content(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestTheFileIsPrivate(t *testing.T) {
	d := open(t)
	for _, name := range []string{d.Path, d.Path + "-wal"} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %v", filepath.Base(name), info.Mode())
		}
	}
}

func TestClashesNamesItsIndex(t *testing.T) {
	d := open(t)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		if err := insert(tx, "twin"); err != nil {
			return err
		}
		return insert(tx, "twin")
	})
	if !db.Clashes(err, "organizations.uuid") && !db.Clashes(err, "organizations.short_name") {
		t.Errorf("%v", err)
	}
	if db.Clashes(err, "users.email_folded") {
		t.Error("it names an index that did not clash")
	}
}

func TestP64AFullDiskIsAFault(t *testing.T) {
	d := open(t)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		var pages int
		if err := tx.Get(&pages, "PRAGMA page_count"); err != nil {
			return err
		}
		var limit int
		return tx.Get(&limit, fmt.Sprintf("PRAGMA max_page_count = %d", pages+1))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO account (id, uuid, name, created_at) VALUES (1, 'u', ?, 0)", strings.Repeat("x", 1<<20))
		return err
	})
	if !fault.Is(err, fault.ReadOnlyStorage) {
		t.Errorf("%v", err)
	}
	if count(t, d) != 0 {
		t.Error("reading stopped too")
	}
}

// What an act may have to undo stays in memory, however many acts share its commit: in a
// temporary file it would lie where nobody looks for our data.
func TestTheWriterMakesNoTemporaryFiles(t *testing.T) {
	d := open(t)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		var store int
		err := tx.Get(&store, "PRAGMA temp_store")
		if store != 2 { // memory
			t.Errorf("temp_store is %d", store)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
