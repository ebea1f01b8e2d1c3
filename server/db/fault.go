package db

import (
	"database/sql"
	"errors"
	"strings"

	"github.com/mattn/go-sqlite3"

	"keystead/shared/fault"
)

// plain turns what the caller can do something about into faults and leaves the
// rest as it is.
func plain(err error) error {
	var se sqlite3.Error
	if err == nil || !errors.As(err, &se) {
		return err
	}
	switch se.Code {
	case sqlite3.ErrFull, sqlite3.ErrReadonly, sqlite3.ErrIoErr, sqlite3.ErrCantOpen, sqlite3.ErrPerm:
		return &unavailable{"The server can't write to its disk right now. Nothing was changed.", err}
	}
	return err
}

// unsynced is what an act hears whose commit the disk did not confirm, and every act
// after it. The kernel forgets the pages that it could not write, and lets the next sync
// pass: what is on the disk is known only once it is read again, after a restart.
func unsynced(cause error) error {
	return &unavailable{"The server's disk failed to keep what was written. No change is taken until the server is started again; only then it shows whether the one that failed is there.", cause}
}

// doubt remembers the first sync that failed, whoever asked for it.
func (d *DB) doubt(cause error) { d.unsure.CompareAndSwap(nil, &cause) }

// damaged says what is to be done about a file that can't be read as a database, in one
// line: SQLite's own words may quote the schema.
func damaged(err error) error {
	var se sqlite3.Error
	if !errors.As(err, &se) || se.Code != sqlite3.ErrCorrupt && se.Code != sqlite3.ErrNotADB {
		return err
	}
	words, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New("the database is damaged, restore a backup of it: " + words)
}

// unconfirmed reports whether err says that a sync failed.
func unconfirmed(err error) bool {
	var se sqlite3.Error
	return errors.As(err, &se) && (se.ExtendedCode == sqlite3.ErrIoErrFsync || se.ExtendedCode == sqlite3.ErrIoErrDirFsync)
}

// unavailable is a storage that takes no writes: full, read-only or broken. The
// person reads a sentence, the log the cause.
type unavailable struct {
	sentence string
	cause    error
}

func (u *unavailable) Error() string { return "storage unavailable: " + u.cause.Error() }

// Unwrap gives both: the fault for the answer, the cause for the log.
func (u *unavailable) Unwrap() []error {
	return []error{
		&fault.Error{Code: fault.ReadOnlyStorage, Detail: u.sentence, RetryAfter: 5},
		u.cause,
	}
}

// lost reports whether an error may have rolled back the whole transaction rather
// than the statement (https://www.sqlite.org/lang_transaction.html, "Response to
// errors within a transaction").
func lost(err error) bool {
	var se sqlite3.Error
	if errors.Is(err, errHalfDone) || errors.Is(err, errGone) {
		return true
	}
	if !errors.As(err, &se) {
		return errors.Is(err, sql.ErrTxDone) || errors.Is(err, sql.ErrConnDone)
	}
	switch se.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrNomem, sqlite3.ErrBusy, sqlite3.ErrInterrupt, sqlite3.ErrReadonly, sqlite3.ErrCorrupt:
		return true
	}
	return false
}

// errHalfDone says that an act failed which had written and has no savepoint, see [DB.Append].
var errHalfDone = errors.New("an act of the same commit was half done")

// errGone says that an act could not end its savepoint, since SQLite has taken back the
// whole transaction.
var errGone = errors.New("the transaction is gone")

// Clashes reports whether err says that a unique index, or a unique column given as
// "table.column", already holds the value.
func Clashes(err error, index string) bool {
	var se sqlite3.Error
	return errors.As(err, &se) && se.ExtendedCode == sqlite3.ErrConstraintUnique && strings.Contains(se.Error(), index)
}
