package client

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/shared/api"
)

// Audit is a page of the audit log, the newest row first.
func (c *Client) Audit(ctx context.Context, list api.AuditList) (p api.Page[api.AuditRow], err error) {
	err = c.get(ctx, api.PathAudit, list.Query(), &p)
	return p, err
}

// ExportAudit is all of that list as a file, a Blob of the browser: it may be far
// larger than what the console should hold. as is [api.TypeCSV] or [api.TypeJSONL].
func (c *Client) ExportAudit(ctx context.Context, list api.AuditList, as string) (app.Value, error) {
	list.List = api.List{Q: list.Q}
	path := api.PathAudit
	if query := list.Query().Encode(); query != "" {
		path += "?" + query
	}
	answer, err := c.once(ctx, Request{Method: "GET", Path: path, File: as})
	return answer.File, err
}

// KeyHistory is a page of what was done to one API key, the newest row first.
func (c *Client) KeyHistory(ctx context.Context, id api.KeyID, list api.List) (p api.Page[api.AuditRow], err error) {
	err = c.get(ctx, api.PathKeyHistory(id), api.AuditList{List: list}.Query(), &p)
	return p, err
}
