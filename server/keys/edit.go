package keys

import (
	"context"
	"fmt"
	"time"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Edit changes what the request sets: everything of one's own keys; of others'
// name, description, enabled, an earlier expiry, and ADMIN to READONLY.
// Faults: not_found; permission_required; key_too_weak; name_taken; invalid_value,
// expires_in_past and lifetime_too_long at their field.
func (k *Keys) Edit(ctx context.Context, who caller.Caller, id api.KeyID, req api.EditKey) (api.Key, error) {
	var edited api.Key
	err := k.db.Write(ctx, func(tx *db.Tx) error {
		row, err := k.edit(tx, who, id, req)
		edited = row.key(tx.Now())
		return err
	})
	if err != nil {
		return api.Key{}, fmt.Errorf("edit a key: %w", err)
	}
	return edited, nil
}

// edit refuses before it writes anything.
func (k *Keys) edit(tx *db.Tx, who caller.Caller, id api.KeyID, req api.EditKey) (row, error) {
	before, err := mayChange(tx, who, id, perm.KeysModify)
	if err != nil {
		return row{}, err
	}
	after, changed, err := change(before, req)
	if err != nil {
		return row{}, err
	}
	if err := mayBecome(tx, who, before, after); err != nil {
		return row{}, err
	}
	if len(changed) == 0 && before.Enabled == after.Enabled {
		return before, nil
	}
	if !after.Enabled || !before.stands(tx.Now()) {
		after.endOverlap()
	}
	after.UpdatedAt = db.At(tx.Now())
	if err := update(tx, after); err != nil {
		return row{}, err
	}
	return after, k.noteEdit(tx, who, before, after, changed)
}

// change is the row as the request wants it, and the names of the members that
// differ but for enabled, which is an act of its own.
func change(before row, req api.EditKey) (after row, changed []string, err error) {
	after = before
	if req.Name != nil {
		if after.Name, err = cleanName(*req.Name); err != nil {
			return row{}, nil, err
		}
	}
	if req.Description != nil {
		if after.Description, err = cleanDescription(*req.Description); err != nil {
			return row{}, nil, err
		}
	}
	if req.Role != nil {
		if err := knownRole(*req.Role); err != nil {
			return row{}, nil, err
		}
		after.Role = *req.Role
	}
	if req.Enabled != nil {
		after.Enabled = *req.Enabled
	}
	if req.ExpiresAt.Set {
		after.ExpiresAt = db.AtOrNull(req.ExpiresAt.Value)
	}
	differs := func(name string, yes bool) {
		if yes {
			changed = append(changed, name)
		}
	}
	differs("name", after.Name != before.Name)
	differs("description", after.Description != before.Description)
	differs("role", after.Role != before.Role)
	differs("expires_at", !sameTime(after.ExpiresAt, before.ExpiresAt))
	return after, changed, nil
}

// mayBecome judges the key as it would be.
func mayBecome(tx *db.Tx, who caller.Caller, before, after row) error {
	if before.OwnerID != who.User.ID {
		if after.Role == api.Admin && before.Role != api.Admin {
			return fault.At("role", fault.PermissionRequired, "Only its owner makes a key ADMIN.")
		}
		if later(after.ExpiresAt, before.ExpiresAt) {
			return fault.At("expires_at", fault.PermissionRequired, "Only its owner lets a key live longer.")
		}
	}
	if !sameTime(after.ExpiresAt, before.ExpiresAt) {
		rule, err := ruleOf(tx, after.OwnerID, after.OrgID)
		if err != nil {
			return err
		}
		if err := lasts(after.ExpiresAt.Or(), rule.Policy, after.CreatedAt.Time, tx.Now()); err != nil {
			return err
		}
	}
	return outlives(who, after.ExpiresAt.Or())
}

// later reports whether a ends after b, where null never does.
func later(a, b *db.Stamp) bool {
	return b != nil && (a == nil || a.After(b.Time))
}

func sameTime(a, b *db.Stamp) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Equal(b.Time)
}

// stands reports a key that is neither disabled nor expired.
func (r row) stands(now time.Time) bool {
	return r.Enabled && (r.ExpiresAt == nil || now.Before(r.ExpiresAt.Time))
}

// noteEdit writes one audit row for what was edited, and one for enabling or
// disabling.
func (k *Keys) noteEdit(tx *db.Tx, who caller.Caller, before, after row, changed []string) error {
	if len(changed) > 0 {
		if err := k.note(tx, who, audit.KeyEdit, after, audit.Facts{"changed": changed}); err != nil {
			return err
		}
	}
	if before.Enabled == after.Enabled {
		return nil
	}
	act := audit.KeyDisable
	if after.Enabled {
		act = audit.KeyEnable
	}
	return k.note(tx, who, act, after, nil)
}
