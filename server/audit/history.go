package audit

import (
	"context"
	"fmt"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// History is a page of what was done to one API key, the newest first: to its owner,
// and to whoever may see the details of other people's keys there.
// Faults: not_found; permission_required.
func (t *Trail) History(ctx context.Context, who caller.Caller, id api.KeyID, l api.List) (api.Page[api.AuditRow], error) {
	read := t.DB.Read(ctx)
	key, err := keyOf(read, id)
	switch {
	case err != nil:
		return api.Page[api.AuditRow]{}, fmt.Errorf("read a key's history: %w", err)
	case !who.SeesKey(key.Owner, key.Org):
		return api.Page[api.AuditRow]{}, fault.Missing()
	case key.Owner != who.User.ID && !who.OnKeys(key.Org).Has(perm.KeysRead):
		return api.Page[api.AuditRow]{}, caller.Lacks(perm.KeysRead)
	}
	var where clauses
	where.and("target = ?", keyNoun)
	where.and("target_id = ?", id)
	return page(read, where, l)
}

// keyFacts is what decides who may know of an API key.
type keyFacts struct {
	Owner api.UserID `db:"owner_id"`
	Org   *api.OrgID `db:"org_id"`
	Name  string     `db:"name"`
}

// keyOf reads them. Fault: not_found, also of deleted keys.
func keyOf(r db.Reader, id api.KeyID) (key keyFacts, err error) {
	err = r.Get(&key, "SELECT owner_id, org_id, name FROM api_keys WHERE id = ? AND deleted_at IS NULL", id)
	switch {
	case db.IsNone(err):
		return key, fault.Missing()
	case err != nil:
		return key, fmt.Errorf("read a key: %w", err)
	}
	return key, nil
}
