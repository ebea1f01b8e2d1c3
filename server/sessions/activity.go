package sessions

import (
	"sync"
	"time"

	"keystead/shared/api"
)

// activity is when people were last there, in memory until the next [Sessions.Flush].
type activity struct {
	mu sync.Mutex
	at map[api.SessionID]lastSign
}

type lastSign struct {
	at      time.Time
	written bool
}

func newActivity() *activity { return &activity{at: map[api.SessionID]lastSign{}} }

func (a *activity) touch(id api.SessionID, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if now.After(a.at[id].at) {
		a.at[id] = lastSign{at: now}
	}
}

func (a *activity) last(id api.SessionID) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.at[id].at
}

// take is what is not written yet. It forgets who has been away for so long that
// the row says enough.
func (a *activity) take(now time.Time) map[api.SessionID]time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	fresh := map[api.SessionID]time.Time{}
	for id, sign := range a.at {
		switch {
		case !sign.written:
			fresh[id] = sign.at
			a.at[id] = lastSign{at: sign.at, written: true}
		case now.Sub(sign.at) > idle:
			delete(a.at, id)
		}
	}
	return fresh
}

// putBack is for what could not be written.
func (a *activity) putBack(signs map[api.SessionID]time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, at := range signs {
		if !a.at[id].at.After(at) {
			a.at[id] = lastSign{at: at}
		}
	}
}
