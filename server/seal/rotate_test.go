package seal_test

import (
	"errors"
	"path/filepath"
	"testing"

	"keystead/server/db"
	"keystead/server/seal"
)

// TestTwoRotationsInOneCommitDoNotLoseAKey: acts that share a commit know nothing of
// each other's keys until it is on disk. The second one is refused, and nothing of it
// stays.
func TestTwoRotationsInOneCommitDoNotLoseAKey(t *testing.T) {
	s, d, dir := open(t)
	next := seal.NewMaster()
	for name, second := range map[string]func(*db.Tx) error{
		"another master key": func(tx *db.Tx) error { return s.Rotate(tx, seal.NewMaster(), true) },
		"a pepper":           s.AddPepper,
		"a dropped data key": func(tx *db.Tx) error { return s.DropDataKeys(tx, s.Prefix()) },
		"a dropped pepper":   func(tx *db.Tx) error { return s.DropPepper(tx, 99) },
	} {
		undone := errors.New("undone")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := s.Rotate(tx, next, true); err != nil {
				return err
			}
			if err := second(tx); !errors.Is(err, seal.ErrBusy) {
				t.Errorf("%s: %v", name, err)
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
	}
	master, err := seal.ReadMaster(filepath.Join(dir, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := seal.Open(t.Context(), d, master); err != nil || again.Bridge() != nil {
		t.Errorf("after rotations that were undone: %v", err)
	}
}

// TestDataKeysAreDroppedOnlyForTheOneThatWasCounted: rows that were counted under one
// say nothing about the next.
func TestDataKeysAreDroppedOnlyForTheOneThatWasCounted(t *testing.T) {
	s, d, _ := open(t)
	counted := s.Prefix()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return s.Rotate(tx, seal.NewMaster(), true) }); err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return s.DropDataKeys(tx, counted) }); !errors.Is(err, seal.ErrBusy) {
		t.Errorf("the data key in use was dropped: %v", err)
	}
}

// TestWhoReadBeforeTheDropOpensStill: a ciphertext that was read before its row was
// renewed and the old data key dropped.
func TestWhoReadBeforeTheDropOpensStill(t *testing.T) {
	s, d, dir := open(t)
	at := seal.Place{Table: "secrets", Column: "ciphertext", Row: "r", Org: "o"}
	read, err := s.Seal("value", at)
	if err != nil {
		t.Fatal(err)
	}
	next := seal.NewMaster()
	for _, act := range []func(*db.Tx) error{
		func(tx *db.Tx) error { return s.Rotate(tx, next, true) },
		s.Burn,
		func(tx *db.Tx) error { return s.DropDataKeys(tx, s.Prefix()) },
		s.AddPepper, // keys that are replaced once more
	} {
		if err := d.Write(t.Context(), act); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Open(read, at); err != nil || got.Reveal() != "value" {
			t.Fatalf("it does not open: %v", err)
		}
	}
	fresh, err := seal.Open(t.Context(), d, next)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := fresh.Open(read, at); err == nil {
		t.Error("the dropped data key opens after a start")
	}
	if old, err := seal.ReadMaster(filepath.Join(dir, "master.key")); err != nil || s.SealedBy(old) || !s.SealedBy(next) {
		t.Errorf("it is sealed by the old key: %v", err)
	}
}
