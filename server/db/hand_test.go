package db_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"testing"

	"keystead/server/db"
)

type write func(context.Context, func(*db.Tx) error) error

type step struct {
	how write
	act func(*db.Tx) error
}

// together has each act come while the one before it runs, so that they share a commit.
// Where the writer went on without one nevertheless, it answers false.
func together(t *testing.T, d *db.DB, steps ...step) bool {
	t.Helper()
	before := d.Commits()
	var wait sync.WaitGroup
	var submit func(i int)
	submit = func(i int) {
		wait.Go(func() {
			_ = steps[i].how(t.Context(), func(tx *db.Tx) error {
				if i+1 < len(steps) {
					submit(i + 1)
					for d.Waiting() == 0 {
						runtime.Gosched()
					}
				}
				return steps[i].act(tx)
			})
		})
	}
	submit(0)
	wait.Wait()
	return d.Commits() == before+1
}

// What an act hands on is there for those after it, and not where it is undone: in its own
// savepoint or before it wrote.
func TestWhatIsHandedOnEndsWithItsAct(t *testing.T) {
	d := open(t)
	var heard []any
	hand := func(how write, value any, err error) step {
		return step{how, func(tx *db.Tx) error {
			heard = append(heard, tx.Handed("baton"))
			tx.Hand("baton", value)
			if tx.Handed("baton") != value || tx.Handed("other") != nil {
				t.Errorf("it hears %v of itself", tx.Handed("baton"))
			}
			return err
		}}
	}
	refused := errors.New("refused")
	for !together(t, d, hand(d.Write, 1, nil), hand(d.Write, 2, refused), hand(d.Append, 3, refused), hand(d.Note, 4, nil), hand(d.Append, 5, nil)) {
		heard = nil
	}
	if want := []any{nil, 1, 1, 1, 4}; !slices.Equal(heard, want) {
		t.Errorf("they heard %v, want %v", heard, want)
	}
	heard = nil
	together(t, d, hand(d.Write, 6, nil))
	if heard[0] != nil {
		t.Errorf("the next commit heard %v", heard[0])
	}
}

func TestHooksHearWhatTheLastActHandedOn(t *testing.T) {
	d := open(t)
	var heard any
	hand := func(value any, err error) step {
		return step{d.Write, func(tx *db.Tx) error {
			if tx.Handed("baton") == nil {
				tx.OnCommit(func() { heard = tx.Handed("baton") })
			}
			tx.Hand("baton", value)
			return err
		}}
	}
	for !together(t, d, hand(1, nil), hand(2, nil), hand(3, errors.New("refused"))) {
	}
	if heard != 2 {
		t.Errorf("it heard %v", heard)
	}
}
