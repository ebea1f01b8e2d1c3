package wal_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3" // the driver
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"keystead/server/db/wal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fatal is a test, or one try of many.
type fatal interface {
	Helper()
	Fatal(...any)
	Cleanup(func())
}

// open is one connection, in WAL mode.
func open(t fatal, path, vfs string) *sqlx.DB {
	t.Helper()
	if err := wal.Register(); err != nil {
		t.Fatal(err)
	}
	d, err := sqlx.Open("sqlite3", "file:"+path+"?_journal_mode=WAL&vfs="+vfs)
	if err != nil {
		t.Fatal(err)
	}
	d.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func exec(t fatal, d *sqlx.DB, query string, args ...any) {
	t.Helper()
	if _, err := d.Exec(query, args...); err != nil {
		t.Fatal(query, err)
	}
}

// A commit that could not be written is none, neither now nor for who reads the WAL after
// a crash, and what comes after it is one.
func TestAFailedCommitIsForgotten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "it.db")
	d := open(t, path, wal.Name)
	exec(t, d, "CREATE TABLE it (name TEXT, data BLOB)")
	exec(t, d, "INSERT INTO it VALUES ('before', NULL)")
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	for _, pages := range []int{0, 1, 20, 40} {
		lift := limit(t, info.Size()+int64(pages)*4096)
		if _, err := d.Exec("INSERT INTO it VALUES ('too much', zeroblob(50 * 4096))"); err == nil {
			t.Fatal("there was room")
		}
		lift()
		holds(t, d, "before")
		holds(t, open(t, crashed(t, path), "unix"), "before")
	}
	exec(t, d, "INSERT INTO it VALUES ('after', zeroblob(50 * 4096))")
	holds(t, d, "before after")
	holds(t, open(t, crashed(t, path), "unix"), "before after")
}

// A page that was to wait in the WAL for its commit and could not takes the transaction
// with it.
func TestAFailedReadTakesAllBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "it.db")
	d := open(t, path, wal.Name)
	exec(t, d, "PRAGMA cache_size = 2")
	exec(t, d, "CREATE TABLE it (name TEXT, data BLOB)")
	exec(t, d, "BEGIN IMMEDIATE")
	exec(t, d, "INSERT INTO it VALUES ('too much', zeroblob(20 * 4096))")
	lift := limit(t, 3*4096)
	if err := d.Get(new([]byte), "SELECT data FROM it"); err == nil {
		t.Fatal("there was room")
	}
	lift()
	if _, err := d.Exec("COMMIT"); err == nil {
		t.Error("half of it was committed")
	}
	holds(t, d, "")
}

// What was taken back does not come back over what others write in its place.
func TestOthersWriteInThePlaceOfWhatWasTakenBack(t *testing.T) {
	path := filepath.Join(t.TempDir(), "it.db")
	d, other := open(t, path, wal.Name), open(t, path, "unix")
	exec(t, d, "PRAGMA cache_size = 2")
	exec(t, d, "CREATE TABLE it (name TEXT, data BLOB)")
	exec(t, d, "PRAGMA wal_checkpoint(TRUNCATE)")
	exec(t, d, "BEGIN IMMEDIATE")
	exec(t, d, "INSERT INTO it VALUES ('too much', zeroblob(20 * 4096))")
	exec(t, d, "ROLLBACK")
	exec(t, other, "INSERT INTO it VALUES ('of another', zeroblob(20 * 4096))")
	holds(t, d, "of another")
	holds(t, open(t, crashed(t, path), "unix"), "of another")
}

// limit is how long a file may become until lift is called.
func limit(t *testing.T, size int64) (lift func()) {
	t.Helper()
	var were syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &were); err != nil {
		t.Fatal(err)
	}
	signal.Ignore(syscall.SIGXFSZ) // then a write says so
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(size), Max: were.Max}); err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &were); err != nil {
			t.Fatal(err)
		}
		signal.Reset(syscall.SIGXFSZ)
	}
}

// crashed is a copy of what is on the disk.
func crashed(t *testing.T, path string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "it.db")
	for _, name := range []string{"", "-wal"} {
		text, err := os.ReadFile(path + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to+name, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}

// holds compares the names that are in the table.
func holds(t *testing.T, d *sqlx.DB, want string) {
	t.Helper()
	var names []string
	if err := d.Select(&names, "SELECT name FROM it ORDER BY rowid"); err != nil || strings.Join(names, " ") != want {
		t.Errorf("%q, %v, want %q", names, err, want)
	}
}

// Whatever is done, and however little SQLite syncs, others see each commit, whole, as
// soon as it is one, may write between, and the file is sound.
func TestOthersSeeEachCommit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		folder, err := os.MkdirTemp("", "wal")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(folder) })
		w := begin(t, filepath.Join(folder, "it.db"))
		t.Repeat(map[string]func(*rapid.T){
			"commit":           func(t *rapid.T) { w.transaction(t, w.writer, w.other, "COMMIT") },
			"roll back":        func(t *rapid.T) { w.transaction(t, w.writer, w.other, "ROLLBACK") },
			"another's commit": func(t *rapid.T) { w.transaction(t, w.other, w.writer, "COMMIT") },
			"checkpoint":       w.checkpoint,
			"open again":       w.again,
			"":                 w.check,
		})
	})
}

