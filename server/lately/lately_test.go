package lately

import (
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"keystead/server/db"
)

type seen struct {
	at   time.Time
	from string
}

func (s seen) Time() time.Time { return s.at }

func (s seen) Over(older seen) seen {
	if s.from == "" {
		s.from = older.from
	}
	return s
}

func notes() *Notes[int64, seen] {
	return &Notes[int64, seen]{pending: map[int64]seen{}, written: map[int64]time.Time{}}
}

var start = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func TestP61NewsAreDueOnceAMinute(t *testing.T) {
	n := notes()
	for _, fact := range []struct {
		after time.Duration
		all   bool
		due   bool
	}{{0, false, true}, {time.Second, false, false}, {59 * time.Second, false, false}, {time.Minute, false, true}, {61 * time.Second, false, false}, {62 * time.Second, true, true}} {
		now := start.Add(fact.after)
		n.Note(1, seen{at: now})
		if got := len(n.due(now, fact.all)) == 1; got != fact.due {
			t.Errorf("after %s: due %v, want %v", fact.after, got, fact.due)
		}
	}
}

func TestP51NewsInMemoryAreBounded(t *testing.T) {
	n := notes()
	for id := range int64(most + 10) {
		n.Note(id, seen{at: start})
	}
	if n.Waiting() != most {
		t.Errorf("%d are kept, want %d", n.Waiting(), most)
	}
}

// News may come in any order, as they do when some could not be written and come back.
func TestTheLatestNewsCount(t *testing.T) {
	for name, order := range map[string][]seen{
		"in order": {{start, "10.0.0.1"}, {start.Add(time.Second), ""}},
		"turned":   {{start.Add(time.Second), ""}, {start, "10.0.0.1"}},
	} {
		n := notes()
		for _, news := range order {
			n.Note(1, news)
		}
		if got, ok := n.Of(1); !ok || got != (seen{start.Add(time.Second), "10.0.0.1"}) {
			t.Errorf("%s: %v %v", name, got, ok)
		}
	}
}

// Who flushes finds everything written, also what somebody else is writing just then.
func TestAFlushWaitsForTheOneBefore(t *testing.T) {
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "keystead.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	writing, goOn := make(chan bool), make(chan bool)
	n := Keep(d, "write news", slog.New(slog.DiscardHandler), func(*db.Tx, int64, seen) error {
		writing <- true
		<-goOn
		return nil
	})
	n.Note(1, seen{at: start})
	<-writing // within a second, by itself
	flushed := make(chan error)
	go func() { flushed <- n.Flush(t.Context()) }()
	select {
	case <-flushed:
		t.Error("nothing is written yet, and a flush says that all is")
		goOn <- true
	case <-time.After(50 * time.Millisecond):
		goOn <- true
		if err := <-flushed; err != nil {
			t.Error(err)
		}
	}
	if err := n.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
