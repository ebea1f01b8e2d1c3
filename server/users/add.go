package users

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
)

// Add invites a user: they come in by the link, which the answer holds and nothing
// else ever does. Faults: permission_required, also for a role that gives what the
// caller lacks; key_too_weak; invalid_value or name_taken at a field.
func (u *Users) Add(ctx context.Context, who caller.Caller, in api.AddUser) (api.AddedUser, error) {
	var added api.AddedUser
	err := u.DB.Write(ctx, func(tx *db.Tx) error {
		who, err := mayManageAs(tx, who)
		if err != nil {
			return err
		}
		p, err := clean(in.Email, in.FirstName, in.LastName)
		if err != nil {
			return err
		}
		m := managed{who: who}
		if m.user, err = u.insert(tx, p, 0, 0); err != nil {
			return err
		}
		facts := audit.Facts{}
		if _, err := setAccountRole(tx, m, in.AccountRoleID, facts); err != nil {
			return err
		}
		if err := u.Audit.Write(tx, who, audit.UserAdd, target(m.user), facts); err != nil {
			return err
		}
		if _, err := u.setMemberships(tx, m, in.Memberships); err != nil {
			return err
		}
		if added.Link, err = u.link(tx, m, api.LinkInvite); err != nil {
			return err
		}
		added.User, err = detail(tx, tx.Now(), who, m.user.ID)
		return err
	})
	if err != nil {
		return api.AddedUser{}, fmt.Errorf("add a user: %w", err)
	}
	return added, nil
}
