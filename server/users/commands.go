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
	"keystead/shared/perm"
)

// These acts name users by their e-mail address and set passwords: they are for the
// command line. Others who call them meet the same rules as everywhere.

// NewUser asks for a user who can sign in at once. A role of the account takes no
// organization; one of an organization takes its short name.
type NewUser struct {
	Email        string
	FirstName    string // default: the e-mail address up to its @
	LastName     string
	Role         string
	Organization string
	Password     api.Secret
}

// Create adds an active user. Faults: permission_required; invalid_value or
// name_taken at a field.
func (u *Users) Create(ctx context.Context, who caller.Caller, in NewUser) (api.User, error) {
	if err := mayManage(who); err != nil {
		return api.User{}, err
	}
	p, err := clean(in.Email, in.FirstName, in.LastName)
	if err != nil {
		return api.User{}, err
	}
	if p.hash, err = u.NewPassword(ctx, in.Password, p.email, p.first, p.last, in.Organization); err != nil {
		return api.User{}, err
	}
	var user api.User
	err = u.DB.Write(ctx, func(tx *db.Tx) error {
		who, err := mayManageAs(tx, who)
		if err != nil {
			return err
		}
		role, err := roleByName(tx, in.Role)
		if err != nil {
			return err
		}
		org, err := orgFor(tx, role, in.Organization)
		if err != nil {
			return err
		}
		if err := mayGive(tx, who, "role", role, org); err != nil {
			return err
		}
		if user, err = u.insert(tx, p, role.ID, org); err != nil {
			return err
		}
		return u.Audit.Write(tx, who, audit.UserAdd, target(user), audit.Facts{"role": role.Name, "organization": org})
	})
	return user, err
}

// Disable shuts a user out: their sessions end, their keys are refused from now on.
// Faults: permission_required; not_found; last_administrator.
func (u *Users) Disable(ctx context.Context, who caller.Caller, email string) error {
	return u.byAddress(ctx, who, email, func(tx *db.Tx, m managed) error { return u.setState(tx, m, api.UserDisabled) })
}

// ResetPassword sets another person's password. Their sessions end and their keys
// keep working, but can't be shown any more: else whoever sets it could read them.
// Who was invited comes in by it, and needs no link any more.
// Faults: permission_required; not_found; invalid_value at password.
func (u *Users) ResetPassword(ctx context.Context, who caller.Caller, email string, password api.Secret) error {
	if err := mayManage(who); err != nil {
		return err
	}
	person, err := byEmail(u.DB.Read(ctx), email)
	if err != nil {
		return err
	}
	hash, err := u.NewPassword(ctx, password, person.Email, person.FirstName, person.LastName)
	if err != nil {
		return err
	}
	return u.byAddress(ctx, who, email, func(tx *db.Tx, m managed) error {
		if err := u.SetPassword(tx, m.user.ID, hash); err != nil {
			return err
		}
		if err := activate(tx, m.user.ID); err != nil {
			return err
		}
		facts := audit.Facts{}
		if err := u.shutOut(tx, m.user.ID, facts); err != nil {
			return err
		}
		return u.Audit.Write(tx, m.who, audit.UserPassword, target(m.user), facts)
	})
}

// byAddress runs an act on the user of an e-mail address.
func (u *Users) byAddress(ctx context.Context, who caller.Caller, email string, act func(*db.Tx, managed) error) error {
	if err := mayManage(who); err != nil {
		return err
	}
	return u.DB.Write(ctx, func(tx *db.Tx) error {
		user, err := byEmail(tx, email)
		if err != nil {
			return err
		}
		return u.manage(tx, who, user.ID, func(m managed) error { return act(tx, m) })
	})
}

// orgFor is the organization in which a role is given, 0 for one of the account.
func orgFor(r db.Reader, role role, shortName string) (api.OrgID, error) {
	switch {
	case role.Scope == string(perm.Account) && shortName != "":
		return 0, fault.At("organization", fault.InvalidValue, "%s is a role of the whole account: leave the organization out.", role.Name)
	case role.Scope == string(perm.Account):
		return 0, nil
	case shortName == "":
		return 0, fault.At("organization", fault.InvalidValue, "%s is a role in an organization: say in which, by its short name.", role.Name)
	}
	var org api.OrgID
	err := r.Get(&org, "SELECT id FROM organizations WHERE short_name = ? AND deleted_at IS NULL", fold.Text(shortName))
	if db.IsNone(err) {
		return 0, fault.At("organization", fault.InvalidValue, "There is no organization with this short name.")
	}
	if err != nil {
		return 0, fmt.Errorf("find the organization: %w", err)
	}
	if role.Org != nil && *role.Org != org {
		return 0, fault.At("role", fault.InvalidValue, "%s is a role of another organization.", role.Name)
	}
	return org, nil
}
