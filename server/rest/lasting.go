package rest

import (
	"context"
	"sync"
	"time"

	"keystead/server/db"
)

// lasting is a context that ends at a time. Its timer is set as soon as somebody waits
// for the end, which is who asks the database: what is answered from memory costs none.
type lasting struct {
	until time.Time
	guard db.Guard // nil: the caller is nobody

	mu   sync.Mutex
	real context.Context // nil: nobody waits
	stop context.CancelFunc
}

// Deadline is when it ends.
func (l *lasting) Deadline() (time.Time, bool) { return l.until, true }

// Done sets the timer.
func (l *lasting) Done() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.real == nil {
		l.real, l.stop = context.WithDeadline(context.Background(), l.until)
	}
	return l.real.Done()
}

// Err says whether it has ended, and why.
func (l *lasting) Err() error {
	switch real := l.waited(); {
	case real != nil:
		return real.Err()
	case !time.Now().Before(l.until):
		return context.DeadlineExceeded
	}
	return nil
}

// Value lets package context find the timer, so that it needs no goroutine to pass the
// end on.
func (l *lasting) Value(key any) any {
	if _, asked := key.(db.GuardKey); asked && l.guard != nil {
		return l.guard
	}
	if real := l.waited(); real != nil {
		return real.Value(key)
	}
	return nil
}

func (l *lasting) waited() context.Context {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.real
}

// end ends it now.
func (l *lasting) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.real == nil {
		l.real, l.stop = over, func() {}
	}
	l.stop()
}

// over is a context that has ended.
var over = func() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}()
