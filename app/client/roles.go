package client

import (
	"context"

	"keystead/shared/api"
)

// Roles lists the roles that the person may see.
func (c *Client) Roles(ctx context.Context, list api.RoleList) (p api.Page[api.Role], err error) {
	err = c.get(ctx, api.PathRoles, list.Query(), &p)
	return p, err
}

// AddRole makes a custom role. May ask who the person is.
// Faults: name_taken at name; invalid_value, permission_required at a field.
func (c *Client) AddRole(ctx context.Context, role api.AddRole) (r api.Role, err error) {
	err = c.send(ctx, "POST", api.PathRoles, role, &r)
	return r, err
}

// EditRole changes what is set in edit, for everyone who holds the role from their
// next request on. May ask who the person is. Faults: as [Client.AddRole].
func (c *Client) EditRole(ctx context.Context, id api.RoleID, edit api.EditRole) (r api.Role, err error) {
	err = c.send(ctx, "PATCH", api.PathRole(id), edit, &r)
	return r, err
}

// DeleteRole deletes a custom role. Faults: role_in_use, role_built_in.
func (c *Client) DeleteRole(ctx context.Context, id api.RoleID) error {
	return c.send(ctx, "DELETE", api.PathRole(id), nil, nil)
}
