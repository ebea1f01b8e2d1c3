package secrets

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

// Rotate makes the next version. The one before stays good for the overlap; one
// that was still overlapping ends and is erased.
// Faults: not_found; permission_required; elevation_required; key_too_weak;
// invalid_value at overlap_seconds.
func (s *Secrets) Rotate(ctx context.Context, who caller.Caller, org api.OrgID, kind api.SecretKind, req api.Rotate) (api.AddedOrgSecret, error) {
	words, err := wordsOf(kind)
	if err != nil {
		return api.AddedOrgSecret{}, err
	}
	var rotated api.AddedOrgSecret
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		old, uuid, err := mayHandle(tx, who, org, kind, words.manage)
		if err != nil {
			return err
		}
		if req.OverlapSeconds < 0 || req.OverlapSeconds > int64(api.MaxOverlap/time.Second) {
			return fault.At("overlap_seconds", fault.InvalidValue, "An overlap lasts for 0 seconds to 30 days.")
		}
		before, err := end(tx, old, time.Duration(req.OverlapSeconds)*time.Second)
		if err != nil {
			return err
		}
		next, value, err := s.mint(tx, place{org, uuid, kind}, old.Version+1)
		if err != nil {
			return err
		}
		if err := insert(tx, &next); err != nil {
			return err
		}
		rotated = api.AddedOrgSecret{Secret: *next.shown(before), Value: value}
		return s.note(tx, who, words.rotate, next, audit.Facts{"overlap_seconds": req.OverlapSeconds})
	})
	if err != nil {
		return api.AddedOrgSecret{}, fmt.Errorf("rotate a secret: %w", err)
	}
	return rotated, nil
}

// mayHandle finds the current version for who shows or rotates it.
func mayHandle(tx *db.Tx, who caller.Caller, org api.OrgID, kind api.SecretKind, p perm.Permission) (version, string, error) {
	if who.Kind != api.CallerSession && who.Kind != api.CallerKey {
		return version{}, "", fault.New(fault.PermissionRequired, "An access token shows and rotates nothing.")
	}
	if err := who.Changes(); err != nil {
		return version{}, "", err
	}
	if err := who.May(p, org); err != nil {
		return version{}, "", err
	}
	if err := who.Elevated(tx.Now()); err != nil {
		return version{}, "", err
	}
	uuid, err := orgUUID(tx, org)
	if err != nil {
		return version{}, "", err
	}
	now, err := current(tx, org, kind)
	if err == nil && now == nil {
		err = fault.Missing()
	}
	if err != nil {
		return version{}, "", err
	}
	return *now, uuid, nil
}

// end gives the current version its end and erases the ones that ended before. It
// answers what is shown as the previous value, nil without an overlap.
func end(tx *db.Tx, old version, overlap time.Duration) (*api.Previous, error) {
	now := tx.Now()
	if err := eraseEnded(tx, old, now); err != nil {
		return nil, err
	}
	until := now.Add(overlap)
	if err := setEnd(tx, old, until); err != nil {
		return nil, err
	}
	if overlap == 0 {
		return nil, eraseEnded(tx, old, now)
	}
	return &api.Previous{Hint: old.Hint, ValidUntil: until}, nil
}
