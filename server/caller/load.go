package caller

import (
	"fmt"
	"hash/fnv"
	"slices"

	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Person is a user with everything that decides what they may do. It is shared by
// caches: nobody changes it.
type Person struct {
	User        User
	State       string                 // see api.UserActive
	Account     perm.Set               // of the account role
	AccountRole string                 // its name, "" without one
	EveryOrg    bool                   // an account role: a member of every organization
	Orgs        map[api.OrgID]perm.Set // of the role in each organization that is not deleted
	Rights      string                 // version of all of the above
}

// Member reports whether the person belongs to the organization. For holders of an
// account role it can't know whether the organization exists.
func (p Person) Member(org api.OrgID) bool {
	_, ok := p.Orgs[org]
	return ok || p.EveryOrg
}

// Caller is the person as a caller, without the credential that makes them one.
func (p Person) Caller() Caller {
	return Caller{User: p.User, Account: p.Account, EveryOrg: p.EveryOrg, Orgs: p.Orgs, Rights: p.Rights}
}

// Load reads who a user is and what they may do. A user who does not exist or is
// deleted is an error that [db.IsNone] knows.
func Load(r db.Reader, id api.UserID) (Person, error) {
	var user struct {
		User
		State string  `db:"state"`
		Role  *string `db:"role"`
	}
	err := r.Get(&user, `
		SELECT u.id, u.uuid, u.email, u.first_name, u.last_name, u.state, r.name AS role
		  FROM users u
		  LEFT JOIN roles r ON r.id = u.account_role_id
		 WHERE u.id = ?
		   AND u.deleted_at IS NULL`, id)
	if err != nil {
		return Person{}, fmt.Errorf("load the person: %w", err)
	}
	p := Person{User: user.User, State: user.State, EveryOrg: user.Role != nil, Orgs: map[api.OrgID]perm.Set{}}
	if user.Role != nil {
		p.AccountRole = *user.Role
	}
	return p, p.loadRights(r)
}

// loadRights reads the permissions: those of the account role have no organization,
// a role without permissions is one row with none.
func (p *Person) loadRights(r db.Reader) error {
	var rows []struct {
		Org        api.OrgID       `db:"org_id"`
		Permission perm.Permission `db:"permission"`
	}
	err := r.Select(&rows, `
		SELECT 0 AS org_id, g.permission
		  FROM users u
		  JOIN role_permissions g ON g.role_id = u.account_role_id
		 WHERE u.id = ?
		 UNION ALL
		SELECT m.org_id, COALESCE(g.permission, '') AS permission
		  FROM memberships m
		  JOIN organizations o ON o.id = m.org_id AND o.deleted_at IS NULL
		  LEFT JOIN role_permissions g ON g.role_id = m.role_id
		 WHERE m.user_id = ?`, p.User.ID, p.User.ID)
	if err != nil {
		return fmt.Errorf("load what the person may do: %w", err)
	}
	for _, row := range rows {
		granted := perm.OfKnown(row.Permission)
		if row.Org == 0 {
			p.Account = p.Account.Or(granted)
			continue
		}
		p.Orgs[row.Org] = p.Orgs[row.Org].Or(granted)
	}
	p.Rights = p.version()
	return nil
}

// version is a short digest of what the person may do. It tells versions apart and
// proves nothing, so it need not be a strong one.
func (p *Person) version() string {
	h := fnv.New64a()
	fmt.Fprint(h, p.AccountRole, "\x00", p.Account)
	orgs := make([]api.OrgID, 0, len(p.Orgs))
	for org := range p.Orgs {
		orgs = append(orgs, org)
	}
	slices.Sort(orgs)
	for _, org := range orgs {
		fmt.Fprint(h, "\x00", org, p.Orgs[org])
	}
	return fmt.Sprintf("%016x", h.Sum64())
}
