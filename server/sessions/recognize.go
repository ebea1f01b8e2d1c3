package sessions

import (
	"context"
	"crypto/sha256"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Session is who the holder of a session's token is. Faults: not_signed_in where it
// is none, ended or expired; session_idle.
func (s *Sessions) Session(ctx context.Context, token string, at rest.Arrival) (caller.Caller, error) {
	k, err := s.recognize(ctx, token)
	if err != nil {
		return caller.Caller{}, err
	}
	now := s.DB.Now()
	if !now.Before(k.row.ExpiresAt.Time) {
		return caller.Caller{}, notSignedIn()
	}
	if now.Sub(s.lastActive(k.row)) >= idle {
		return caller.Caller{}, fault.New(fault.SessionIdle, "You were signed out after %d minutes without a sign of you.", idle/time.Minute)
	}
	if !at.Background {
		s.activity.touch(k.row.ID, now)
	}
	return k.who, nil
}

func notSignedIn() error { return fault.New(fault.NotSignedIn, "You are not signed in any more.") }

// recognize finds a token's session in the cache, else in the database.
func (s *Sessions) recognize(ctx context.Context, token string) (known, error) {
	epoch := s.DB.Epoch() // before the read: what changes meanwhile makes the entry stale
	name := sha256.Sum256([]byte(token))
	if k, ok := s.known.Get(name, epoch); ok {
		return k, nil
	}
	c, ok := s.browser.read(token)
	if !ok {
		return known{}, notSignedIn()
	}
	r := s.DB.Read(ctx)
	row, err := sessionBySID(r, c.Session)
	former := db.IsNone(err)
	if former {
		row, err = s.renamed.find(r, c.Session, s.DB.Now())
	}
	if db.IsNone(err) {
		return known{}, notSignedIn()
	}
	if err != nil {
		return known{}, err
	}
	person, err := caller.Load(r, row.User)
	if db.IsNone(err) || err == nil && (person.State != api.UserActive || person.User.UUID != c.Subject) {
		return known{}, notSignedIn()
	}
	if err != nil {
		return known{}, err
	}
	k := known{row: row, who: person.Caller()}
	k.who.Kind, k.who.Session = api.CallerSession, row.caller()
	switch {
	case former: // the answer that has the new name is under way to the browser
	case c.Rights != person.Rights && s.rename(ctx, &k, person.Rights):
	default:
		s.known.Put(name, epoch, k)
	}
	return k, nil
}

// lastActive is the last sign of the person, in memory or in the row.
func (s *Sessions) lastActive(r row) time.Time {
	if at := s.activity.last(r.ID); at.After(r.LastActiveAt.Time) {
		return at
	}
	return r.LastActiveAt.Time
}

// known is a session that was recognized, shared between requests.
type known struct {
	row row
	who caller.Caller
}

// cache keeps recognized sessions by a digest of their token. Only good tokens get in,
// so strangers can't fill it.
type cache = db.Cache[[sha256.Size]byte, known]

// cacheSize is more browsers than one small machine serves at once.
const cacheSize = 10_000
