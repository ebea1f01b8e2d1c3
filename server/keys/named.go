package keys

import (
	"context"
	"fmt"

	"keystead/server/caller"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Named finds the key of that name in an organization, for those who know no ids: the
// caller's own, else the only other one that they may know of.
// Faults: not_found; key_too_weak; several_named.
func (k *Keys) Named(ctx context.Context, who caller.Caller, org api.OrgID, name string) (api.Key, error) {
	if err := mayReach(who, &org); err != nil {
		return api.Key{}, err
	}
	var rows []row
	err := k.db.Read(ctx).Select(&rows, `
		SELECT `+columns+`
		  FROM api_keys k
		  JOIN users u ON u.id = k.owner_id
		 WHERE COALESCE(k.org_id, 0) = ?
		   AND k.name_folded = ?
		   AND k.deleted_at IS NULL`, org, fold.Text(name))
	if err != nil {
		return api.Key{}, fmt.Errorf("find a key by its name: %w", err)
	}
	var others []row
	for _, row := range rows {
		switch {
		case row.OwnerID == who.User.ID:
			return row.key(k.db.Now()), nil
		case who.SeesKey(row.OwnerID, row.OrgID):
			others = append(others, row)
		}
	}
	switch len(others) {
	case 0:
		return api.Key{}, fault.Missing()
	case 1:
		return others[0].key(k.db.Now()), nil
	}
	return api.Key{}, fault.New(fault.SeveralNamed, "Several people have a key of that name.")
}
