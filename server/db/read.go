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
	if stmt == nil {
		return plain(r.d.read.GetContext(r.ctx, dest, query, args...))
	}
	return plain(stmt.GetContext(r.ctx, dest, args...))
}

func (r reading) Select(dest any, query string, args ...any) error {
	stmt, err := r.d.prepare(r.ctx, query)
	if err != nil {
		return err
	}
	if stmt == nil {
		return plain(r.d.read.SelectContext(r.ctx, dest, query, args...))
	}
	return plain(stmt.SelectContext(r.ctx, dest, args...))
}

// maxPrepared bounds the statements that are kept. Lists put theirs together from
// filters: somebody who tries all combinations must not fill the memory.
const maxPrepared = 256

// prepare keeps a statement for ever, or is nil where enough are kept: then the text
// is prepared for this one use.
func (d *DB) prepare(ctx context.Context, query string) (*sqlx.Stmt, error) {
	if stmt, ok := d.prepared.Load(query); ok {
		return stmt.(*sqlx.Stmt), nil
	}
	if d.kept.Load() >= maxPrepared {
		return nil, nil
	}
	stmt, err := d.read.PreparexContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("prepare: %w", plain(err))
	}
	if kept, loaded := d.prepared.LoadOrStore(query, stmt); loaded {
		_ = stmt.Close()
		return kept.(*sqlx.Stmt), nil
	}
	d.kept.Add(1)
	return stmt, nil
}

// Statements are the texts that are kept. None has in it what anybody sent: that travels
// beside it, as an argument.
func (d *DB) Statements() (texts []string) {
	d.prepared.Range(func(text, _ any) bool { texts = append(texts, text.(string)); return true })
	return texts
}
