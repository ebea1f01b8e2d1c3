package sessions

import (
	"context"
	"fmt"
	"math"
	"time"

	"keystead/server/db"
	"keystead/server/rest"
	"keystead/shared/fault"
)

// rate lets burst tries through at once, then one every so long. In any hour that
// is burst + hour/every.
type rate struct {
	burst int
	every time.Duration
}

// perAccount bounds what strangers may guess at one account: 80 tries in any hour.
var perAccount = rate{burst: 20, every: time.Minute}

// bucket counts tries in a row of the table throttle.
type bucket struct {
	name string
	rate rate
}

// buckets are those that a try counts in. A browser in which the person signed in
// before has one of its own, so that a flood of strangers does not lock the owner
// out; everyone else shares those of the account and of their address.
func (s *Sessions) buckets(folded, device, address string) []bucket {
	if device != "" {
		return []bucket{{"device:" + device, perAccount}}
	}
	perAddress := rate{burst: s.FailedPerMinute, every: time.Minute / time.Duration(s.FailedPerMinute)}
	return []bucket{
		{"account:" + folded, perAccount},
		{"address:" + rest.Network(address), perAddress},
	}
}

// left is how long to wait for the next try, or 0. It takes none.
func (s *Sessions) left(ctx context.Context, counted []bucket) (time.Duration, error) {
	return s.wait(s.DB.Read(ctx), s.DB.Now(), counted)
}

func (s *Sessions) wait(r db.Reader, now time.Time, counted []bucket) (wait time.Duration, err error) {
	for _, b := range counted {
		full, err := s.fullAt(r, now, b)
		if err != nil {
			return 0, err
		}
		// Taking one more must not put off full beyond the whole burst.
		wait = max(wait, full.Add(b.rate.every).Sub(now)-time.Duration(b.rate.burst)*b.rate.every)
	}
	return wait, nil
}

// fullAt is when all tries of a bucket are back; not before now, and, whatever the
// clock did, not later than from an empty one.
func (s *Sessions) fullAt(r db.Reader, now time.Time, b bucket) (time.Time, error) {
	var stored db.Stamp
	err := r.Get(&stored, "SELECT full_at FROM throttle WHERE bucket = ?", s.Seal.Bucket(b.name))
	if err != nil && !db.IsNone(err) {
		return now, fmt.Errorf("read the throttle: %w", err)
	}
	latest := now.Add(time.Duration(b.rate.burst) * b.rate.every)
	switch {
	case err != nil || stored.Before(now):
		return now, nil
	case stored.After(latest):
		return latest, nil
	}
	return stored.Time, nil
}

// take counts a try before it is evaluated, so that tries at the same time can't
// share one. Faults: too_many_tries.
func (s *Sessions) take(ctx context.Context, counted []bucket) error {
	return s.DB.Note(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		if _, err := tx.Exec("DELETE FROM throttle WHERE full_at <= ?", db.At(now)); err != nil {
			return fmt.Errorf("clear the throttle: %w", err)
		}
		wait, err := s.wait(tx, now, counted)
		if err != nil {
			return err
		}
		if wait > 0 {
			return tooMany(wait)
		}
		return s.shift(tx, now, counted, 1)
	})
}

// giveBack is for a try that was none: the password was right.
func (s *Sessions) giveBack(tx *db.Tx, counted []bucket) error {
	return s.shift(tx, tx.Now(), counted, -1)
}

func (s *Sessions) shift(tx *db.Tx, now time.Time, counted []bucket, tries int) error {
	for _, b := range counted {
		full, err := s.fullAt(tx, now, b)
		if err != nil {
			return err
		}
		full = full.Add(time.Duration(tries) * b.rate.every)
		_, err = tx.Exec(`
			INSERT INTO throttle (bucket, full_at)
			VALUES (?, ?)
			ON CONFLICT (bucket) DO UPDATE SET full_at = excluded.full_at`, s.Seal.Bucket(b.name), db.At(full))
		if err != nil {
			return fmt.Errorf("write the throttle: %w", err)
		}
	}
	return nil
}

func tooMany(wait time.Duration) error {
	return &fault.Error{
		Code: fault.TooManyTries, Detail: "Too many tries. Wait a little, then try again.",
		RetryAfter: int(math.Ceil(wait.Seconds())),
	}
}
