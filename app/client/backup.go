package client

import (
	"context"

	"keystead/shared/api"
)

// Backup is how backups stand.
func (c *Client) Backup(ctx context.Context) (b api.Backup, err error) {
	err = c.get(ctx, api.PathBackup, nil, &b)
	return b, err
}

// BackUp has one made now; the answer comes before it is made. May ask who the person
// is. Faults: backup_off.
func (c *Client) BackUp(ctx context.Context) (b api.Backup, err error) {
	err = c.send(ctx, "POST", api.PathBackup, nil, &b)
	return b, err
}
