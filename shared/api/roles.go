package api

import (
	"net/url"
	"time"

	"keystead/shared/perm"
)

// PathRoles lists and adds roles.
const PathRoles = "/v1/roles"

// PathRole is one role.
func PathRole(id RoleID) string { return PathRoles + "/" + number(id) }

// Role is a named set of permissions. A custom role is given on the account or in
// its one organization; the built-in ones of organizations in every one.
type Role struct {
	ID             RoleID            `json:"id"`
	Name           string            `json:"name"`
	Description    string            `json:"description"`
	Scope          perm.Scope        `json:"scope" enum:"account,organization"`
	OrganizationID *OrgID            `json:"organization_id"` // null: on the account, or built in
	Permissions    []perm.Permission `json:"permissions"`
	BuiltIn        bool              `json:"built_in"`
	Holders        int               `json:"holders"`    // users who hold it
	Manageable     bool              `json:"manageable"` // the caller may edit it, and delete it once nobody holds it
	CreatedAt      time.Time         `json:"created_at"`
	UpdatedAt      time.Time         `json:"updated_at"`
}

// AddRole asks for a custom role, with permissions that the caller holds where it
// will be given.
type AddRole struct {
	Name           string            `json:"name" required:"true"`
	Description    string            `json:"description,omitempty"`
	Scope          perm.Scope        `json:"scope" required:"true" enum:"account,organization"`
	OrganizationID *OrgID            `json:"organization_id,omitempty"` // where Scope is organization
	Permissions    []perm.Permission `json:"permissions" required:"true"`
}

// EditRole changes what is set of a custom role and leaves the rest. It acts at the
// next request of everyone who holds the role.
type EditRole struct {
	Name        *string            `json:"name,omitempty"`
	Description *string            `json:"description,omitempty"`
	Permissions *[]perm.Permission `json:"permissions,omitempty"`
}

// Columns by which roles are sorted, besides [SortName] and [SortCreated].
const (
	SortScope   = "scope"
	SortHolders = "holders"
)

// RoleList asks for a page of roles.
type RoleList struct {
	List
	Scope perm.Scope // account or organization; empty: both
	Org   OrgID      // only roles that can be given in it; 0: any
}

// Query is the request in the form of a URL's query.
func (l RoleList) Query() url.Values {
	v := url.Values{}
	l.List.put(v)
	text(v, "scope", string(l.Scope))
	if l.Org != 0 {
		v.Set("org", number(l.Org))
	}
	return v
}
