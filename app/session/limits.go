package session

import "time"

// warnBefore is how long before its end a session warns.
const warnBefore = 2 * time.Minute

// limits are the ends of the session, by the server's clock.
type limits struct{ idleAt, expiresAt time.Time }

// Warning says that the session is about to end.
type Warning struct {
	Ends  time.Time // by this browser's clock; zero: no warning
	Final bool      // its time is up: only a new sign-in goes on from there
}

// look judges the session at now, by the server's clock: whether to warn, and when
// to look again at the latest.
func (l limits) look(now time.Time) (warn bool, again time.Duration) {
	if l.idleAt.IsZero() || l.expiresAt.IsZero() {
		return false, warnBefore
	}
	switch left := l.end().Sub(now); {
	case left <= 0:
		return true, 0
	case left <= warnBefore:
		return true, left
	default:
		return false, left - warnBefore
	}
}

// end is when the session ends if nobody does anything.
func (l limits) end() time.Time {
	if l.final() {
		return l.expiresAt
	}
	return l.idleAt
}

// final reports whether activity no longer moves the end.
func (l limits) final() bool { return !l.expiresAt.After(l.idleAt) }

// warning is what the person is told, with the end by a clock that runs behind the
// server's by skew.
func (l limits) warning(skew time.Duration) Warning {
	return Warning{Ends: l.end().Add(-skew), Final: l.final()}
}
