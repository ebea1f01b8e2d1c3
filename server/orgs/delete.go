package orgs

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Part is what goes with an organization: another feature's part of its deletion.
type Part struct {
	Name   string // in the audit log
	Delete func(tx *db.Tx, org api.OrgID) (int64, error)
}

// Delete deletes an organization with everything in it, for good; its name is typed
// for it. Its row stays for the audit trail, its short name is free again.
// Faults: not_found; permission_required; key_too_weak; invalid_value at name.
func (o *Orgs) Delete(ctx context.Context, who caller.Caller, id api.OrgID, req api.DeleteOrg) error {
	err := o.DB.Write(ctx, func(tx *db.Tx) error {
		now, err := mayMakeAndDelete(tx, who)
		if fault.Is(err, fault.PermissionRequired) && !now.Member(id) {
			return fault.Missing()
		}
		if err != nil {
			return err
		}
		row, err := one(tx, id)
		if err != nil {
			return err
		}
		if fold.Clean(req.Name) != row.Name {
			return fault.At("name", fault.InvalidValue, "This is not the organization’s name.")
		}
		facts := audit.Facts{}
		for _, part := range o.Parts {
			if facts[part.Name], err = part.Delete(tx, id); err != nil {
				return err
			}
		}
		if _, err := tx.Exec("UPDATE organizations SET deleted_at = ? WHERE id = ? AND deleted_at IS NULL", db.At(tx.Now()), id); err != nil {
			return fmt.Errorf("end it: %w", err)
		}
		return o.note(tx, now, audit.OrgDelete, row, facts)
	})
	if err != nil {
		return fmt.Errorf("delete an organization: %w", err)
	}
	return nil
}

// mayMakeAndDelete is the caller with what they may do now, if that is managing
// organizations on the account.
func mayMakeAndDelete(r db.Reader, who caller.Caller) (caller.Caller, error) {
	if err := who.Changes(); err != nil {
		return who, err
	}
	who, err := who.Still(r)
	if err != nil {
		return who, err
	}
	return who, who.MayOnAccount(perm.OrgsManage)
}

// contents counts what goes with an organization, for who may delete it.
func (o *Orgs) contents(r db.Reader, who caller.Caller, id api.OrgID) (*api.OrgContents, error) {
	if who.Changes() != nil || who.MayOnAccount(perm.OrgsManage) != nil {
		return nil, nil
	}
	var n struct {
		Keys    int `db:"keys"`
		Lately  int `db:"lately"`
		Members int `db:"members"`
		Roles   int `db:"roles"`
		Devices int `db:"devices"`
		Secrets int `db:"secrets"`
	}
	err := r.Get(&n, `
		SELECT (SELECT COUNT(*) FROM api_keys WHERE COALESCE(org_id, 0) = ?1 AND deleted_at IS NULL) AS keys,
		       (SELECT COUNT(*) FROM api_keys WHERE COALESCE(org_id, 0) = ?1 AND deleted_at IS NULL AND last_login_at >= ?2) AS lately,
		       (SELECT COUNT(*) FROM memberships WHERE org_id = ?1) AS members,
		       (SELECT COUNT(*) FROM roles WHERE org_id = ?1) AS roles,
		       (SELECT COUNT(*) FROM devices WHERE org_id = ?1 AND deleted_at IS NULL) AS devices,
		       (SELECT COUNT(*) FROM secrets WHERE org_id = ?1 AND kind = ?3 AND valid_until IS NULL) AS secrets`,
		id, db.At(o.DB.Now().Add(-api.RecentUse)), api.SharedSecret)
	if err != nil {
		return nil, fmt.Errorf("count what an organization owns: %w", err)
	}
	return &api.OrgContents{
		Keys: n.Keys, KeysUsedLately: n.Lately, Members: n.Members, Roles: n.Roles, Devices: n.Devices, SharedSecret: n.Secrets > 0,
	}, nil
}
