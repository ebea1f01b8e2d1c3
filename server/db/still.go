package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/jmoiron/sqlx"
)

// Still is a database that nobody writes, as it is: nothing in it is migrated.
type Still struct{ read *sqlx.DB }

// Look opens a file for reading, and a WAL that lies beside it. Where none does, nothing
// is made beside it either.
func Look(path string) (*Still, error) {
	how := "?mode=ro&_query_only=true&_busy_timeout=" + busyTimeout
	if _, err := os.Stat(path + "-wal"); errors.Is(err, fs.ErrNotExist) {
		how += "&immutable=1"
	}
	read, err := sqlx.Open("sqlite3", fileURL(path)+how)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	read.SetMaxOpenConns(1)
	return &Still{read}, nil
}

// Close lets go of the file.
func (s *Still) Close() error { return s.read.Close() }

// Schema is the number of the schema that the file was written in.
func (s *Still) Schema(ctx context.Context) (version int, err error) {
	err = s.Read(ctx).Get(&version, "PRAGMA user_version")
	return version, err
}

// Check reads the whole file and says what SQLite finds wrong with it: pages, indexes,
// rows that refer to none.
func (s *Still) Check(ctx context.Context) error {
	var found []string
	if err := s.Read(ctx).Select(&found, "PRAGMA integrity_check(1)"); err != nil {
		return err
	}
	if len(found) != 1 || found[0] != "ok" {
		return errors.New("pages or indexes are damaged")
	}
	var orphans int
	if err := s.Read(ctx).Get(&orphans, "SELECT count(*) FROM pragma_foreign_key_check"); err != nil {
		return err
	}
	if orphans > 0 {
		return fmt.Errorf("%d rows refer to rows that are not there", orphans)
	}
	return nil
}

// Read reads; see [DB.Read].
func (s *Still) Read(ctx context.Context) Reader { return stillReading{s.read, ctx} }

type stillReading struct {
	read *sqlx.DB
	ctx  context.Context
}

func (r stillReading) Get(dest any, query string, args ...any) error {
	return plain(r.read.GetContext(r.ctx, dest, query, args...))
}

func (r stillReading) Select(dest any, query string, args ...any) error {
	return plain(r.read.SelectContext(r.ctx, dest, query, args...))
}
