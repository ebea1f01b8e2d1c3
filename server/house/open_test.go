package house_test

import (
	"bytes"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"testing"
	"time"

	"keystead/server/config"
	"keystead/server/house"
	"keystead/server/seal"
)

// TestP04AWrongMasterKeyChangesNoOlderSchema: the key is tried before the schema is
// brought up to date.
func TestP04AWrongMasterKeyChangesNoOlderSchema(t *testing.T) {
	cfg := config.Default()
	cfg.Data = t.TempDir()
	options := house.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)}
	h, err := house.Open(t.Context(), cfg, options)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	file := cfg.Database()
	older, err := sql.Open("sqlite3", file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := older.Exec("PRAGMA user_version = 1"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(older.Close(), os.Remove(cfg.MasterKey())); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.MakeMaster(cfg.MasterKey()); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := house.Open(t.Context(), cfg, options); !errors.Is(err, seal.ErrWrongMaster) {
		t.Errorf("it says: %v", err)
	}
	if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file changed, or can't be read: %v", err)
	}
}
