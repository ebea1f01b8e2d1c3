package sessions

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Get is the caller's own session.
func (s *Sessions) Get(ctx context.Context, who caller.Caller) (api.Session, error) {
	var r row
	err := s.DB.Read(ctx).Get(&r, `SELECT `+columns+`
		  FROM sessions
		 WHERE id = ?
		   AND user_id = ?`, who.Session.ID, who.User.ID)
	if db.IsNone(err) {
		return api.Session{}, notSignedIn()
	}
	if err != nil {
		return api.Session{}, fmt.Errorf("read the session: %w", err)
	}
	return s.session(r, who.User), nil
}

// List shows the browsers in which the caller is signed in, the latest active first.
func (s *Sessions) List(ctx context.Context, who caller.Caller, l api.List) (api.Page[api.SessionRow], error) {
	now := s.DB.Now()
	rows, err := ofUser(s.DB.Read(ctx), who.User.ID, now)
	if err != nil {
		return api.Page[api.SessionRow]{}, err
	}
	items := make([]api.SessionRow, 0, len(rows))
	for _, r := range rows {
		last := s.lastActive(r)
		if now.Sub(last) >= idle {
			continue // signed out, whatever the row says
		}
		items = append(items, api.SessionRow{
			ID: r.ID, Current: r.ID == who.Session.ID, CreatedAt: r.CreatedAt.Time, LastActiveAt: last,
			ExpiresAt: r.ExpiresAt.Time, IP: r.IP, UserAgent: r.UserAgent,
		})
	}
	from := min((l.Page-1)*l.Limit, len(items))
	to := min(from+l.Limit, len(items))
	return api.Page[api.SessionRow]{Items: items[from:to], Total: len(items), Page: l.Page, Limit: l.Limit}, nil
}

// End ends one of the caller's sessions. Faults: not_found.
func (s *Sessions) End(ctx context.Context, who caller.Caller, id api.SessionID) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		ended, err := end(tx, who.User.ID, id)
		if err != nil {
			return err
		}
		if !ended {
			return fault.Missing()
		}
		return s.Audit.Write(tx, who, audit.SessionEnd, sessionTarget(id), nil)
	})
}

// SignOut ends the caller's session.
func (s *Sessions) SignOut(ctx context.Context, who caller.Caller) error {
	return s.End(ctx, who, who.Session.ID)
}

// EndOthers ends all of the caller's sessions but this one.
func (s *Sessions) EndOthers(ctx context.Context, who caller.Caller) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := endBut(tx, who.User.ID, who.Session.ID)
		if err != nil || n == 0 {
			return err
		}
		return s.Audit.Write(tx, who, audit.SessionEnd, userTarget(who.User), audit.Facts{"sessions_ended": n})
	})
}

// EndAll ends all sessions of a user and counts them. It is part of the acts on
// users, which audit it.
func (s *Sessions) EndAll(tx *db.Tx, user api.UserID) (int64, error) { return endBut(tx, user, 0) }

// Open is how many sessions there are that have not ended.
func (s *Sessions) Open(ctx context.Context) (n int64, err error) {
	err = s.DB.Read(ctx).Get(&n, "SELECT count(*) FROM sessions WHERE expires_at > ?", db.At(s.DB.Now()))
	return n, err
}
