package keys

import (
	"context"
	"fmt"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Bulk enables, disables or deletes many keys, each judged by itself: the answer
// says which were done, and which refused and why. All that are done share one
// transaction; a fault of the storage undoes them together.
// Fault of the whole: invalid_value at ids or action.
func (k *Keys) Bulk(ctx context.Context, who caller.Caller, req api.Bulk) (api.BulkDone, error) {
	act, err := k.bulkAct(req)
	if err != nil {
		return api.BulkDone{}, err
	}
	var done api.BulkDone
	err = k.db.Write(ctx, func(tx *db.Tx) error {
		done = api.BulkDone{Done: []api.KeyID{}, Refused: []api.Refusal{}}
		for _, id := range req.IDs {
			// Every act refuses before it writes, so a refused key needs no savepoint.
			err := act(tx, who, id)
			refusal, refused := fault.From(err)
			switch {
			case err == nil:
				done.Done = append(done.Done, id)
			case refused && refusal.Code != fault.ReadOnlyStorage:
				done.Refused = append(done.Refused, api.Refusal{ID: id, Code: string(refusal.Code), Detail: refusal.Detail})
			default:
				return err
			}
		}
		return nil
	})
	if err != nil {
		return api.BulkDone{}, fmt.Errorf("%s keys: %w", req.Action, err)
	}
	return done, nil
}

// bulkAct checks the request and gives the act on one key.
func (k *Keys) bulkAct(req api.Bulk) (func(*db.Tx, caller.Caller, api.KeyID) error, error) {
	if len(req.IDs) == 0 || len(req.IDs) > api.MaxBulk {
		return nil, fault.At("ids", fault.InvalidValue, "1 to %d keys are changed at once.", api.MaxBulk)
	}
	seen := make(map[api.KeyID]bool, len(req.IDs))
	for _, id := range req.IDs {
		if seen[id] {
			return nil, fault.At("ids", fault.InvalidValue, "A key is named twice.")
		}
		seen[id] = true
	}
	switch req.Action {
	case api.BulkDelete:
		return k.delete, nil
	case api.BulkEnable, api.BulkDisable:
		enabled := req.Action == api.BulkEnable
		return func(tx *db.Tx, who caller.Caller, id api.KeyID) error {
			_, err := k.edit(tx, who, id, api.EditKey{Enabled: &enabled})
			return err
		}, nil
	}
	return nil, fault.At("action", fault.InvalidValue, "Keys are enabled, disabled or deleted.")
}
