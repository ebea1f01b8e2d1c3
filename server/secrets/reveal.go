package secrets

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

// Reveal shows the current value to a holder of the permission: in an elevated
// session, or to an ADMIN key. It answers only after the audit row with the purpose
// is on disk.
// Faults: not_found; permission_required; elevation_required; key_too_weak;
// invalid_value.
func (s *Secrets) Reveal(ctx context.Context, who caller.Caller, org api.OrgID, kind api.SecretKind, req api.Reveal) (api.Revealed, error) {
	if req.Purpose == "" {
		req.Purpose = api.PurposeShow
	}
	words, err := wordsOf(kind)
	if err != nil {
		return api.Revealed{}, err
	}
	var value api.Secret
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now, uuid, err := mayHandle(tx, who, org, kind, words.read)
		if err != nil {
			return err
		}
		if !slices.Contains(purposes, req.Purpose) {
			return fault.At("purpose", fault.InvalidValue, "A purpose is show, copy or bundle.")
		}
		if value, err = s.open(tx, now, uuid); err != nil {
			return err
		}
		return s.note(tx, who, words.reveal, now, audit.Facts{"purpose": req.Purpose})
	})
	if err != nil {
		return api.Revealed{}, fmt.Errorf("show a secret: %w", err)
	}
	return api.Revealed{Value: value}, nil
}
