package db

import (
	"context"
	"database/sql"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"
)

// Tx is an act's part of a write transaction. It is good inside the function that
// [DB.Write] was given, and not after.
type Tx struct {
	d      *DB
	tx     *sqlx.Conn
	wrote  bool // see [DB.Append]
	commit []func()
}

// Now is the installation's clock.
func (t *Tx) Now() time.Time { return t.d.Now() }

// Undecided reports whether nothing that changes a decision was done since epoch, neither
// committed nor in this transaction.
func (t *Tx) Undecided(since uint64) bool { return !t.d.decided && t.d.Epoch() == since }

// OnCommit runs f after the transaction is on disk, before the caller of Write
// hears of it. f must not write.
func (t *Tx) OnCommit(f func()) { t.commit = append(t.commit, f) }

// Hand leaves value to the acts that come after this one in the same commit, and to the
// hooks after it: what the writer knows without asking SQLite again. An act that fails
// leaves nothing.
func (t *Tx) Hand(key, value any) { t.d.handed = append(t.d.handed, handed{key, value}) }

// Handed is what was left last under key, or nil.
func (t *Tx) Handed(key any) any {
	for _, h := range slices.Backward(t.d.handed) {
		if h.key == key {
			return h.value
		}
	}
	return nil
}

type handed struct{ key, value any }

// Get scans one row into dest.
func (t *Tx) Get(dest any, query string, args ...any) error {
	t.asks(query)
	return plain(t.tx.GetContext(context.Background(), dest, query, args...))
}

// asks takes every query that does not begin as one that reads for one that writes, by
// RETURNING perhaps.
func (t *Tx) asks(query string) {
	t.wrote = t.wrote || !strings.HasPrefix(strings.TrimLeft(query, " \t\n"), "SELECT")
}

// Select scans all rows into the slice that dest points to.
func (t *Tx) Select(dest any, query string, args ...any) error {
	t.asks(query)
	return plain(t.tx.SelectContext(context.Background(), dest, query, args...))
}

// Insert stores one row and returns the id that it was given. RETURNING says the same by
// a table that SQLite makes for each row: this is for those that are added by thousands.
func (t *Tx) Insert(query string, args ...any) (int64, error) {
	result, err := t.exec(query, args)
	if err != nil {
		return 0, plain(err)
	}
	t.wrote = true
	id, err := result.LastInsertId()
	return id, plain(err)
}

// Exec runs a statement and returns how many rows it changed.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	result, err := t.exec(query, args)
	if err != nil {
		return 0, plain(err)
	}
	t.wrote = true
	n, err := result.RowsAffected()
	return n, plain(err)
}

// exec puts in place of args what database/sql needs no reflection for: that takes a third
// of its own time, and of the one writer's everyone's.
func (t *Tx) exec(query string, args []any) (sql.Result, error) {
	for i, arg := range args {
		switch arg := arg.(type) {
		case Stamp:
			args[i] = arg.stored()
		case *Stamp:
			if args[i] = nil; arg != nil {
				args[i] = arg.stored()
			}
		case *int64:
			args[i] = orNull(arg)
		case *string:
			args[i] = orNull(arg)
		}
	}
	return t.tx.ExecContext(context.Background(), query, args...)
}

func orNull[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}
