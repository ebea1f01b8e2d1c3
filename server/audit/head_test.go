package audit_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keystead/server/audit"
	"keystead/server/db"
)

// start is what a start does: a log that knows nothing of what the one before wrote. It
// answers the rows that are in doubt.
func (c *chain) start() (doubted []int64) {
	c.Helper()
	c.log = audit.New([]byte("the key of the chain"), c.head)
	doubts, err := c.log.Begin(c.db.Read(c.Context()))
	if err != nil {
		c.Fatal(err)
	}
	for _, doubt := range doubts {
		doubted = append(doubted, doubt.Row)
	}
	return doubted
}

// act writes one more row.
func (c *chain) act() {
	c.Helper()
	c.write(func(tx *db.Tx) error {
		return c.log.Write(tx, audit.Console(), audit.KeyAdd, audit.Target{Kind: "api_key"}, nil)
	})
	c.rows++
}

func (c *chain) cut(from int64) {
	c.Helper()
	c.exec("DELETE FROM audit WHERE id >= ?", from)
	c.rows = from - 1
}

func (c *chain) doubts(when string, want ...int64) {
	c.Helper()
	if got := c.start(); !slices.Equal(got, want) {
		c.Errorf("%s a start doubts the rows %v, want %v", when, got, want)
	}
}

func (c *chain) names(when string, want int64) {
	c.Helper()
	if got := c.broken(); got != want {
		c.Errorf("%s row %d is named, want %d", when, got, want)
	}
}

// The head file is there before the first row.
func TestP40TheHeadFileIsMadeFirst(t *testing.T) {
	c := newChain(t, 0)
	c.doubts("of an empty log")
	if _, err := os.Stat(c.head); err != nil {
		t.Fatal(err)
	}
	c.names("of an empty log", 0)
}

// Who cuts the log and takes the file away does not go unseen by what is done meanwhile.
func TestP40AHeadFileThatIsGoneIsKnownOf(t *testing.T) {
	c := newChain(t, 2)
	if err := os.Remove(c.head); err != nil {
		t.Fatal(err)
	}
	c.names("without its head file", 2)
	for range 3 {
		c.doubts("without its head file", 2)
		c.names("after a start", 2)
		c.act()
	}
	if err := os.Remove(c.head + ".unmatched-2"); err != nil {
		t.Fatal(err)
	}
	c.doubts("after somebody looked")
	c.names("after somebody looked", 0)
}

func TestP40ALogThatFitsIsNotDoubted(t *testing.T) {
	c := newChain(t, 3)
	c.doubts("of an honest log")
	behind, err := os.ReadFile(c.head)
	if err != nil {
		t.Fatal(err)
	}
	c.act()
	if err := os.WriteFile(c.head, behind, 0o600); err != nil { // as a power loss leaves it
		t.Fatal(err)
	}
	c.doubts("with a head that lies behind")
	c.act()
	c.doubts("after the next act")
	c.names("after all", 0)
}

// What proves a cut or an older copy is not written over by the acts that follow.
func TestP40TheProofOfALostEndStaysUntilItIsRemoved(t *testing.T) {
	c := newChain(t, 5)
	proof, err := os.ReadFile(c.head)
	if err != nil {
		t.Fatal(err)
	}
	c.cut(4)
	c.doubts("after a cut", 5)
	for range 3 {
		c.act()
		c.names("after an act", 5)
		c.doubts("after an act", 5)
	}
	aside := c.head + ".unmatched-5"
	if kept, err := os.ReadFile(aside); err != nil || !bytes.Equal(kept, proof) {
		t.Errorf("kept is %q, want %q: %v", kept, proof, err)
	}

	c.cut(6) // once more at the same row, and once at an earlier one
	c.doubts("after a second cut", 5, 6)
	c.cut(5)
	c.doubts("after a third cut", 5, 5, 6)
	c.act()
	c.names("after all cuts", 5)
	if kept, err := os.ReadFile(aside); err != nil || !bytes.Equal(kept, proof) {
		t.Errorf("the first proof is now %q: %v", kept, err)
	}

	files, err := filepath.Glob(c.head + ".unmatched-*")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	c.names("after the proofs are removed", 0)
	c.doubts("after the proofs are removed")
}

// A server that has done nothing yet knows of the end that it found.
func TestP40ACutBeforeTheFirstActIsSeen(t *testing.T) {
	c := newChain(t, 5)
	c.doubts("of an honest log")
	c.cut(4)
	c.act()
	c.names("after a cut and an act", 5)
	c.doubts("after a cut and an act", 5)
}

// The row that the file knows is gone, and later ones are there.
func TestP40AGapAtTheHeadIsSeenAtTheStart(t *testing.T) {
	c := newChain(t, 4)
	behind, err := os.ReadFile(c.head)
	if err != nil {
		t.Fatal(err)
	}
	c.act()
	c.exec("DELETE FROM audit WHERE id IN (3, 4)")
	if err := os.WriteFile(c.head, behind, 0o600); err != nil {
		t.Fatal(err)
	}
	c.doubts("with a gap", 4)
	c.names("with a gap", 3)
}

// The same number of rows, and another end.
func TestP40AnOtherHistoryIsSeenAtTheStart(t *testing.T) {
	c := newChain(t, 3)
	of := audit.New([]byte("the key of the chain"), "")
	c.cut(3)
	c.log = of
	c.act()
	c.act()
	c.doubts("of another history", 3)
	c.act()
	c.names("after an act", 3)
}

func TestP40ADamagedHeadFileIsKept(t *testing.T) {
	c := newChain(t, 3)
	if err := os.WriteFile(c.head, []byte("3 zz"), 0o600); err != nil {
		t.Fatal(err)
	}
	c.doubts("with a damaged head", 3)
	c.act()
	c.names("after an act", 3)
	if kept, err := os.ReadFile(c.head + ".unmatched-3"); err != nil || string(kept) != "3 zz" {
		t.Errorf("kept is %q: %v", kept, err)
	}
}

// Where the file can't be set aside, acts go on and it is not written over.
func TestP40AProofThatCantBeSetAsideIsLeftAlone(t *testing.T) {
	c := newChain(t, 3)
	long := filepath.Join(filepath.Dir(c.head), strings.Repeat("a", 245)) // one more word is too long a name
	if err := os.Rename(c.head, long); err != nil {
		t.Fatal(err)
	}
	c.head = long
	kept, err := os.ReadFile(c.head)
	if err != nil {
		t.Fatal(err)
	}
	c.cut(3)
	c.doubts("where it can't be set aside", 3)
	for range 3 {
		c.act()
	}
	if now, err := os.ReadFile(c.head); err != nil || !bytes.Equal(now, kept) {
		t.Errorf("the head is now %q, was %q: %v", now, kept, err)
	}
	c.names("after acts", 3)
}
