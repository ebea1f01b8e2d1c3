package roles

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Needs is what roles stand on.
type Needs struct {
	DB    *db.DB
	Audit *audit.Log
}

// Roles does every act on roles.
type Roles struct{ Needs }

// New is roles over what they need.
func New(n Needs) *Roles { return &Roles{n} }

// Get is one role. Faults: not_found; permission_required.
func (s *Roles) Get(ctx context.Context, who caller.Caller, id api.RoleID) (api.Role, error) {
	return visible(s.DB.Read(ctx), who, id)
}

// Add makes a custom role. Faults: permission_required, also for permissions that
// the caller lacks where the role will be given; key_too_weak; invalid_value and
// name_taken at a field.
func (s *Roles) Add(ctx context.Context, who caller.Caller, in api.AddRole) (api.Role, error) {
	var added api.Role
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		who, err := mayManage(tx, who)
		if err != nil {
			return err
		}
		d, err := draft(tx, in)
		if err != nil {
			return err
		}
		if err := mayGive(who, d); err != nil {
			return err
		}
		if d.ID, err = insert(tx, d); err != nil {
			return err
		}
		if err := s.note(tx, who, audit.RoleAdd, d, audit.Facts{"permissions": d.Permissions}); err != nil {
			return err
		}
		added, err = one(tx, who, d.ID)
		return err
	})
	if err != nil {
		return api.Role{}, fmt.Errorf("add a role: %w", err)
	}
	return added, nil
}

// Edit changes what the request sets of a custom role.
// Faults: not_found; permission_required; key_too_weak; role_built_in;
// invalid_value and name_taken at a field.
func (s *Roles) Edit(ctx context.Context, who caller.Caller, id api.RoleID, in api.EditRole) (api.Role, error) {
	var edited api.Role
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		who, before, err := mayChange(tx, who, id)
		if err != nil {
			return err
		}
		after, facts, err := change(tx, before, in)
		if err != nil {
			return err
		}
		if err := mayGive(who, after); err != nil {
			return err
		}
		if len(facts) > 0 {
			if err := update(tx, after); err != nil {
				return err
			}
			if err := s.note(tx, who, audit.RoleEdit, after, facts); err != nil {
				return err
			}
		}
		edited, err = one(tx, who, id)
		return err
	})
	if err != nil {
		return api.Role{}, fmt.Errorf("edit a role: %w", err)
	}
	return edited, nil
}

// Delete deletes a custom role that nobody holds.
// Faults: not_found; permission_required; key_too_weak; role_built_in; role_in_use.
func (s *Roles) Delete(ctx context.Context, who caller.Caller, id api.RoleID) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		who, role, err := mayChange(tx, who, id)
		if err != nil {
			return err
		}
		held, err := isHeld(tx, id)
		if err != nil {
			return err
		}
		if held {
			return fault.New(fault.RoleInUse, "Somebody holds this role. Give them another one first.")
		}
		if err := remove(tx, id); err != nil {
			return err
		}
		return s.note(tx, who, audit.RoleDelete, role, nil)
	})
	if err != nil {
		return fmt.Errorf("delete a role: %w", err)
	}
	return nil
}

// DeleteOfOrg deletes the custom roles of an organization that is deleted and that
// nobody belongs to any more.
func (s *Roles) DeleteOfOrg(tx *db.Tx, org api.OrgID) (int64, error) { return removeOfOrg(tx, org) }

// note writes the audit row of an act on a role.
func (s *Roles) note(tx *db.Tx, who caller.Caller, act audit.Act, role api.Role, facts audit.Facts) error {
	on := audit.Target{Kind: "role", ID: int64(role.ID), Name: role.Name}
	if role.Scope == perm.Organization && role.OrganizationID != nil {
		on.Org = *role.OrganizationID
	}
	return s.Audit.Write(tx, who, act, on, facts)
}
