package client

import (
	"context"

	"keystead/shared/api"
	"keystead/shared/fault"
)

// Orgs lists the organizations that the person may see.
func (c *Client) Orgs(ctx context.Context, list api.List) (p api.Page[api.Org], err error) {
	err = c.get(ctx, api.PathOrgs, list.Query(), &p)
	return p, err
}

// Org is one organization, with what deleting it takes along.
func (c *Client) Org(ctx context.Context, id api.OrgID) (o api.OrgDetail, err error) {
	err = c.get(ctx, api.PathOrg(id), nil, &o)
	return o, err
}

// AddOrg makes an organization. Faults: name_taken at short_name; invalid_value at a field.
func (c *Client) AddOrg(ctx context.Context, org api.AddOrg) (o api.Org, err error) {
	err = c.send(ctx, "POST", api.PathOrgs, org, &o)
	return o, err
}

// EditOrg changes what is set in edit. May ask who the person is. Faults: as [Client.AddOrg].
func (c *Client) EditOrg(ctx context.Context, id api.OrgID, edit api.EditOrg) (o api.Org, err error) {
	err = c.send(ctx, "PATCH", api.PathOrg(id), edit, &o)
	return o, err
}

// DeleteOrg deletes an organization with everything in it; name is its name, typed.
// May ask who the person is. Faults: invalid_value at name.
func (c *Client) DeleteOrg(ctx context.Context, id api.OrgID, name string) error {
	return c.send(ctx, "DELETE", api.PathOrg(id), api.DeleteOrg{Name: name}, nil)
}

// Members lists the members of an organization.
func (c *Client) Members(ctx context.Context, id api.OrgID) (p api.Page[api.Member], err error) {
	err = c.get(ctx, api.PathMembers(id), nil, &p)
	return p, err
}

// Secret is an organization's agent access key or shared secret without its value,
// nil where there is none.
func (c *Client) Secret(ctx context.Context, org api.OrgID, kind api.SecretKind) (*api.OrgSecret, error) {
	var s *api.OrgSecret
	err := c.get(ctx, api.PathSecret(org, kind), nil, &s)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return s, err
}

// AddSecret makes the shared secret. The answer holds the value. Faults: shared_secret_exists.
func (c *Client) AddSecret(ctx context.Context, org api.OrgID, kind api.SecretKind) (a api.AddedOrgSecret, err error) {
	err = c.send(ctx, "POST", api.PathSecret(org, kind), nil, &a)
	return a, err
}

// RevealSecret is the value of a secret. May ask who the person is.
func (c *Client) RevealSecret(ctx context.Context, org api.OrgID, kind api.SecretKind, purpose api.Purpose) (api.Secret, error) {
	var r api.Revealed
	err := c.send(ctx, "POST", api.PathSecretReveal(org, kind), api.Reveal{Purpose: purpose}, &r)
	return r.Value, err
}

// RotateSecret gives a secret a new value. May ask who the person is.
func (c *Client) RotateSecret(ctx context.Context, org api.OrgID, kind api.SecretKind, rotate api.Rotate) (a api.AddedOrgSecret, err error) {
	err = c.send(ctx, "POST", api.PathSecretRotate(org, kind), rotate, &a)
	return a, err
}
