package keys

import (
	"context"
	"fmt"
	"slices"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// purposes are those of a reveal.
var purposes = []api.Purpose{api.PurposeShow, api.PurposeCopy, api.PurposeBundle}

// Reveal shows a key's value to its owner: in an elevated session, or to one of the
// owner's ADMIN keys within its reach. It answers only after the audit row with the
// purpose is on disk.
// Faults: not_found; permission_required; elevation_required; key_too_weak;
// lifetime_too_long; reveal_never; value_erased; invalid_value.
func (k *Keys) Reveal(ctx context.Context, who caller.Caller, id api.KeyID, req api.Reveal) (api.Revealed, error) {
	if req.Purpose == "" {
		req.Purpose = api.PurposeShow
	}
	var value api.Secret
	err := k.db.Write(ctx, func(tx *db.Tx) error {
		key, rule, err := mayReveal(tx, who, id)
		if err != nil {
			return err
		}
		if !slices.Contains(purposes, req.Purpose) {
			return fault.At("purpose", fault.InvalidValue, "A purpose is show, copy or bundle.")
		}
		sealed, err := ciphertext(tx, key)
		if err != nil {
			return err
		}
		if value, err = k.seal.Open(sealed, place(key.PublicID, rule.place)); err != nil {
			return err
		}
		return k.note(tx, who, audit.KeyReveal, key, audit.Facts{"purpose": req.Purpose})
	})
	if err != nil {
		return api.Revealed{}, fmt.Errorf("show a key: %w", err)
	}
	return api.Revealed{Value: value}, nil
}

func mayReveal(tx *db.Tx, who caller.Caller, id api.KeyID) (row, rule, error) {
	if who.Kind != api.CallerSession && who.Kind != api.CallerKey {
		return row{}, rule{}, fault.New(fault.PermissionRequired, "An access token shows no values.")
	}
	key, r, err := mayOwn(tx, who, id, "shows")
	if err == nil && r.Reveal != api.RevealOwner {
		err = fault.New(fault.RevealNever, "By policy nobody sees a key’s value again. Rotate it to get a new one.")
	}
	return key, r, err
}

// ciphertext reads what a value is shown from. Fault: value_erased.
func ciphertext(tx *db.Tx, key row) (sealed []byte, err error) {
	err = tx.Get(&sealed, `
		SELECT ciphertext
		  FROM api_keys
		 WHERE id = ?
		   AND COALESCE(org_id, 0) = COALESCE(?, 0)
		   AND deleted_at IS NULL`, key.ID, key.OrgID)
	if err != nil {
		return nil, fmt.Errorf("read a key: %w", err)
	}
	if sealed == nil {
		return nil, fault.New(fault.ValueErased, "This value was erased and can’t be shown. The key still works; rotate it to get a new value.")
	}
	return sealed, nil
}
