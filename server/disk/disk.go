// Package disk sees files on the disk, so that they are there after a power loss.
package disk

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Rename gives a file another name, for good: a power loss leaves it under the one or the
// other, and what it replaces there until then. What the file holds is on the disk before.
func Rename(from, to string) error {
	if err := os.Rename(from, to); err != nil {
		return err
	}
	return Sync(filepath.Dir(to))
}

// Sync sees the content of a file on the disk, or the names in a folder.
func Sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("see %s on the disk: %w", path, err)
	}
	return errors.Join(f.Sync(), f.Close())
}
