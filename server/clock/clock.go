// Package clock is the time of an installation. It never goes back: what has expired
// stays so, though somebody sets the machine's clock back, or it forgets the time over a
// restart.
//
// The machine has two clocks: one that says what time it is and can be set, and one that
// only says how long ago something was. The time here is the latest that the first ever
// claimed, carried on by the second. So a step back is not followed, in either of its
// readings: no credential lives longer than it would have, and none revives. A step
// forward is followed, since nothing lives longer by it. Where it was the step forward
// that was wrong, time stays ahead until somebody says so (see [Clock.Follow]): only a
// person can know.
package clock

import (
	"sync/atomic"
	"time"
)

// Clock is safe for concurrent use. It costs one look at the machine's clocks and one
// atomic read.
type Clock struct {
	wall    func() time.Time
	elapsed func(time.Time) time.Duration
	start   atomic.Int64 // the latest claim of when elapsed was zero, in Unix nanoseconds
}

// New is a clock over the machine's. wall says what time it is; elapsed says how much
// time had passed at a reading of wall, since whenever.
func New(wall func() time.Time, elapsed func(reading time.Time) time.Duration) *Clock {
	c := &Clock{wall: wall, elapsed: elapsed}
	now := wall()
	c.start.Store(now.UnixNano() - int64(elapsed(now)))
	return c
}

// Over is a clock over readings such as time.Now's, which carry both clocks; where they
// carry one only, as a test's do, a step back makes time stand.
func Over(wall func() time.Time) *Clock {
	first := wall()
	if first == first.Round(0) { // no monotonic reading in it (package time)
		return New(wall, func(time.Time) time.Duration { return 0 })
	}
	return New(wall, func(reading time.Time) time.Duration { return reading.Sub(first) })
}

// Now is the time, in UTC.
func (c *Clock) Now() time.Time {
	reading := c.wall()
	elapsed := int64(c.elapsed(reading))
	claim := reading.UnixNano() - elapsed
	for {
		start := c.start.Load()
		if claim <= start {
			return time.Unix(0, start+elapsed).UTC()
		}
		if c.start.CompareAndSwap(start, claim) {
			return time.Unix(0, claim+elapsed).UTC()
		}
	}
}

// Ahead is how far the time is ahead of what the machine's clock says now: how far that
// was set back.
func (c *Clock) Ahead() time.Duration {
	now := c.Now()
	return max(0, now.Sub(c.wall()))
}

// NotBefore lets the time be no earlier than at: the latest that is known from a run
// before this one.
func (c *Clock) NotBefore(at time.Time) {
	reading := c.wall()
	claim := at.UnixNano() - int64(c.elapsed(reading))
	for start := c.start.Load(); claim > start && !c.start.CompareAndSwap(start, claim); start = c.start.Load() {
	}
}

// Follow takes what the machine's clock says, also where that goes back. It is for an
// operator who made sure that it is right.
func (c *Clock) Follow() {
	reading := c.wall()
	c.start.Store(reading.UnixNano() - int64(c.elapsed(reading)))
}
