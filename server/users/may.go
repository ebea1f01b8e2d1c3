package users

import (
	"cmp"
	"encoding/json"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// isConsole reports the command line: who can use it holds the data folder.
func isConsole(who caller.Caller) bool { return who.Kind == audit.Console().Kind }

// mayManage lets in who holds users:manage, and the command line.
func mayManage(who caller.Caller) error {
	if isConsole(who) {
		return nil
	}
	return who.MayOnAccount(perm.UsersManage)
}

// mayManageAs is the caller with what they may do now, if that is managing users.
func mayManageAs(r db.Reader, who caller.Caller) (caller.Caller, error) {
	if err := who.Changes(); err != nil {
		return who, err
	}
	who, err := who.Still(r)
	if err != nil {
		return who, err
	}
	return who, mayManage(who)
}

// managed is a user under somebody's hands, inside one transaction.
type managed struct {
	who  caller.Caller // with what they may do now
	user api.User
}

// mine reports whether the person themselves is at work: not one of their keys, which
// somebody else may hold.
func (m managed) mine() bool { return m.who.Kind == api.CallerSession && m.who.User.ID == m.user.ID }

// take finds a user that the caller manages: that takes users:manage, and every
// permission that this user holds. A user of whom the caller may not know is
// not_found.
func take(r db.Reader, who caller.Caller, id api.UserID) (managed, error) {
	now, err := mayManageAs(r, who)
	if fault.Is(err, fault.PermissionRequired) {
		if seen, trouble := sees(r, now, id); trouble != nil || !seen {
			return managed{}, cmp.Or[error](trouble, fault.Missing())
		}
	}
	if err != nil {
		return managed{}, err
	}
	user, err := byID(r, id)
	if err != nil {
		return managed{}, err
	}
	person, err := caller.Load(r, id)
	if err != nil {
		return managed{}, err
	}
	return managed{now, user}, holdsAll(now, person)
}

// holdsAll refuses who lacks something that a person holds.
func holdsAll(who caller.Caller, p caller.Person) error {
	if isConsole(who) {
		return nil
	}
	if err := holds(who.Account, p.Account); err != nil {
		return err
	}
	for org, set := range p.Orgs {
		if err := holds(who.In(org), set); err != nil {
			return err
		}
	}
	return nil
}

func holds(have, asked perm.Set) error {
	for _, p := range asked.List() {
		if !have.Has(p) {
			return fault.New(fault.PermissionRequired, "Managing a user takes every permission that they hold, and you lack %s.", p)
		}
	}
	return nil
}

// sight is which users somebody may see: all, or the members of organizations.
type sight struct {
	all  bool
	orgs []api.OrgID // unless all
}

func seen(who caller.Caller) sight {
	s := sight{all: who.Account.Has(perm.UsersRead), orgs: []api.OrgID{}}
	for org := range who.Orgs {
		if who.In(org).Has(perm.UsersRead) {
			s.orgs = append(s.orgs, org)
		}
	}
	return s
}

func (s sight) nothing() bool { return !s.all && len(s.orgs) == 0 }

// list is the organizations for json_each.
func (s sight) list() string {
	text, err := json.Marshal(s.orgs)
	if err != nil {
		panic(err) // of numbers
	}
	return string(text)
}

// inSight is a clause on users u: ?1 all of them, ?2 else members of which
// organizations. Holders of an account role are members of every one.
const inSight = `u.deleted_at IS NULL
		   AND (?1
		        OR json_array_length(?2) > 0
		           AND (u.account_role_id IS NOT NULL
		                OR EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.org_id IN (SELECT value FROM json_each(?2)))))`

// sees reports whether the caller may know of a user.
func sees(r db.Reader, who caller.Caller, id api.UserID) (yes bool, err error) {
	s := seen(who)
	err = r.Get(&yes, "SELECT EXISTS (SELECT 1 FROM users u WHERE u.id = ?3 AND "+inSight+")", s.all, s.list(), id)
	if err != nil {
		return false, fmt.Errorf("look for the user: %w", err)
	}
	return yes, nil
}

// manage runs an act on a user in one transaction. One active Full Administrator is
// left after it, if there was one before: else nothing was done.
func (u *Users) manage(tx *db.Tx, who caller.Caller, id api.UserID, act func(managed) error) error {
	m, err := take(tx, who, id)
	if err != nil {
		return err
	}
	before, err := administrators(tx)
	if err != nil {
		return err
	}
	if err := act(m); err != nil {
		return err
	}
	after, err := administrators(tx)
	if err != nil {
		return err
	}
	if before > 0 && after == 0 {
		return fault.New(fault.LastAdministrator, "This is the last active Full Administrator. Make somebody else one first.")
	}
	return nil
}

// administrators counts the active Full Administrators.
func administrators(r db.Reader) (n int, err error) {
	err = r.Get(&n, `
		SELECT COUNT(*)
		  FROM users
		 WHERE account_role_id = (SELECT id FROM roles WHERE built_in = 1 AND name = ?)
		   AND state = 'active'
		   AND deleted_at IS NULL`, perm.FullAdministrator)
	if err != nil {
		return 0, fmt.Errorf("count Full Administrators: %w", err)
	}
	return n, nil
}
