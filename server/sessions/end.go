package sessions

import (
	"context"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

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
