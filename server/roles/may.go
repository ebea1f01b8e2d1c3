package roles

import (
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// sight is which roles and holders somebody may see: all, or those of organizations,
// with the built-in ones.
type sight struct {
	all  bool
	orgs []api.OrgID // unless all
}

func seen(who caller.Caller) sight {
	s := sight{all: who.Account.Has(perm.RolesRead), orgs: []api.OrgID{}}
	for org := range who.Orgs {
		if who.In(org).Has(perm.RolesRead) {
			s.orgs = append(s.orgs, org)
		}
	}
	return s
}

func (s sight) nothing() bool { return !s.all && len(s.orgs) == 0 }

// visible is a role that the caller may read. Who manages roles knows that it is
// there, reading or not.
func visible(r db.Reader, who caller.Caller, id api.RoleID) (api.Role, error) {
	role, err := one(r, who, id)
	if err != nil {
		return api.Role{}, err
	}
	s := seen(who)
	switch {
	case s.all:
		return role, nil
	case who.Account.Has(perm.RolesManage):
		return api.Role{}, caller.Lacks(perm.RolesRead)
	case s.nothing():
		return api.Role{}, fault.Missing()
	case role.BuiltIn, role.OrganizationID != nil && who.In(*role.OrganizationID).Has(perm.RolesRead):
		return role, nil
	}
	return api.Role{}, fault.Missing()
}

// mayManage is the caller with what they may do now, if that is managing roles.
func mayManage(r db.Reader, who caller.Caller) (caller.Caller, error) {
	if err := who.Changes(); err != nil {
		return who, err
	}
	who, err := who.Still(r)
	if err != nil {
		return who, err
	}
	return who, who.MayOnAccount(perm.RolesManage)
}

// mayChange finds a custom role that the caller may edit or delete.
func mayChange(tx *db.Tx, who caller.Caller, id api.RoleID) (caller.Caller, api.Role, error) {
	now, err := mayManage(tx, who)
	if err != nil {
		if _, hidden := visible(tx, who, id); fault.Is(hidden, fault.NotFound) {
			err = hidden
		}
		return who, api.Role{}, err
	}
	role, err := one(tx, now, id)
	switch {
	case err != nil:
		return now, role, err
	case role.BuiltIn:
		return now, role, fault.New(fault.RoleBuiltIn, "The built-in roles stay as they are. Add a role of your own.")
	}
	return now, role, mayGive(now, role)
}

// mayGive refuses a role that gives what the caller does not hold where it is given.
func mayGive(who caller.Caller, role api.Role) error {
	set, err := perm.Parse(role.Permissions)
	if err != nil {
		return fault.At("permissions", fault.InvalidValue, "There is no such permission.")
	}
	held := holds(who, role)
	for _, p := range set.List() {
		if !held.Has(p) {
			return fault.At("permissions", fault.PermissionRequired, "Nobody gives what they do not hold, and you lack %s.", p)
		}
	}
	return nil
}

// holds is what the caller may do where a role is given. A built-in role of
// organizations is given in all of them, so it asks for the account.
func holds(who caller.Caller, role api.Role) perm.Set {
	if role.OrganizationID != nil {
		return who.In(*role.OrganizationID)
	}
	return who.Account
}
