package client

import (
	"context"

	"keystead/shared/api"
)

// Devices lists the machines of an organization.
func (c *Client) Devices(ctx context.Context, org api.OrgID, list api.DeviceList) (p api.Page[api.Device], err error) {
	err = c.get(ctx, api.PathDevices(org), list.Query(), &p)
	return p, err
}

// DeleteDevice ends a device's token for good.
func (c *Client) DeleteDevice(ctx context.Context, id api.DeviceID) error {
	return c.send(ctx, "DELETE", api.PathDevice(id), nil, nil)
}
