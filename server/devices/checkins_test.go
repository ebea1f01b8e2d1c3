package devices

import (
	"testing"
	"time"

	"keystead/shared/api"
)

func TestACheckInIsDueOnceAMinute(t *testing.T) {
	c := &checkIns{pending: map[api.DeviceID]checkIn{}, written: map[api.DeviceID]time.Time{}}
	start := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	for _, fact := range []struct {
		after time.Duration
		all   bool
		due   bool
	}{{0, false, true}, {time.Second, false, false}, {59 * time.Second, false, false}, {time.Minute, false, true}, {61 * time.Second, false, false}, {62 * time.Second, true, true}} {
		now := start.Add(fact.after)
		c.note(1, checkIn{at: now})
		if got := len(c.due(now, fact.all)) == 1; got != fact.due {
			t.Errorf("after %s: due %v, want %v", fact.after, got, fact.due)
		}
	}
}

func TestCheckInsInMemoryAreBounded(t *testing.T) {
	c := &checkIns{pending: map[api.DeviceID]checkIn{}, written: map[api.DeviceID]time.Time{}}
	for id := range api.DeviceID(maxPending + 10) {
		c.note(id, checkIn{at: time.Unix(1, 0)})
	}
	if len(c.pending) != maxPending {
		t.Errorf("%d are kept, want %d", len(c.pending), maxPending)
	}
}
