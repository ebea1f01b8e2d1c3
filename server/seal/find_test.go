package seal_test

import (
	"bytes"
	"errors"
	"testing"

	"keystead/server/db"
	"keystead/server/seal"
)

func addPepper(t *testing.T, s *seal.Sealer, d *db.DB) {
	t.Helper()
	if err := d.Write(t.Context(), s.AddPepper); err != nil {
		t.Fatal(err)
	}
}

// row stands for a table with one digest in it.
type row struct {
	held   seal.Digest
	looks  int
	before func(look int) // happens before each look
}

func (r *row) look(d seal.Digest) (bool, error) {
	r.looks++
	if r.before != nil {
		r.before(r.looks)
	}
	return d.Pepper == r.held.Pepper && bytes.Equal(d.Sum, r.held.Sum), nil
}

// TestNoRowIsMissedWhileItMoves: before one look and the next it can move to a newer
// pepper, and a newer pepper can come.
func TestNoRowIsMissedWhileItMoves(t *testing.T) {
	s, d, _ := open(t)
	found := func(r *row) bool {
		t.Helper()
		var last bool
		err := s.Find("v", func(d seal.Digest) (bool, error) {
			var err error
			last, err = r.look(d)
			return last, err
		})
		if err != nil {
			t.Fatal(err)
		}
		return last
	}

	old := s.Digest("v")
	late := &row{held: old}
	late.before = func(look int) {
		if look == 1 { // it knows of one pepper; another comes, and the row moves to it
			addPepper(t, s, d)
			late.held = s.Digest("v")
		}
	}
	if !found(late) {
		t.Error("a row that moved to a new pepper was missed")
	}

	moving := &row{held: old}
	moving.before = func(look int) {
		if look == 2 { // under the newest it was not yet
			moving.held = s.Digest("v")
		}
	}
	if !found(moving) || moving.looks != 3 {
		t.Errorf("a row that moved was missed, after %d looks", moving.looks)
	}
	if moves := s.Moves(); len(moves) != 0 {
		t.Errorf("it was found under the newest, and is to move: %v", moves)
	}

	still := &row{held: old}
	if !found(still) {
		t.Error("a row under the old pepper was missed")
	}
	moves := s.Moves()
	if len(moves) != 1 || !bytes.Equal(moves[0].From.Sum, old.Sum) || !bytes.Equal(moves[0].To.Sum, s.Digest("v").Sum) || moves[0].To.Pepper != s.Pepper() {
		t.Errorf("it is to move by %v", moves)
	}
	if len(s.Moves()) != 0 {
		t.Error("moves are given out twice")
	}

	broken := errors.New("broken")
	if err := s.Find("v", func(seal.Digest) (bool, error) { return false, broken }); !errors.Is(err, broken) {
		t.Errorf("an error was swallowed: %v", err)
	}
}
