package audit_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"keystead/build/promises/size"
	"keystead/server/audit"
	"keystead/server/db"
)

// chain is a log of rows that somebody with the file may edit: its triggers are
// dropped, and a copy brings it back.
type chain struct {
	*testing.T
	db   *db.DB
	log  *audit.Log
	head string
	rows int64
}

func newChain(t *testing.T, rows int64) *chain {
	t.Helper()
	dir := t.TempDir()
	d, err := db.Open(t.Context(), filepath.Join(dir, "k.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	c := &chain{T: t, db: d, head: filepath.Join(dir, "audit.head"), rows: rows}
	c.log = audit.New([]byte("the key of the chain"), c.head)
	for i := range rows {
		c.write(func(tx *db.Tx) error {
			on := audit.Target{Kind: "api_key", ID: i + 1, Name: fmt.Sprint("key ", i), Org: 3}
			return c.log.Write(tx, audit.Console(), audit.KeyAdd, on, audit.Facts{"n": i})
		})
	}
	c.exec("DROP TRIGGER audit_keeps")
	c.exec("DROP TRIGGER audit_stays")
	c.exec("CREATE TABLE kept AS SELECT * FROM audit")
	return c
}

func (c *chain) write(act func(*db.Tx) error) {
	c.Helper()
	if err := c.db.Write(c.Context(), act); err != nil {
		c.Fatal(err)
	}
}

func (c *chain) exec(query string, args ...any) {
	c.Helper()
	c.write(func(tx *db.Tx) error { _, err := tx.Exec(query, args...); return err })
}

func (c *chain) restore() {
	c.Helper()
	c.write(func(tx *db.Tx) error {
		if _, err := tx.Exec("DELETE FROM audit"); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT INTO audit SELECT * FROM kept")
		return err
	})
}

// broken is the first bad row, 0 where the log holds.
func (c *chain) broken() int64 {
	c.Helper()
	rows, err := c.log.Verify(c.Context(), c.db)
	var found *audit.Broken
	switch {
	case errors.As(err, &found):
		return found.Row
	case err != nil:
		c.Fatal(err)
	case rows != c.rows:
		c.Fatalf("%d rows hold of %d", rows, c.rows)
	}
	return 0
}

// changes are edits of one column, to something that it was not.
var changes = []string{
	"at = at + 1", "act = 'api_key.delete'", "result = 'refused'", "caller = 'session'", "user_id = 7",
	"user_email = 'eve@northwind.example'", "key_id = 0", "key_name = 'x'", "key_name = ''", "session_id = 1", "org_id = 4", "org_id = NULL", "target = 'device'",
	"target_id = target_id + 1000", "target_id = NULL", "target_name = target_name || ' '", "target_name = ''", "facts = '{}'", "ip = '192.0.2.1'",
	"request_id = 'x'", "mac = zeroblob(32)", "mac = x'00'",
}

const allButID = `at = f.at, act = f.act, result = f.result, caller = f.caller, user_id = f.user_id, user_email = f.user_email,
	key_id = f.key_id, key_name = f.key_name, session_id = f.session_id, org_id = f.org_id, target = f.target, target_id = f.target_id,
	target_name = f.target_name, facts = f.facts, ip = f.ip, request_id = f.request_id, mac = f.mac`

// tampers are the ways to falsify a log, each answering the row that must be named.
var tampers = map[string]func(*chain, *rand.Rand) int64{
	"an edit": func(c *chain, r *rand.Rand) int64 {
		at := 1 + r.Int64N(c.rows)
		c.exec("UPDATE audit SET "+changes[r.IntN(len(changes))]+" WHERE id = ?", at)
		return at
	},
	"a deletion": func(c *chain, r *rand.Rand) int64 {
		at := 1 + r.Int64N(c.rows)
		c.exec("DELETE FROM audit WHERE id = ?", at)
		return at
	},
	"a deletion with the gap closed": func(c *chain, r *rand.Rand) int64 {
		at := 1 + r.Int64N(c.rows)
		c.exec("DELETE FROM audit WHERE id = ?", at)
		c.exec("UPDATE audit SET id = -id WHERE id > ?", at) // ids may not clash on the way
		c.exec("UPDATE audit SET id = -id - 1 WHERE id < 0")
		return at
	},
	"a swap": func(c *chain, r *rand.Rand) int64 {
		one := 1 + r.Int64N(c.rows-1)
		two := one + 1 + r.Int64N(c.rows-one)
		c.exec("UPDATE audit SET "+allButID+" FROM kept f WHERE audit.id = ? AND f.id = ?", one, two)
		c.exec("UPDATE audit SET "+allButID+" FROM kept f WHERE audit.id = ? AND f.id = ?", two, one)
		return one
	},
	"a cut tail": func(c *chain, r *rand.Rand) int64 {
		at := 1 + r.Int64N(c.rows)
		c.exec("DELETE FROM audit WHERE id >= ?", at)
		return at
	},
	"a cut head": func(c *chain, r *rand.Rand) int64 {
		c.exec("DELETE FROM audit WHERE id <= ?", 1+r.Int64N(c.rows))
		return 1
	},
	"a forged row at the end": func(c *chain, r *rand.Rand) int64 {
		c.exec("INSERT INTO audit SELECT ?, at, act, result, caller, user_id, user_email, key_id, session_id, org_id, target, target_id, target_name, facts, ip, request_id, mac, key_name FROM kept WHERE id = ?",
			c.rows+1, 1+r.Int64N(c.rows))
		return c.rows + 1
	},
}

func TestP40EveryKindOfTamperingIsFoundAndItsFirstRowNamed(t *testing.T) {
	c := newChain(t, int64(size.Of(t, 120, 10_000, "rows")))
	if bad := c.broken(); bad != 0 {
		t.Fatalf("row %d of an honest log is bad", bad)
	}
	random := rand.New(rand.NewPCG(4, 0))
	const tries = 500
	size.Ran(t, tries, "falsifications")
	for range (tries + len(tampers) - 1) / len(tampers) {
		for kind, tamper := range tampers {
			want := tamper(c, random)
			if got := c.broken(); got != want {
				t.Errorf("%s at row %d: row %d is named", kind, want, got)
			}
			c.restore()
		}
	}
	if bad := c.broken(); bad != 0 {
		t.Fatalf("row %d is bad after all was put back", bad)
	}
}

// A row that was once in its place, in a history that went another way, is good by itself
// and stands on none of the rows before it.
func TestP40ARowOfAnotherHistoryDoesNotHold(t *testing.T) {
	c := newChain(t, 4)
	c.exec("DELETE FROM audit WHERE id >= 3") // as a restore of an older copy does
	c.rows = 5
	for range 3 {
		c.write(func(tx *db.Tx) error {
			return c.log.Write(tx, audit.Console(), audit.KeyDelete, audit.Target{Kind: "api_key", ID: 1}, nil)
		})
	}
	if bad := c.broken(); bad != 4 {
		t.Fatalf("the head that was left behind names row %d, want 4", bad)
	}
	if err := os.Remove(c.head + ".unmatched-4"); err != nil {
		t.Fatal(err)
	}
	if bad := c.broken(); bad != 0 {
		t.Fatalf("row %d of the other history is bad", bad)
	}
	c.exec("UPDATE audit SET " + allButID + " FROM kept f WHERE audit.id = 4 AND f.id = 4")
	if bad := c.broken(); bad != 4 {
		t.Errorf("row %d is named, want 4", bad)
	}
}

func TestP40TheChainOfAnotherKeyDoesNotHold(t *testing.T) {
	c := newChain(t, 3)
	c.log = audit.New([]byte("another key"), c.head)
	if bad := c.broken(); bad != 1 {
		t.Errorf("row %d is named, want the first", bad)
	}
}

func TestP40AHeadFileThatIsGoneOrDamagedIsToldOf(t *testing.T) {
	c := newChain(t, 3)
	if err := os.WriteFile(c.head, []byte("00000000000000000002 aa\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if bad := c.broken(); bad != 2 {
		t.Errorf("a head that is not the row: %d is named, want 2", bad)
	}
	for _, text := range []string{"", "x", "3", "3 zz"} {
		if err := os.WriteFile(c.head, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := c.log.Verify(t.Context(), c.db); err == nil {
			t.Errorf("a head file of %q passes", text)
		}
	}
	if err := os.Remove(c.head); err != nil {
		t.Fatal(err)
	}
	if bad := c.broken(); bad != 3 {
		t.Errorf("without a head file: %d is named, want 3", bad)
	}
}

func TestP40TheLogIsVerifiedWhileItGrows(t *testing.T) {
	c := newChain(t, 1)
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			err := c.db.Write(t.Context(), func(tx *db.Tx) error {
				return c.log.Write(tx, audit.Console(), audit.KeyAdd, audit.Target{Kind: "api_key"}, nil)
			})
			if err != nil {
				stopped <- err
				return
			}
		}
	}()
	for range 50 {
		if _, err := c.log.Verify(t.Context(), c.db); err != nil {
			t.Error(err)
			break
		}
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}
