package keys

import (
	"context"
	"fmt"

	"keystead/server/caller"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// maxLimit is the longest page: longer than ours for clients that know others.
const maxLimit = 500

// List is a page of the keys that the caller may list: those of an organization, by
// default with the caller's own global ones, or global ones only where org is nil.
// Who may not list others' keys sees their own. A page after the last is empty.
// Faults: not_found; key_too_weak.
func (k *Keys) List(ctx context.Context, who caller.Caller, org *api.OrgID, l api.KeyList) (api.Page[api.Key], error) {
	if err := mayReach(who, org); err != nil {
		return api.Page[api.Key]{}, err
	}
	return k.page(ctx, selectionOf(who, org, l, k.db.Now()), l.List)
}

// ListLocal is [Keys.List] without global keys: of an organization, or of all that the
// caller belongs to where org is nil. Fault: not_found.
func (k *Keys) ListLocal(ctx context.Context, who caller.Caller, org *api.OrgID, l api.KeyList) (api.Page[api.Key], error) {
	if org != nil && !who.ReachesKeys(org) {
		return api.Page[api.Key]{}, fault.Missing()
	}
	want := selectionOf(who, org, l, k.db.Now())
	want.global = nobodys
	if org == nil {
		want.everywhere = everywhere(who)
	}
	return k.page(ctx, want, l.List)
}

func (k *Keys) page(ctx context.Context, want selection, l api.List) (api.Page[api.Key], error) {
	if l.Limit < 1 {
		l.Limit = api.DefaultLimit
	}
	l.Page, l.Limit = max(l.Page, 1), min(l.Limit, maxLimit)
	page := api.Page[api.Key]{Items: []api.Key{}, Page: l.Page, Limit: l.Limit}
	now := k.db.Now()
	// Others may wait for the same order: who started it doesn't take it with them.
	ids, err := k.shelf.order(k.db.Read(context.WithoutCancel(ctx)), want)
	if err != nil {
		return page, fmt.Errorf("list keys: %w", err)
	}
	page.Total = len(ids)
	rows, err := k.shelf.page(k.db.Read(ctx), cut(ids, l.Page, l.Limit))
	if err != nil {
		return page, fmt.Errorf("list keys: %w", err)
	}
	page.Items = make([]api.Key, len(rows))
	for i, row := range rows {
		page.Items[i] = row.key(now)
	}
	return page, nil
}

// cut is one page of the ids, pages counted from 1.
func cut(ids []api.KeyID, page, limit int) []api.KeyID {
	if page > len(ids)/limit+1 {
		return nil // also those so far that the product would overflow
	}
	from := min((page-1)*limit, len(ids))
	return ids[from:min(from+limit, len(ids))]
}
