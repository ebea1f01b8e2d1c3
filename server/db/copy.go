package db

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"github.com/jmoiron/sqlx"
)

// CopyTo writes what is committed now into a new file at path, which its owner alone
// can read. Others write on meanwhile and are not in it. Nor is what was deleted and
// still lies in free pages.
func (d *DB) CopyTo(ctx context.Context, path string) error {
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copy the database: there is a file at %s", path)
	}
	made, err := private(path)
	if err != nil {
		return err
	}
	if err := made.Close(); err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	// A connection of its own: the readers are query_only, which forbids writing the
	// copy too, and the writer has other things to do.
	from, err := sqlx.Open("sqlite3", fileURL(d.Path)+"?mode=ro&_busy_timeout="+busyTimeout)
	if err != nil {
		return fmt.Errorf("copy the database: %w", err)
	}
	defer func() { _ = from.Close() }()
	if _, err := from.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return fmt.Errorf("copy the database: %w", plain(err))
	}
	return nil
}

// fileURL is the name of a file as SQLite takes it with parameters behind.
func fileURL(path string) string { return "file:" + (&url.URL{Path: path}).EscapedPath() }
