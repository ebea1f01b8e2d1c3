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
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// Edit changes what is set of an organization's names and policy. Setting reveal to
// never erases for good what its keys could be shown from, in the same transaction.
// Faults: not_found; permission_required; key_too_weak; elevation_required for the
// policy; invalid_value at its field; name_taken at short_name.
func (o *Orgs) Edit(ctx context.Context, who caller.Caller, id api.OrgID, req api.EditOrg) (api.Org, error) {
	var edited row
	err := o.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := o.mayEdit(tx, who, id, req)
		if err != nil {
			return err
		}
		after, changed, err := change(before, req)
		edited = after
		if err != nil || len(changed) == 0 {
			return err
		}
		if who.Kind != api.CallerSession && who.User.ID != 0 && after.KeysManageKeys && !before.KeysManageKeys {
			return fault.New(fault.KeyTooWeak, "Only a person lets API keys manage API keys again. Sign in to do this.")
		}
		if err := update(tx, after); err != nil {
			return err
		}
		facts := audit.Facts{"changed": changed}
		if after.Reveal == api.RevealNever && before.Reveal != api.RevealNever {
			if facts["erased"], err = o.EraseOrgValues(tx, id); err != nil {
				return err
			}
		}
		return o.note(tx, who, audit.OrgEdit, after, facts)
	})
	if err != nil {
		return api.Org{}, fmt.Errorf("edit an organization: %w", err)
	}
	return edited.org(), nil
}

func (o *Orgs) mayEdit(tx *db.Tx, who caller.Caller, id api.OrgID, req api.EditOrg) (row, error) {
	if err := who.Changes(); err != nil {
		return row{}, err
	}
	if err := who.May(perm.OrgsManage, id); err != nil {
		return row{}, err
	}
	if req.Policy != nil {
		if err := who.Elevated(tx.Now()); err != nil {
			return row{}, err
		}
	}
	return one(tx, id)
}

// change is the row as the request wants it, and the names of the members that differ.
func change(before row, req api.EditOrg) (after row, changed []string, err error) {
	after = before
	if req.Name != nil {
		if after.Name, err = cleanName(*req.Name); err != nil {
			return row{}, nil, err
		}
	}
	if req.ShortName != nil {
		after.ShortName = *req.ShortName
		if why := keyfmt.ShortNameFault(after.ShortName); why != "" {
			return row{}, nil, fault.At("short_name", fault.InvalidValue, "%s", why)
		}
	}
	if req.Policy != nil {
		if err := after.follow(*req.Policy); err != nil {
			return row{}, nil, err
		}
	}
	differs := func(name string, yes bool) {
		if yes {
			changed = append(changed, name)
		}
	}
	differs("name", after.Name != before.Name)
	differs("short_name", after.ShortName != before.ShortName)
	differs("reveal", after.Reveal != before.Reveal)
	differs("default_lifetime_days", !same(after.DefaultDays, before.DefaultDays))
	differs("max_lifetime_days", !same(after.MaxDays, before.MaxDays))
	differs("allow_no_expiry", after.AllowNoExpiry != before.AllowNoExpiry)
	differs("keys_manage_keys", after.KeysManageKeys != before.KeysManageKeys)
	return after, changed, nil
}

// follow sets what is set of a policy, and refuses one that contradicts itself.
func (r *row) follow(p api.EditPolicy) error {
	if p.Reveal != nil {
		if *p.Reveal != api.RevealOwner && *p.Reveal != api.RevealNever {
			return fault.At("policy", fault.InvalidValue, "Reveal is owner or never.")
		}
		r.Reveal = *p.Reveal
	}
	for _, bound := range []struct {
		asked api.Maybe[int]
		days  **int
	}{{p.DefaultLifetimeDays, &r.DefaultDays}, {p.MaxLifetimeDays, &r.MaxDays}} {
		if n := bound.asked.Value; n != nil && (*n < 1 || *n > api.MaxLifetimeDays) {
			return fault.At("policy", fault.InvalidValue, "A lifetime is 1 to %d days, or null for none.", api.MaxLifetimeDays)
		}
		if bound.asked.Set {
			*bound.days = bound.asked.Value
		}
	}
	if p.AllowNoExpiry != nil {
		r.AllowNoExpiry = *p.AllowNoExpiry
	}
	if p.KeysManageKeys != nil {
		r.KeysManageKeys = *p.KeysManageKeys
	}
	if r.DefaultDays != nil && r.MaxDays != nil && *r.DefaultDays > *r.MaxDays {
		return fault.At("policy", fault.InvalidValue, "The default lifetime is longer than the longest one.")
	}
	return nil
}

func same(a, b *int) bool { return a == b || a != nil && b != nil && *a == *b }

// update stores an edited organization. Fault: name_taken at short_name.
func update(tx *db.Tx, r row) error {
	_, err := tx.Exec(`
		UPDATE organizations
		   SET name = ?, name_folded = ?, short_name = ?, reveal = ?, default_lifetime_days = ?, max_lifetime_days = ?,
		       allow_no_expiry = ?, keys_manage_keys = ?
		 WHERE id = ?
		   AND deleted_at IS NULL`,
		r.Name, fold.Text(r.Name), r.ShortName, r.Reveal, r.DefaultDays, r.MaxDays, r.AllowNoExpiry, r.KeysManageKeys, r.ID)
	return shortNamed(err)
}
