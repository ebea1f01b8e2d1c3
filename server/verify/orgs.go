package verify

import (
	"context"
	"fmt"
	"sync"

	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

// orgRow is what verdicts say of an organization.
type orgRow struct {
	ID        api.OrgID `db:"id"`
	UUID      string    `db:"uuid"`
	ShortName string    `db:"short_name"`
}

// orgs remembers organizations while the database's epoch stands. Of those that do
// not exist it remembers nothing: anyone can ask for them without end.
type orgs struct {
	db *db.DB

	mu     sync.Mutex
	epoch  uint64
	byID   map[api.OrgID]orgRow
	byName map[string]orgRow
}

// of is the organization with an id, deleted ones too.
func (o *orgs) of(ctx context.Context, id api.OrgID) (orgRow, error) {
	return remember(ctx, o, func() map[api.OrgID]orgRow { return o.byID }, id, `
		SELECT id, uuid, short_name
		  FROM organizations
		 WHERE id = ?`)
}

// named is the organization with a short name, in whatever case it is asked for. Where
// there is none the error is one that [db.IsNone] knows.
func (o *orgs) named(ctx context.Context, short string) (orgRow, error) {
	if keyfmt.ShortNameFault(short) != "" { // not one as it stands: nearly all are, and folding takes longer than a verdict
		short = fold.Text(short)
	}
	return remember(ctx, o, func() map[string]orgRow { return o.byName }, short, `
		SELECT id, uuid, short_name
		  FROM organizations
		 WHERE short_name = ?
		   AND deleted_at IS NULL`)
}

func remember[K comparable](ctx context.Context, o *orgs, by func() map[K]orgRow, key K, query string) (orgRow, error) {
	epoch := o.db.Epoch() // before the read: what changes meanwhile makes it stale
	o.mu.Lock()
	if o.byID == nil || o.epoch != epoch {
		o.epoch, o.byID, o.byName = epoch, map[api.OrgID]orgRow{}, map[string]orgRow{}
	}
	org, ok := by()[key]
	o.mu.Unlock()
	if ok {
		return org, nil
	}
	if err := o.db.Read(ctx).Get(&org, query, key); err != nil {
		return orgRow{}, fmt.Errorf("find the organization: %w", err)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.epoch == epoch {
		by()[key] = org
	}
	return org, nil
}
