package faults_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	_ "github.com/mattn/go-sqlite3" // the driver

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
	"keystead/shared/api"
)

// After a kill at any moment the server is back at once and has every change that it
// answered; what it was doing it has done or not begun. Every reveal that was answered
// is in the audit log, once. The WAL is a short one, see TestP63PowerIsLostAtAnyMoment.
func TestP39P63KilledAtAnyMoment(t *testing.T) {
	cycles := size.Of(t, 20, 1000, "kills")
	server := binary.Prepare(t, short(t), t.TempDir(), roomy...)
	server.Run()
	c := hire(t, server)
	random := rand.New(rand.NewPCG(20, 400))
	var ready []time.Duration
	for cycle := range cycles {
		dead := make(chan struct{})
		time.AfterFunc(20*time.Millisecond+time.Duration(random.Int64N(int64(380*time.Millisecond))), func() {
			server.Kill()
			close(dead)
		})
		c.work(1 << 30)
		<-dead // connections are closed before the lock is let go
		begin := time.Now()
		server.Run()
		ready = append(ready, time.Since(begin))
		c.check(t)
		if cycle%20 == 19 { // it reads all of the log, which grows with every kill
			c.checkTrail(t)
		}
		if t.Failed() {
			return
		}
	}
	slices.Sort(ready)
	acts, reveals := 0, 0
	for _, w := range c.workers {
		acts, reveals = acts+len(w.acked), reveals+w.reveals
	}
	size.Ran(t, acts, "answered acts")
	t.Logf("ready again within %v, %v at the most; %d reveals", ready[len(ready)/2], ready[len(ready)-1], reveals)
	if slow := ready[len(ready)*99/100]; slow > 2*time.Second {
		t.Errorf("ready again after %v", slow)
	}
}

// check asks after a restart for everything that was answered since the last one.
func (c *crew) check(t *testing.T) {
	t.Helper()
	for _, w := range c.workers {
		// The connections of before are dead, which the transport may not know yet.
		w.client = w.client.At(c.server.URL(), &http.Transport{DisableCompression: true})
		w.check()
	}
	reads, err := sqlx.Open("sqlite3", "file:"+c.server.Data+"/keystead.db?mode=ro&_query_only=true&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reads.Close() }()
	for _, wrong := range whole(reads, c.acked()) {
		t.Error(wrong)
	}
	c.countReveals(t, reads)
}

func (c *crew) checkTrail(t *testing.T) {
	t.Helper()
	if got := c.server.Command("", "audit", "verify"); got.Code != 0 || !strings.Contains(got.Out, "none changed, none missing") {
		t.Errorf("audit verify: %+v", got)
	}
}

// countReveals compares the reveals that were answered with those in the audit log: one
// whose answer was cut off may have its row.
func (c *crew) countReveals(t *testing.T, r reader) {
	t.Helper()
	for _, w := range c.workers {
		var rows int
		if err := r.Get(&rows, "SELECT count(*) FROM audit WHERE act = 'api_key.reveal' AND result = 'done' AND user_email = ?", w.email); err != nil {
			t.Fatal(err)
		}
		if w.cut && rows == w.reveals+1 {
			w.reveals++
		}
		if w.cut = false; rows != w.reveals {
			t.Errorf("%s has %d reveals answered and %d in the audit log", w.email, w.reveals, rows)
		}
	}
}

func (w *worker) check() {
	if w.lost != nil {
		w.cut = w.lost.what == "reveal"
		w.lost.find()
		w.lost = nil
	}
	if got := w.described(); got != fmt.Sprint(w.edits) {
		w.t.Errorf("the role of %s was edited %d times, and says %s", w.email, w.edits, got)
	}
	w.client.Send(http.MethodGet, api.PathMe, nil).Is(http.StatusOK) // the newest session
	for k := range w.touched {
		w.checkKey(k)
	}
	w.touched = nil
}

func (w *worker) checkKey(k *key) {
	good := k.enabled && !k.deleted
	if k.deleted {
		w.client.Send(http.MethodGet, api.PathKey(k.id), nil).Is(http.StatusNotFound)
	} else if got := binary.Get[api.Key](w.client, api.PathKey(k.id)); got.Enabled != k.enabled || got.Name != k.name {
		w.t.Errorf("key %d is %+v, should be %+v", k.id, got, k)
	}
	if v := w.client.Verify(k.value); v.Valid != good {
		w.t.Errorf("key %d verifies as %s, enabled %v, deleted %v", k.id, v.Code, k.enabled, k.deleted)
	}
	if !k.former.Empty() {
		if v := w.client.Verify(k.former); v.Valid {
			w.t.Errorf("the value that key %d had before its rotation is good", k.id)
		}
	}
}
