package users

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Edit changes what the request sets of a user. An e-mail address changed by another
// ends the user's sessions and links and erases what their keys could be shown from.
// Faults: not_found; permission_required, also for a role that gives what the caller
// lacks; key_too_weak; elevation_required for address and roles; last_administrator;
// invalid_value or name_taken at a field.
func (u *Users) Edit(ctx context.Context, who caller.Caller, id api.UserID, in api.EditUser) (api.PersonDetail, error) {
	var edited api.PersonDetail
	err := u.DB.Write(ctx, func(tx *db.Tx) error {
		return u.manage(tx, who, id, func(m managed) error {
			if in.Email != nil || in.AccountRoleID.Set || in.Memberships != nil {
				if err := m.who.Elevated(tx.Now()); err != nil {
					return err
				}
			}
			if err := u.edit(tx, m, in); err != nil {
				return err
			}
			var err error
			edited, err = detail(tx, tx.Now(), m.who, id)
			return err
		})
	})
	if err != nil {
		return api.PersonDetail{}, fmt.Errorf("edit a user: %w", err)
	}
	return edited, nil
}

func (u *Users) edit(tx *db.Tx, m managed, in api.EditUser) error {
	facts := audit.Facts{}
	if err := u.setName(tx, m, in, facts); err != nil {
		return err
	}
	if in.Email != nil {
		if err := u.setEmail(tx, m, *in.Email, facts); err != nil {
			return err
		}
	}
	gained := false
	if in.AccountRoleID.Set {
		var err error
		if gained, err = setAccountRole(tx, m, in.AccountRoleID.Value, facts); err != nil {
			return err
		}
	}
	if in.Memberships != nil {
		joined, err := u.setMemberships(tx, m, *in.Memberships)
		if err != nil {
			return err
		}
		gained = gained || joined
	}
	if gained {
		// They are now where a policy may say that nothing is shown again.
		erased, err := u.EraseForbidden(tx, m.user.ID)
		if err != nil {
			return err
		}
		if erased > 0 {
			facts["values_erased"] = erased
		}
	}
	if len(facts) > 0 {
		if err := u.Audit.Write(tx, m.who, audit.UserEdit, target(m.user), facts); err != nil {
			return err
		}
	}
	if in.State != nil {
		return u.setState(tx, m, *in.State)
	}
	return nil
}

func (u *Users) setName(tx *db.Tx, m managed, in api.EditUser, facts audit.Facts) error {
	first, last := m.user.FirstName, m.user.LastName
	if in.FirstName != nil {
		first = fold.Clean(*in.FirstName)
	}
	if in.LastName != nil {
		last = fold.Clean(*in.LastName)
	}
	if first == m.user.FirstName && last == m.user.LastName {
		return nil
	}
	if err := namesFault(first, last); err != nil {
		return err
	}
	facts["first_name"], facts["last_name"] = first, last
	if err := rename(tx, m.user.ID, first, last); err != nil {
		return err
	}
	return u.OwnerRenamed(tx, m.user.ID)
}

// setEmail changes the address by which somebody signs in.
func (u *Users) setEmail(tx *db.Tx, m managed, text string, facts audit.Facts) error {
	email := fold.Clean(text)
	if email == m.user.Email {
		return nil
	}
	if why := fold.EmailFault(email); why != "" {
		return fault.At("email", fault.InvalidValue, "%s", why)
	}
	if err := freeAddress(tx, email, m.user.ID); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE users SET email = ?, email_folded = ?, updated_at = ? WHERE id = ?", email, fold.Email(email), db.At(tx.Now()), m.user.ID)
	if err != nil {
		return fmt.Errorf("set the e-mail address: %w", err)
	}
	facts["email"], facts["email_before"] = email, m.user.Email
	if m.mine() {
		return u.EndLinks(tx, m.user.ID)
	}
	return u.shutOut(tx, m.user.ID, facts)
}

// shutOut belongs to every change of somebody's password or address by another: their
// sessions and links end, and their keys work on but can't be shown, or whoever did
// it could sign in and look.
func (u *Users) shutOut(tx *db.Tx, user api.UserID, facts audit.Facts) error {
	ended, err := u.EndSessions(tx, user)
	if err != nil {
		return err
	}
	erased, err := u.EraseValues(tx, user)
	if err != nil {
		return err
	}
	facts["sessions_ended"], facts["values_erased"] = ended, erased
	return u.EndLinks(tx, user)
}

// setState enables or disables. A disabled user's sessions and links end and their
// keys are refused; enabled again, the keys are good again.
func (u *Users) setState(tx *db.Tx, m managed, state string) error {
	switch {
	case state != api.UserActive && state != api.UserDisabled:
		return fault.At("state", fault.InvalidValue, "A user is set active or disabled.")
	case state == api.UserActive && m.user.State == api.UserInvited:
		return fault.At("state", fault.InvalidValue, "This user becomes active by using their invitation.")
	case state == m.user.State:
		return nil
	case state == api.UserActive:
		if err := enable(tx, m.user.ID); err != nil {
			return err
		}
		return u.Audit.Write(tx, m.who, audit.UserEnable, target(m.user), nil)
	}
	if err := disable(tx, m.user.ID); err != nil {
		return err
	}
	ended, err := u.EndSessions(tx, m.user.ID)
	if err != nil {
		return err
	}
	if err := u.EndLinks(tx, m.user.ID); err != nil {
		return err
	}
	return u.Audit.Write(tx, m.who, audit.UserDisable, target(m.user), audit.Facts{"sessions_ended": ended})
}
