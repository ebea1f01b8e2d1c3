package house

import (
	"context"

	"keystead/server/metrics"
)

// measure says where the numbers of the metrics come from. None of it is on the way of
// a request.
func (h *House) measure() *metrics.Metrics {
	return metrics.New(metrics.Needs{Version: h.Version, Verdicts: h.verdicts, Numbers: h.numbers(), Log: h.Log})
}

func (h *House) verdicts() []metrics.Verdict {
	counts := h.Verify.Counts()
	list := make([]metrics.Verdict, len(counts))
	for i, c := range counts {
		list[i] = metrics.Verdict{Door: c.Door.String(), Code: string(c.Code), Times: c.Times}
	}
	return list
}

func (h *House) numbers() []metrics.Number {
	return []metrics.Number{
		{Name: "keystead_sessions", Help: "Sessions of browsers that have not expired.", Read: func(ctx context.Context) (float64, error) {
			n, err := h.Sessions.Open(ctx)
			return float64(n), err
		}},
		{Name: "keystead_clock_ahead_seconds", Help: "How far the latest known time is ahead of the machine's clock, which was set back.", Read: func(context.Context) (float64, error) {
			return h.DB.Ahead().Seconds(), nil
		}},
		{Name: "keystead_last_logins_pending", Help: "Last logins of keys that are not written yet.", Read: now(h.Verify.Pending)},
		{Name: "keystead_database_bytes", Help: "Size of the database file.", Read: func(context.Context) (float64, error) {
			file, _, err := h.DB.Sizes()
			return float64(file), err
		}},
		{Name: "keystead_database_wal_bytes", Help: "Size of the write-ahead log beside it.", Read: func(context.Context) (float64, error) {
			_, wal, err := h.DB.Sizes()
			return float64(wal), err
		}},
		{Name: "keystead_database_commits_total", Help: "Commits; many acts may share one.", Counts: true, Read: now(h.DB.Commits)},
		{Name: "keystead_database_writes_waiting", Help: "Acts that wait for the one writer.", Read: now(h.DB.Waiting)},
		{Name: "keystead_backup_proven_timestamp_seconds", Help: "When the last proven backup was made, in Unix time; 0: never.", Read: h.backedUp},
		{Name: "keystead_backup_failing", Help: "1 where the last try left no backup.", Read: h.backupFails},
	}
}

// now is a number that is at hand.
func now[T int | int64 | uint64](read func() T) func(context.Context) (float64, error) {
	return func(context.Context) (float64, error) { return float64(read()), nil }
}

func (h *House) backedUp(ctx context.Context) (float64, error) {
	now, err := h.Backups.Now(ctx)
	if err != nil || now.Last == nil {
		return 0, err
	}
	return float64(now.Last.At.Unix()), nil
}

func (h *House) backupFails(ctx context.Context) (float64, error) {
	now, err := h.Backups.Now(ctx)
	if err != nil || now.Failed == nil {
		return 0, err
	}
	return 1, nil
}
