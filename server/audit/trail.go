package audit

import (
	"context"
	"log/slog"
	"time"

	"keystead/server/db"
	"keystead/server/worker"
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

	writer *worker.Worker
}

// NewTrail is a trail that counts refusals until [Trail.Close].
func NewTrail(n Needs) *Trail {
	t := &Trail{Needs: n, refusals: newRefusals()}
	t.writer = worker.Every(time.Minute, "write the refusals", n.Log, t.Flush)
	return t
}

// Verify walks the whole chain; see [Log.Verify].
func (t *Trail) Verify(ctx context.Context) (int64, error) { return t.Audit.Verify(ctx, t.DB) }

// Close writes the counts that are still in memory.
func (t *Trail) Close(ctx context.Context) error {
	t.writer.End()
	return t.Flush(ctx)
}
