package users

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
)

// Delete deletes a user and their keys, for good. Their row stays for the audit
// trail. Faults: not_found; permission_required; key_too_weak; last_administrator.
func (u *Users) Delete(ctx context.Context, who caller.Caller, id api.UserID) error {
	err := u.DB.Write(ctx, func(tx *db.Tx) error {
		return u.manage(tx, who, id, func(m managed) error { return u.delete(tx, m) })
	})
	if err != nil {
		return fmt.Errorf("delete a user: %w", err)
	}
	return nil
}

func (u *Users) delete(tx *db.Tx, m managed) error {
	deleted, err := u.DeleteKeys(tx, m.user.ID)
	if err != nil {
		return err
	}
	ended, err := u.EndSessions(tx, m.user.ID)
	if err != nil {
		return err
	}
	if err := u.EndLinks(tx, m.user.ID); err != nil {
		return err
	}
	if _, err := u.setMemberships(tx, m, nil); err != nil {
		return err
	}
	if err := remove(tx, m.user.ID); err != nil {
		return err
	}
	return u.Audit.Write(tx, m.who, audit.UserDelete, target(m.user), audit.Facts{"keys_deleted": deleted, "sessions_ended": ended})
}
