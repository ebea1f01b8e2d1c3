package sessions

import (
	"context"
	"fmt"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
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

// Open is how many sessions there are that have not ended.
func (s *Sessions) Open(ctx context.Context) (n int64, err error) {
	err = s.DB.Read(ctx).Get(&n, "SELECT count(*) FROM sessions WHERE expires_at > ?", db.At(s.DB.Now()))
	return n, err
}
