package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// Reader reads, on a connection of its own or inside a transaction.
type Reader interface {
	// Get scans one row into dest; [IsNone] tells when there is none.
	Get(dest any, query string, args ...any) error
	// Select scans all rows into the slice that dest points to.
	Select(dest any, query string, args ...any) error
}

// IsNone reports whether err says that no row was found.
func IsNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Read reads what is committed. The statement ends when ctx does.
func (d *DB) Read(ctx context.Context) Reader { return reading{d, ctx} }

type reading struct {
	d   *DB
	ctx context.Context
}

func (r reading) Get(dest any, query string, args ...any) error {
	stmt, err := r.d.prepare(r.ctx, query)
	if err != nil {
		return err
	}
	return plain(stmt.GetContext(r.ctx, dest, args...))
}

func (r reading) Select(dest any, query string, args ...any) error {
	stmt, err := r.d.prepare(r.ctx, query)
	if err != nil {
		return err
	}
	return plain(stmt.SelectContext(r.ctx, dest, args...))
}

// prepare keeps each statement for ever: texts are constants of this program or
// put together from a few of them, never from what a user sent.
func (d *DB) prepare(ctx context.Context, query string) (*sqlx.Stmt, error) {
	if stmt, ok := d.prepared.Load(query); ok {
		return stmt.(*sqlx.Stmt), nil
	}
	stmt, err := d.read.PreparexContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", plain(err))
	}
	if kept, loaded := d.prepared.LoadOrStore(query, stmt); loaded {
		_ = stmt.Close()
		return kept.(*sqlx.Stmt), nil
	}
	return stmt, nil
}
