package db_test

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"keystead/server/db"
)

// machine is a clock that can be set. It says no more than what time it is, so that a
// step back makes the installation's time stand.
type machine struct {
	mu sync.Mutex
	at time.Time
}

func (m *machine) now() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.at }

func (m *machine) set(by time.Duration) { m.mu.Lock(); defer m.mu.Unlock(); m.at = m.at.Add(by) }

func openAt(t *testing.T, path string, m *machine) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), path, m.now)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestP62TimeNeverGoesBack(t *testing.T) {
	noon := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	m := &machine{at: noon}
	path := filepath.Join(t.TempDir(), "k.db")
	d := openAt(t, path, m)
	is := func(when string, want time.Time, ahead time.Duration) {
		t.Helper()
		if got := d.Now(); !got.Equal(want) || d.Ahead() != ahead {
			t.Errorf("%s it is %v, ahead by %v, want %v and %v", when, got, d.Ahead(), want, ahead)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	is("at noon", noon, 0)
	m.set(time.Hour)
	must(d.Write(t.Context(), func(tx *db.Tx) error { return insert(tx, "a") }))
	var kept db.Stamp
	must(d.Read(t.Context()).Get(&kept, "SELECT latest FROM clock"))
	if !kept.Equal(noon.Add(time.Hour)) {
		t.Errorf("a write keeps %v", kept)
	}
	m.set(-2 * time.Hour)
	is("an hour before noon", noon.Add(time.Hour), 2*time.Hour)
	must(d.Close())

	d = openAt(t, path, m)
	is("after a restart", noon.Add(time.Hour), 2*time.Hour)
	m.set(4 * time.Hour)
	is("when the machine caught up", noon.Add(3*time.Hour), 0)
	must(d.Close()) // without a write: the time is kept all the same
	m.set(-24 * time.Hour)
	d = openAt(t, path, m)
	is("a day back", noon.Add(3*time.Hour), 24*time.Hour)

	refused := errors.New("no")
	if err := d.Write(t.Context(), func(tx *db.Tx) error { tx.FollowClock(); return refused }); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	is("after a refusal to follow", noon.Add(3*time.Hour), 24*time.Hour)
	must(d.Write(t.Context(), func(tx *db.Tx) error { tx.FollowClock(); return nil }))
	is("told to follow", noon.Add(-21*time.Hour), 0)
	must(d.KeepTime(t.Context()))
	must(d.Close())
	d = openAt(t, path, m)
	is("after the last restart", noon.Add(-21*time.Hour), 0)
	must(d.Close())
}

// A thousand panics of acts and of what follows them leave no lock held.
func TestP43PanicsLeaveTheWriterFree(t *testing.T) {
	d := open(t)
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for range 125 {
				func() {
					defer func() {
						if recover() == nil {
							t.Error("the panic did not reach its caller")
						}
					}()
					_ = d.Write(t.Context(), func(tx *db.Tx) error {
						if i%2 == 0 {
							panic("in the act")
						}
						tx.OnCommit(func() { panic("after the commit") })
						return nil
					})
				}()
			}
		})
	}
	wait.Wait()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return insert(tx, "after") }); err != nil || count(t, d) != 1 {
		t.Errorf("after them: %v", err)
	}
}
