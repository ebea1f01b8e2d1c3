package sessions

import (
	"context"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Elevate proves again who is there. The session goes on under a new name; the old
// token is worth nothing. Faults: bad_credentials; too_many_tries.
func (s *Sessions) Elevate(ctx context.Context, who caller.Caller, in api.Elevate) (Opened, error) {
	acc, err := byID(s.DB.Read(ctx), who.User.ID)
	if db.IsNone(err) {
		return Opened{}, notSignedIn()
	}
	if err != nil {
		return Opened{}, err
	}
	// A bucket of its own: strangers at the sign-in page can't use it up.
	counted := []bucket{{"elevate:" + acc.UUID, perAccount}}
	proof, err := s.prove(ctx, in.Password, acc.Password, counted, knownBrowser)
	if err != nil {
		return Opened{}, err
	}
	if !proof.ok {
		err := s.DB.Note(ctx, func(tx *db.Tx) error {
			return s.Audit.Refuse(tx, who, audit.SessionElevate, sessionTarget(who.Session.ID), nil)
		})
		if err != nil {
			return Opened{}, err
		}
		return Opened{}, fault.At("password", fault.BadCredentials, "This is not your password.")
	}
	var elevated row
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if proof.better != "" {
			if err := s.SetPassword(tx, acc.ID, proof.better); err != nil {
				return err
			}
		}
		if err := s.giveBack(tx, counted); err != nil {
			return err
		}
		if elevated, err = s.renewed(tx, who); err != nil {
			return err
		}
		return s.Audit.Write(tx, who, audit.SessionElevate, sessionTarget(who.Session.ID), nil)
	})
	if err != nil {
		return Opened{}, err
	}
	return s.reopened(ctx, elevated, who), nil
}

// ChangePassword sets the caller's own password and ends their other sessions. The
// caller's session goes on under a new name. Faults: invalid_value at password;
// too_many_tries.
func (s *Sessions) ChangePassword(ctx context.Context, who caller.Caller, in api.NewPassword) (Opened, error) {
	hash, err := s.NewPassword(ctx, in.Password, who.User.Email, who.User.FirstName, who.User.LastName)
	if err != nil {
		return Opened{}, err
	}
	var renewed row
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if renewed, err = s.renewed(tx, who); err != nil {
			return err
		}
		if err := s.SetPassword(tx, who.User.ID, hash); err != nil {
			return err
		}
		ended, err := endBut(tx, who.User.ID, who.Session.ID)
		if err != nil {
			return err
		}
		return s.Audit.Write(tx, who, audit.UserPassword, userTarget(who.User), audit.Facts{"sessions_ended": ended})
	})
	if err != nil {
		return Opened{}, err
	}
	return s.reopened(ctx, renewed, who), nil
}

// renewed is the caller's session under a new name, if it has not ended meanwhile.
func (s *Sessions) renewed(tx *db.Tx, who caller.Caller) (row, error) {
	r, err := renew(tx, who.Session.ID, newSID(), tx.Now().Add(s.Elevation))
	if db.IsNone(err) {
		return row{}, notSignedIn()
	}
	return r, err
}

// reopened is what the browser gets of its renewed session. It has a device cookie.
func (s *Sessions) reopened(ctx context.Context, r row, who caller.Caller) Opened {
	return s.opened(ctx, r, who.User, device{user: who.User.UUID, id: "known"})
}