// work is a database, and what should be in it.
type work struct {
	path          string
	writer, other *sqlx.DB
	rows          map[int64][]byte
}

// begin makes the database. The size of its pages is settled before it has a WAL.
func begin(t *rapid.T, path string) *work {
	page := rapid.SampledFrom([]int{512, 4096, 65536}).Draw(t, "page")
	d, err := sqlx.Open("sqlite3", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	exec(t, d, fmt.Sprintf("PRAGMA page_size = %d; CREATE TABLE it (id INTEGER PRIMARY KEY, data BLOB NOT NULL)", page))
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	w := &work{path: path, writer: open(t, path, wal.Name), other: open(t, path, "unix"), rows: map[int64][]byte{}}
	w.settings(t)
	exec(t, w.other, "PRAGMA synchronous = OFF")
	return w
}

// settings are few pages of cache, so that pages go to the WAL and come back from it
// before the commit, and any measure of care.
func (w *work) settings(t *rapid.T) {
	exec(t, w.writer, fmt.Sprintf("PRAGMA cache_size = %d", rapid.SampledFrom([]int{2, 10, 500}).Draw(t, "cache")))
	exec(t, w.writer, "PRAGMA synchronous = "+rapid.SampledFrom([]string{"OFF", "NORMAL", "FULL", "EXTRA"}).Draw(t, "care"))
	exec(t, w.writer, fmt.Sprintf("PRAGMA wal_autocheckpoint = %d", rapid.SampledFrom([]int{0, 5, 1000}).Draw(t, "pages")))
}

func (w *work) transaction(t *rapid.T, by, beside *sqlx.DB, end string) {
	rows := maps.Clone(w.rows)
	exec(t, by, "BEGIN IMMEDIATE")
	for range rapid.IntRange(0, 12).Draw(t, "changes") {
		w.change(t, by, rows)
	}
	if rapid.Bool().Draw(t, "halfway") {
		exec(t, by, "SAVEPOINT halfway")
		w.change(t, by, maps.Clone(rows))
		exec(t, by, "ROLLBACK TO halfway; RELEASE halfway")
	}
	same(t, by, rows)
	same(t, beside, w.rows)
	exec(t, by, end)
	if end == "COMMIT" {
		w.rows = rows
	}
}

// change puts something in the place of a row, or removes it.
func (w *work) change(t *rapid.T, by *sqlx.DB, rows map[int64][]byte) {
	id := rapid.Int64Range(1, 20).Draw(t, "row")
	if rapid.IntRange(0, 4).Draw(t, "removed") == 0 {
		exec(t, by, "DELETE FROM it WHERE id = ?", id)
		delete(rows, id)
		return
	}
	data := bytes.Repeat([]byte{rapid.Byte().Draw(t, "byte")}, rapid.SampledFrom([]int{1, 300, 9000, 60_000}).Draw(t, "length"))
	exec(t, by, "INSERT OR REPLACE INTO it VALUES (?, ?)", id, data)
	rows[id] = data
}

func (w *work) checkpoint(t *rapid.T) {
	exec(t, w.writer, "PRAGMA wal_checkpoint("+rapid.SampledFrom([]string{"PASSIVE", "RESTART", "TRUNCATE"}).Draw(t, "kind")+")")
}

func (w *work) again(t *rapid.T) {
	if err := w.writer.Close(); err != nil {
		t.Fatal(err)
	}
	w.writer = open(t, w.path, wal.Name)
	w.settings(t)
}

func (w *work) check(t *rapid.T) {
	same(t, w.other, w.rows)
	var is string
	if err := w.other.Get(&is, "PRAGMA integrity_check"); err != nil || is != "ok" {
		t.Fatal(is, err)
	}
}

// same compares what a connection sees with what should be there.
func same(t fatal, d *sqlx.DB, want map[int64][]byte) {
	t.Helper()
	var rows []struct {
		ID   int64
		Data []byte
	}
	if err := d.Select(&rows, "SELECT id, data FROM it ORDER BY id"); err != nil {
		t.Fatal(err)
	}
	ids := slices.Sorted(maps.Keys(want))
	if len(rows) != len(ids) {
		t.Fatal(len(rows), "rows, not", len(ids))
	}
	for i, row := range rows {
		if row.ID != ids[i] || !bytes.Equal(row.Data, want[row.ID]) {
			t.Fatal("row", row.ID, "is not what was written")
		}
	}
}
