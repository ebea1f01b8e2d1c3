// Package lately keeps in memory when a thing was last there, until it is written: the
// first news of a thing within a second, the next ones once a minute. Who is there all
// the time costs one write a minute, and waits for none (security.md, P61).
package lately

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"keystead/server/db"
	"keystead/server/worker"
)

// every is how often the news of one thing are written at most, and how far behind what
// is stored may be.
const every = time.Minute

// most bounds the news in memory; beyond it those of a further thing wait for its next.
const most = 100_000

// News say when a thing was there, and what else there is to say.
type News[N any] interface {
	Time() time.Time
	// Over is these news, with what they do not say themselves taken from older ones.
	Over(older N) N
}

// Notes are the latest news of each thing that are not written yet.
type Notes[ID ~int64, N News[N]] struct {
	db    *db.DB
	what  string // in the log: "write last logins"
	write func(tx *db.Tx, id ID, news N) error

	flushing sync.Mutex // or who flushes could find nothing, and what was there not written yet

	mu      sync.Mutex
	pending map[ID]N
	written map[ID]time.Time // when last, for those of the last minute

	writer *worker.Worker
}

// Keep writes what is due every second until [Notes.Close]. What could not be written is
// kept.
func Keep[ID ~int64, N News[N]](d *db.DB, what string, log *slog.Logger, write func(tx *db.Tx, id ID, news N) error) *Notes[ID, N] {
	n := &Notes[ID, N]{db: d, what: what, write: write, pending: map[ID]N{}, written: map[ID]time.Time{}}
	n.writer = worker.Every(time.Second, what, log, func(ctx context.Context) error { return n.flush(ctx, false) })
	return n
}

// Note remembers news. It never waits for the database.
func (n *Notes[ID, N]) Note(id ID, news N) {
	n.mu.Lock()
	defer n.mu.Unlock()
	before, ok := n.pending[id]
	switch {
	case !ok && len(n.pending) >= most:
	case !ok:
		n.pending[id] = news
	case news.Time().Before(before.Time()):
		n.pending[id] = before.Over(news)
	default:
		n.pending[id] = news.Over(before)
	}
}

// Of is the news of a thing that are not written yet.
func (n *Notes[ID, N]) Of(id ID) (news N, ok bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	news, ok = n.pending[id]
	return news, ok
}

// Waiting is of how many things there are news that are not written yet.
func (n *Notes[ID, N]) Waiting() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return len(n.pending)
}

// due takes what is to be written now: all of it, or what was not written within the
// last minute.
func (n *Notes[ID, N]) due(now time.Time, all bool) map[ID]N {
	n.mu.Lock()
	defer n.mu.Unlock()
	for id, at := range n.written {
		if now.Sub(at) >= every {
			delete(n.written, id)
		}
	}
	due := map[ID]N{}
	for id, news := range n.pending {
		if _, lately := n.written[id]; all || !lately {
			due[id] = news
			delete(n.pending, id)
			n.written[id] = now
		}
	}
	return due
}

// Flush writes all of it.
func (n *Notes[ID, N]) Flush(ctx context.Context) error { return n.flush(ctx, true) }

func (n *Notes[ID, N]) flush(ctx context.Context, all bool) error {
	n.flushing.Lock()
	defer n.flushing.Unlock()
	due := n.due(time.Now(), all)
	if len(due) == 0 {
		return nil
	}
	err := n.db.Note(ctx, func(tx *db.Tx) error {
		for id, news := range due {
			if err := n.write(tx, id, news); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		for id, news := range due {
			n.Note(id, news)
		}
		return fmt.Errorf("%s: %w", n.what, err)
	}
	return nil
}

// Close writes all of it and ends.
func (n *Notes[ID, N]) Close(ctx context.Context) error {
	n.writer.End()
	return n.Flush(ctx)
}
