package sessions

import (
	"context"
	"sync"
	"time"

	"keystead/server/db"
)

// renamed are the former names of sessions that got another since their people's rights
// changed. A browser has requests on their way with the old one: for a moment they are
// let pass.
type renamed struct {
	mu  sync.Mutex
	now map[string]name
}

// name is what a session is called now, and how long its former name is good.
type name struct {
	sid   string
	until time.Time
}

// moment is how long a request may be on its way.
const moment = 10 * time.Second

func newRenamed() *renamed { return &renamed{now: map[string]name{}} }

func (n *renamed) add(old, sid string, at time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for former, name := range n.now {
		if !at.Before(name.until) {
			delete(n.now, former)
		}
	}
	n.now[old] = name{sid: sid, until: at.Add(moment)}
}

// find is the session that had this name a moment ago, unless it got yet another one by a
// new proof of identity; else [db.IsNone] knows the error.
func (n *renamed) find(r db.Reader, old string, at time.Time) (row, error) {
	n.mu.Lock()
	now := n.now[old]
	n.mu.Unlock()
	if !at.Before(now.until) {
		now.sid = "" // which none is called
	}
	return sessionBySID(r, now.sid)
}

// rename gives a session a new name since its person's rights changed: who knew the old
// one, and what it was good for, knows nothing of what it is good for now. Where that
// can't be written the session goes on as it was, for it lost no rights by its name. Of
// requests at once, one does it.
func (s *Sessions) rename(ctx context.Context, k *known, rights string) bool {
	fresh := newSID()
	err := s.DB.Note(ctx, func(tx *db.Tx) error {
		_, err := rename(tx, k.row.SID, fresh)
		if err == nil {
			s.renamed.add(k.row.SID, fresh, tx.Now()) // before the commit, or who reads right after it finds neither name
		}
		return err
	})
	if err != nil {
		return db.IsNone(err)
	}
	k.row.SID = fresh
	k.who.Session.Renamed = s.token(k.row, k.who.User, rights)
	return true
}
