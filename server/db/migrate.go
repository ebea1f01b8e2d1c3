package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jmoiron/sqlx"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema to the newest version, each step in its own
// transaction, so that a crash between two leaves the older schema whole.
// PRAGMA user_version counts the steps. A table that is made anew takes the place of the old
// one, to which others refer: that they refer to rows that are there is proven after each
// step instead.
func migrate(ctx context.Context, write *sqlx.DB) error {
	names := steps()
	var version int
	if err := write.GetContext(ctx, &version, "PRAGMA user_version"); err != nil {
		return fmt.Errorf("read the database: %w", err)
	}
	if version > len(names) {
		return fmt.Errorf("the database was written by a newer keystead (schema %d, this one knows %d): use that one", version, len(names))
	}
	if version == len(names) {
		return nil
	}
	if _, err := write.ExecContext(ctx, "PRAGMA foreign_keys = OFF"); err != nil {
		return fmt.Errorf("migrate: %w", plain(err))
	}
	for i := version; i < len(names); i++ {
		if err := step(ctx, write, names[i], i+1); err != nil {
			return err
		}
	}
	if _, err := write.ExecContext(ctx, "PRAGMA foreign_keys = ON"); err != nil {
		return fmt.Errorf("migrate: %w", plain(err))
	}
	return nil
}

// steps are the names of the migrations, in their order.
func steps() []string {
	names, err := fs.Glob(migrations, "migrations/*.sql") // sorted by name
	if err != nil {
		panic(err) // the pattern is ours
	}
	return names
}

// Newest is the number of the newest schema that this program knows.
func Newest() int { return len(steps()) }

func step(ctx context.Context, write *sqlx.DB, name string, version int) error {
	text, err := migrations.ReadFile(name)
	if err != nil {
		return fmt.Errorf("read %s: %w", name, err)
	}
	tx, err := write.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("migrate: %w", plain(err))
	}
	defer func() { _ = tx.Rollback() }()
	// A PRAGMA takes no parameters; the number is ours.
	if _, err := tx.ExecContext(ctx, string(text)+fmt.Sprintf("\nPRAGMA user_version = %d;", version)); err != nil {
		return fmt.Errorf("migrate to %s: %w", name, plain(err))
	}
	var orphans int
	if err := tx.GetContext(ctx, &orphans, "SELECT count(*) FROM pragma_foreign_key_check"); err != nil {
		return fmt.Errorf("migrate to %s: %w", name, plain(err))
	}
	if orphans > 0 {
		return fmt.Errorf("migrate to %s: %d rows refer to rows that are not there", name, orphans)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("migrate to %s: %w", name, plain(err))
	}
	return nil
}
