package audit_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"keystead/server/audit"
	"keystead/server/db"
)

// Acts that share a commit make one chain, of those that were done: where one is undone
// after its row was written, the next stands in its place. The head file has the last.
func TestP40ActsThatShareACommitMakeOneChain(t *testing.T) {
	c := newChain(t, 2)
	refused := errors.New("refused")
	note := func(err error) func(*db.Tx) error {
		return func(tx *db.Tx) error {
			if bad := c.log.Write(tx, audit.Console(), audit.KeyAdd, audit.Target{Kind: "api_key"}, nil); bad != nil {
				return bad
			}
			return err
		}
	}
	c.together(note(refused), note(nil), note(nil), note(refused), note(refused), note(nil), note(refused))
	c.rows += 3
	c.names("after acts that shared a commit", 0)
	c.headIs("after acts that shared a commit", 5)
	c.together(note(refused), note(refused))
	c.names("after acts that all were undone", 0)
	c.act()
	c.names("after the next act", 0)
	c.headIs("after the next act", 6)
	c.doubts("after all")
}

// An end that was cut before a commit is proven by the head file, however many rows the
// commit adds.
func TestP40AHeadThatDoesNotFitStaysWhereManyRowsFollowAtOnce(t *testing.T) {
	c := newChain(t, 5)
	c.cut(4)
	note := func(tx *db.Tx) error {
		return c.log.Write(tx, audit.Console(), audit.KeyAdd, audit.Target{Kind: "api_key"}, nil)
	}
	c.together(note, note, note)
	c.rows += 3
	c.names("after a cut and many rows", 5)
}

func (c *chain) headIs(when string, row int) {
	c.Helper()
	if head, err := os.ReadFile(c.head); err != nil || !strings.HasPrefix(string(head), fmt.Sprintf("%020d ", row)) {
		c.Errorf("%s the head is %q, want row %d: %v", when, head, row, err)
	}
}

// together has each act come while the one before it runs: as a rule they share a commit.
func (c *chain) together(acts ...func(*db.Tx) error) {
	c.Helper()
	var wait sync.WaitGroup
	var submit func(i int)
	submit = func(i int) {
		wait.Go(func() {
			_ = c.db.Write(c.Context(), func(tx *db.Tx) error {
				if i+1 < len(acts) {
					submit(i + 1)
					for c.db.Waiting() == 0 {
						runtime.Gosched()
					}
				}
				return acts[i](tx)
			})
		})
	}
	submit(0)
	wait.Wait()
}
