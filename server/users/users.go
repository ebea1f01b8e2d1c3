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

// Needs are what users are made of.
type Needs struct {
	DB      *db.DB
	Audit   *audit.Log
	Limits  api.Limits
	MaxKeys int // of one user in an organization, and global ones

	// NewPassword checks and hashes a password; about is easy to guess for the person.
	NewPassword func(ctx context.Context, password api.Secret, about ...string) (hash string, err error)
	// EndSessions ends all sessions of a user and counts them.
	EndSessions func(tx *db.Tx, user api.UserID) (int64, error)
	// EraseValues makes the keys of a user unshowable and counts them. They keep working.
	EraseValues func(tx *db.Tx, user api.UserID) (int64, error)
	// OwnerRenamed keeps the lists of keys that are sorted by owner right.
	OwnerRenamed func(tx *db.Tx, user api.UserID) error
	// Key is the record of the API key that a caller came with.
	Key func(ctx context.Context, who caller.Caller, id api.KeyID) (api.Key, error)
}

// Users adds, disables and describes people.
type Users struct{ Needs }

// New makes the users.
func New(n Needs) *Users { return &Users{n} }

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
	p, err := in.clean()
	if err != nil {
		return api.User{}, err
	}
	if p.hash, err = u.NewPassword(ctx, in.Password, p.email, p.first, p.last, in.Organization); err != nil {
		return api.User{}, err
	}
	var user api.User
	err = u.DB.Write(ctx, func(tx *db.Tx) error {
		role, err := roleByName(tx, in.Role)
		if err != nil {
			return err
		}
		org, err := orgFor(tx, role, in.Organization)
		if err != nil {
			return err
		}
		if user, err = insert(tx, p, role.ID, org); err != nil {
			return err
		}
		return u.Audit.Write(tx, who, audit.UserAdd, target(user), audit.Facts{"role": role.Name, "organization": org})
	})
	return user, err
}

// Disable shuts a user out: their sessions end, their keys are refused from now on.
// Faults: permission_required; not_found; last_administrator.
func (u *Users) Disable(ctx context.Context, who caller.Caller, email string) error {
	return u.change(ctx, who, email, func(tx *db.Tx, user api.User) error {
		if user.State == api.UserDisabled {
			return nil
		}
		if err := disable(tx, user.ID); err != nil {
			return err
		}
		ended, err := u.EndSessions(tx, user.ID)
		if err != nil {
			return err
		}
		return u.Audit.Write(tx, who, audit.UserDisable, target(user), audit.Facts{"sessions_ended": ended})
	})
}

// Enable lets a disabled user in again; their keys are good again, too. Faults:
// permission_required; not_found.
func (u *Users) Enable(ctx context.Context, who caller.Caller, email string) error {
	return u.change(ctx, who, email, func(tx *db.Tx, user api.User) error {
		enabled, err := enable(tx, user.ID)
		if err != nil || !enabled {
			return err
		}
		return u.Audit.Write(tx, who, audit.UserEnable, target(user), nil)
	})
}

// ResetPassword sets another person's password. Their sessions end and their keys
// keep working, but can't be shown any more: else whoever sets it could read them.
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
	return u.change(ctx, who, email, func(tx *db.Tx, user api.User) error {
		if err := u.SetPassword(tx, user.ID, hash); err != nil {
			return err
		}
		ended, err := u.EndSessions(tx, user.ID)
		if err != nil {
			return err
		}
		erased, err := u.EraseValues(tx, user.ID)
		if err != nil {
			return err
		}
		return u.Audit.Write(tx, who, audit.UserPassword, target(user), audit.Facts{"sessions_ended": ended, "values_erased": erased})
	})
}

// change runs an act on the user of an e-mail address in one transaction.
func (u *Users) change(ctx context.Context, who caller.Caller, email string, act func(*db.Tx, api.User) error) error {
	if err := mayManage(who); err != nil {
		return err
	}
	return u.DB.Write(ctx, func(tx *db.Tx) error {
		user, err := byEmail(tx, email)
		if err != nil {
			return err
		}
		return act(tx, user)
	})
}

// mayManage lets in who holds users:manage, and the command line: who can use it
// holds the data folder.
func mayManage(who caller.Caller) error {
	if who.Kind == audit.Console().Kind {
		return nil
	}
	return who.MayOnAccount(perm.UsersManage)
}

func target(user api.User) audit.Target {
	return audit.Target{Kind: "user", ID: int64(user.ID), Name: user.Email}
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
