package sessions

import (
	"context"
	"fmt"
	"runtime"
	"sync"

	"keystead/shared/fault"
)

// hashing lets in so many at a time as leave half of the cores to everyone else: one
// hash takes 40 ms and 19 MiB on purpose, so a flood of sign-ins would else stop
// the verification of keys. A few wait; people whose browser is known wait in a
// line of their own, which goes first.
type hashing struct {
	told func(now int) // see [Needs]

	mu    sync.Mutex
	slots int
	free  int
	lines [2]line // known browsers, others
}

// line is a queue of at most max.
type line struct {
	max     int
	waiting []chan struct{}
}

const (
	knownBrowser = 0
	anyBrowser   = 1
)

func newHashing(told func(now int)) *hashing {
	if told == nil {
		told = func(int) {}
	}
	slots := max(1, runtime.GOMAXPROCS(0)/2)
	return &hashing{told: told, slots: slots, free: slots, lines: [2]line{{max: 32 * slots}, {max: 8 * slots}}}
}

// enter waits for a turn; leave must follow. Faults: too_many_tries where the line
// is full.
func (h *hashing) enter(ctx context.Context, which int) error {
	h.mu.Lock()
	if h.free > 0 {
		h.free--
		h.told(h.slots - h.free)
		h.mu.Unlock()
		return nil
	}
	l := &h.lines[which]
	if len(l.waiting) >= l.max {
		h.mu.Unlock()
		return &fault.Error{Code: fault.TooManyTries, Detail: "Too many people sign in right now. Try again in a moment.", RetryAfter: 1}
	}
	turn := make(chan struct{})
	l.waiting = append(l.waiting, turn)
	h.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		h.giveUp(which, turn)
		return fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
}

// leave hands the place to the next in line.
func (h *hashing) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range h.lines {
		if l := &h.lines[i]; len(l.waiting) > 0 {
			close(l.waiting[0])
			l.waiting = l.waiting[1:]
			return
		}
	}
	h.free++
	h.told(h.slots - h.free)
}

// giveUp leaves the line, or passes on the place that came meanwhile.
func (h *hashing) giveUp(which int, turn chan struct{}) {
	h.mu.Lock()
	l := &h.lines[which]
	for i, other := range l.waiting {
		if other == turn {
			l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
			h.mu.Unlock()
			return
		}
	}
	h.mu.Unlock()
	h.leave()
}
