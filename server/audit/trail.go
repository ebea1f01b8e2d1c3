package audit

import (
	"context"
	"log/slog"

	"keystead/server/db"
)

// Needs is what the trail stands on.
type Needs struct {
	DB    *db.DB
	Audit *Log
	Log   *slog.Logger
}

// Trail is the log as people read it, and who counts the refusals.
type Trail struct {
	Needs
	refusals *refusals

	stop, stopped chan struct{}
}

// NewTrail is a trail that counts refusals until [Trail.Close].
func NewTrail(n Needs) *Trail {
	t := &Trail{Needs: n, refusals: newRefusals(), stop: make(chan struct{}), stopped: make(chan struct{})}
	go t.everyMinute()
	return t
}

// Verify walks the whole chain; see [Log.Verify].
func (t *Trail) Verify(ctx context.Context) (int64, error) { return t.Audit.Verify(ctx, t.DB) }

// Close writes the counts that are still in memory.
func (t *Trail) Close(ctx context.Context) error {
	close(t.stop)
	<-t.stopped
	return t.Flush(ctx)
}
