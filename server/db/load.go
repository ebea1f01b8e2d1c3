package db

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Sizes are those of the file and of its WAL, in bytes. A WAL that grows on and on
// tells of a reader that never ends.
func (d *DB) Sizes() (file, wal int64, err error) {
	info, err := os.Stat(d.Path)
	if err != nil {
		return 0, 0, fmt.Errorf("size up the database: %w", err)
	}
	log, err := os.Stat(d.Path + "-wal")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return info.Size(), 0, nil
	case err != nil:
		return 0, 0, fmt.Errorf("size up the WAL: %w", err)
	}
	return info.Size(), log.Size(), nil
}

// Waiting is how many acts wait for the writer right now.
func (d *DB) Waiting() int { return len(d.jobs) }
