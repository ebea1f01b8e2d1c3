package disk_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"keystead/server/disk"
)

// That it outlives a power loss is shown where there is one: build/e2e/faults.
func TestAFileGetsAnotherName(t *testing.T) {
	from, to := filepath.Join(t.TempDir(), "new"), filepath.Join(t.TempDir(), "old")
	for path, text := range map[string]string{from: "new", to: "old"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := disk.Sync(from); err != nil {
		t.Error(err)
	}
	if err := disk.Rename(from, to); err != nil {
		t.Error(err)
	}
	if text, err := os.ReadFile(to); err != nil || string(text) != "new" {
		t.Errorf("it holds %q: %v", text, err)
	}
	if err := disk.Rename(from, to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is gone gets a name: %v", err)
	}
	if err := disk.Sync(from); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is gone is on the disk: %v", err)
	}
}
