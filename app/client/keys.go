package client

import (
	"context"

	"keystead/shared/api"
)

// Keys lists the API keys of an organization that the person may see.
func (c *Client) Keys(ctx context.Context, org api.OrgID, list api.KeyList) (p api.Page[api.Key], err error) {
	err = c.get(ctx, api.PathOrgKeys(org), list.Query(), &p)
	return p, err
}

// Key is one API key.
func (c *Client) Key(ctx context.Context, id api.KeyID) (k api.Key, err error) {
	err = c.get(ctx, api.PathKey(id), nil, &k)
	return k, err
}

// AddKey adds a key of the person's own to an organization. The answer holds the value.
// Faults: name_taken, key_limit_reached, expires_in_past, lifetime_too_long, invalid_value.
func (c *Client) AddKey(ctx context.Context, org api.OrgID, key api.AddKey) (a api.AddedKey, err error) {
	err = c.send(ctx, "POST", api.PathOrgKeys(org), key, &a)
	return a, err
}

// AddGlobalKey adds a key that acts in all of the person's organizations; else as [Client.AddKey].
func (c *Client) AddGlobalKey(ctx context.Context, key api.AddKey) (a api.AddedKey, err error) {
	err = c.send(ctx, "POST", api.PathGlobalKeys, key, &a)
	return a, err
}

// EditKey changes what is set in edit.
func (c *Client) EditKey(ctx context.Context, id api.KeyID, edit api.EditKey) (k api.Key, err error) {
	err = c.send(ctx, "PATCH", api.PathKey(id), edit, &k)
	return k, err
}

// DeleteKey ends a key for good.
func (c *Client) DeleteKey(ctx context.Context, id api.KeyID) error {
	return c.send(ctx, "DELETE", api.PathKey(id), nil, nil)
}

// RevealKey is the value of one of the person's own keys. May ask who they are.
// Faults: reveal_never, value_erased.
func (c *Client) RevealKey(ctx context.Context, id api.KeyID, purpose api.Purpose) (api.Secret, error) {
	var r api.Revealed
	err := c.send(ctx, "POST", api.PathKeyReveal(id), api.Reveal{Purpose: purpose}, &r)
	return r.Value, err
}

// RotateKey gives a key a new value. May ask who the person is.
func (c *Client) RotateKey(ctx context.Context, id api.KeyID, rotate api.Rotate) (a api.AddedKey, err error) {
	err = c.send(ctx, "POST", api.PathKeyRotate(id), rotate, &a)
	return a, err
}

// BulkKeys does one thing to many keys, each by itself.
func (c *Client) BulkKeys(ctx context.Context, bulk api.Bulk) (d api.BulkDone, err error) {
	err = c.send(ctx, "POST", api.PathKeysBulk, bulk, &d)
	return d, err
}
