package automox

import (
	"strconv"

	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// The slugs of roles that their clients know.
const (
	globalAdmin    = "global-admin"
	noGlobalAccess = "no-global-access"
	nonGlobalAdmin = "non-global-admin" // the same, in invitations
)

var slugs = map[string]string{
	perm.FullAdministrator: globalAdmin, perm.OrganizationOperator: "zone-operator", perm.ReadOnly: "read-only", perm.Verifier: "verifier",
}

// slug is a role by the name that it has here: those of custom roles end in their ids,
// so that no two are the same.
func slug(id api.RoleID, name string) string {
	if known, ok := slugs[name]; ok {
		return known
	}
	return keyfmt.ShortName(name) + "-" + strconv.FormatInt(int64(id), 10)
}

// onAccount is the slug of a user's role on the account.
func onAccount(p api.Person) string {
	if p.AccountRole == nil {
		return noGlobalAccess
	}
	return slug(p.AccountRole.ID, p.AccountRole.Name)
}

// Role is a role that can be given.
type Role struct {
	Slug        string `json:"slug"`
	Type        string `json:"type" enum:"zone,account"`
	Name        string `json:"name"`
	Description string `json:"description"`
}

func (a *Automox) roles(r *rest.Request, _ rest.None) (list Data[Role], err error) {
	if err := a.account(r); err != nil {
		return list, err
	}
	known, err := a.knownRoles(r)
	if err != nil {
		return list, err
	}
	rows := []Role{{noGlobalAccess, "account", "No Global Access", "Belongs to single organizations only."}}
	for _, role := range known {
		kind := "zone"
		if role.Scope == perm.Account {
			kind = "account"
		}
		rows = append(rows, Role{slug(role.ID, role.Name), kind, role.Name, role.Description})
	}
	l := pageOf(r)
	from := min((l.Page-1)*l.Limit, len(rows))
	return dataOf(rows[from:min(from+l.Limit, len(rows))], len(rows), l), nil
}

func (a *Automox) knownRoles(r *rest.Request) ([]api.Role, error) {
	return all(func(l api.List) (api.Page[api.Role], error) {
		return a.Roles.List(r.Context(), r.Caller, api.RoleList{List: l})
	})
}

// roleBy finds the role of a slug that the caller may see.
func (a *Automox) roleBy(r *rest.Request, field, text string, scope perm.Scope) (api.RoleID, error) {
	known, err := a.knownRoles(r)
	if err != nil {
		return 0, err
	}
	for _, role := range known {
		if role.Scope == scope && slug(role.ID, role.Name) == text {
			return role.ID, nil
		}
	}
	return 0, fault.At(field, fault.InvalidValue, "There is no such role.")
}
