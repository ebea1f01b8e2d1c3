package client

import (
	"context"

	"keystead/shared/api"
)

// Users lists the users that the person may see.
func (c *Client) Users(ctx context.Context, list api.UserList) (p api.Page[api.Person], err error) {
	err = c.get(ctx, api.PathUsers, list.Query(), &p)
	return p, err
}

// User is one user, with what disabling or deleting them does.
func (c *Client) User(ctx context.Context, id api.UserID) (u api.PersonDetail, err error) {
	err = c.get(ctx, api.PathUser(id), nil, &u)
	return u, err
}

// AddUser invites a user. The answer holds their link. May ask who the person is.
// Faults: name_taken at email; invalid_value, permission_required at a field.
func (c *Client) AddUser(ctx context.Context, user api.AddUser) (a api.AddedUser, err error) {
	err = c.send(ctx, "POST", api.PathUsers, user, &a)
	return a, err
}

// EditUser changes what is set in edit. May ask who the person is.
// Faults: as [Client.AddUser]; last_administrator.
func (c *Client) EditUser(ctx context.Context, id api.UserID, edit api.EditUser) (u api.PersonDetail, err error) {
	err = c.send(ctx, "PATCH", api.PathUser(id), edit, &u)
	return u, err
}

// DeleteUser deletes a user and their keys for good. Faults: last_administrator.
func (c *Client) DeleteUser(ctx context.Context, id api.UserID) error {
	return c.send(ctx, "DELETE", api.PathUser(id), nil, nil)
}

// UserLink makes a link by which a user comes in or sets a new password. It ends the
// one before. May ask who the person is.
func (c *Client) UserLink(ctx context.Context, id api.UserID, purpose api.LinkPurpose) (l api.Link, err error) {
	err = c.send(ctx, "POST", api.PathUserLink(id), api.AddLink{Purpose: purpose}, &l)
	return l, err
}
