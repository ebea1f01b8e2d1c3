package client

import (
	"context"

	"keystead/shared/api"
)

// Session says who is signed in and until when.
func (c *Client) Session(ctx context.Context) (s api.Session, err error) {
	err = c.get(ctx, api.PathSession, nil, &s)
	return s, err
}

// SignOut ends this session.
func (c *Client) SignOut(ctx context.Context) error {
	return c.send(ctx, "DELETE", api.PathSession, nil, nil)
}

// Elevate proves the person's identity again. Faults: bad_credentials; too_many_tries.
func (c *Client) Elevate(ctx context.Context, password api.Secret) error {
	return c.send(ctx, "POST", api.PathElevate, map[string]string{"password": password.Reveal()}, nil)
}

// Sessions lists the browsers in which the person is signed in.
func (c *Client) Sessions(ctx context.Context) (p api.Page[api.SessionRow], err error) {
	err = c.get(ctx, api.PathSessions, nil, &p)
	return p, err
}

// EndSession signs one browser out.
func (c *Client) EndSession(ctx context.Context, id api.SessionID) error {
	return c.send(ctx, "DELETE", api.PathOneSession(id), nil, nil)
}

// EndOtherSessions signs all browsers out but this one.
func (c *Client) EndOtherSessions(ctx context.Context) error {
	return c.send(ctx, "DELETE", api.PathSessions, nil, nil)
}

// Me says who the person is and what they may do, where.
func (c *Client) Me(ctx context.Context) (m api.Me, err error) {
	err = c.get(ctx, api.PathMe, nil, &m)
	return m, err
}

// EditMe changes the person's own name.
func (c *Client) EditMe(ctx context.Context, edit api.EditMe) (m api.Me, err error) {
	err = c.send(ctx, "PATCH", api.PathMe, edit, &m)
	return m, err
}

// NewPassword changes the person's own password. Faults: invalid_value.
func (c *Client) NewPassword(ctx context.Context, password api.Secret) error {
	return c.send(ctx, "POST", api.PathMyPassword, map[string]string{"password": password.Reveal()}, nil)
}

// Account is the installation, for holders of account:read.
func (c *Client) Account(ctx context.Context) (a api.Account, err error) {
	err = c.get(ctx, api.PathAccount, nil, &a)
	return a, err
}
