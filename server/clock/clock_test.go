package clock_test

import (
	"sync"
	"testing"
	"time"

	"keystead/server/clock"
)

// machine has a clock that can be set and one that only goes on.
type machine struct {
	mu      sync.Mutex
	says    time.Time
	elapsed time.Duration
}

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func newMachine() (*machine, *clock.Clock) {
	m := &machine{says: noon}
	return m, clock.New(m.wall, func(time.Time) time.Duration { return m.since() })
}

func (m *machine) wall() time.Time { m.mu.Lock(); defer m.mu.Unlock(); return m.says }

func (m *machine) since() time.Duration { m.mu.Lock(); defer m.mu.Unlock(); return m.elapsed }

// pass lets time go by, set sets the clock.
func (m *machine) pass(d time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.says, m.elapsed = m.says.Add(d), m.elapsed+d
}

func (m *machine) set(by time.Duration) { m.mu.Lock(); defer m.mu.Unlock(); m.says = m.says.Add(by) }

// What expires in half an hour has expired half an hour later, whatever steps the clock
// makes meanwhile.
func TestP62StepsExtendNothing(t *testing.T) {
	for name, steps := range map[string][]time.Duration{
		"none": {0}, "an hour back": {-time.Hour}, "an hour forward": {time.Hour}, "back and forward": {-time.Hour, time.Hour},
		"forward and back": {time.Hour, -time.Hour}, "a leap second": {-time.Second}, "back again and again": {-time.Minute, -time.Minute, -time.Hour, -24 * time.Hour},
		"to 1970": {time.Unix(0, 0).Sub(noon)}, "summer time ends": {-time.Hour}, "ten years on": {87600 * time.Hour},
	} {
		m, c := newMachine()
		expires := c.Now().Add(30 * time.Minute)
		last := c.Now()
		for _, by := range steps {
			m.set(by)
			m.pass(30 * time.Minute / time.Duration(len(steps)))
			if now := c.Now(); now.Before(last) {
				t.Errorf("%s: it went from %v back to %v", name, last, now)
			} else {
				last = now
			}
		}
		if now := c.Now(); now.Before(expires) {
			t.Errorf("%s: after half an hour it is %v", name, now)
		}
	}
}

func TestP62TheSkewShows(t *testing.T) {
	m, c := newMachine()
	for _, step := range []struct{ set, pass, ahead time.Duration }{
		{0, time.Hour, 0}, {-time.Hour, 0, time.Hour}, {0, 2 * time.Hour, time.Hour}, {30 * time.Minute, 0, 30 * time.Minute},
		{time.Hour, 0, 0}, {-time.Second, time.Minute, time.Second},
	} {
		m.set(step.set)
		m.pass(step.pass)
		if got := c.Ahead(); got != step.ahead {
			t.Errorf("after %+v it is ahead by %v", step, got)
		}
	}
	c.Follow()
	if c.Ahead() != 0 || !c.Now().Equal(m.wall()) {
		t.Errorf("told to follow it says %v, the machine %v", c.Now(), m.wall())
	}
}

func TestP62ARestartForgetsNothing(t *testing.T) {
	m, c := newMachine()
	m.pass(time.Hour)
	highest := c.Now()
	m.set(-48 * time.Hour)
	again := clock.New(m.wall, func(time.Time) time.Duration { return m.since() })
	again.NotBefore(highest)
	m.pass(time.Minute)
	if got := again.Now(); !got.Equal(highest.Add(time.Minute)) {
		t.Errorf("a minute after %v it is %v", highest, got)
	}
	again.NotBefore(highest)
	if got := again.Now(); !got.Equal(highest.Add(time.Minute)) {
		t.Errorf("the past took it back to %v", got)
	}
}

// Everyone sees one time that only grows.
func TestP62ManyReaders(t *testing.T) {
	m, c := newMachine()
	stop := make(chan struct{})
	var readers, steps sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for last := c.Now(); ; {
				now := c.Now()
				if now.Before(last) {
					t.Errorf("from %v to %v", last, now)
					return
				}
				last = now
				select {
				case <-stop:
					return
				default:
				}
			}
		})
	}
	steps.Go(func() {
		for i := range 2000 {
			m.set([]time.Duration{time.Minute, -time.Hour, time.Second}[i%3])
			m.pass(time.Millisecond)
		}
	})
	steps.Wait()
	close(stop)
	readers.Wait()
}

// The machine's own readings carry both clocks.
func TestOverTheMachinesClock(t *testing.T) {
	c := clock.Over(time.Now)
	before := time.Now()
	now := c.Now()
	if now.Before(before.Round(0)) || now.Sub(before) > time.Minute || c.Ahead() > time.Millisecond {
		t.Errorf("%v, %v later %v", before, c.Ahead(), now)
	}
}

func BenchmarkNow(b *testing.B) {
	c := clock.Over(time.Now)
	b.ReportAllocs()
	for b.Loop() {
		_ = c.Now()
	}
}
