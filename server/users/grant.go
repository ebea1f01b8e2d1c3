package users

import (
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// mayGive refuses a role that gives what the caller does not hold on the account, or
// in the organization where org is not 0.
func mayGive(r db.Reader, who caller.Caller, field string, role role, org api.OrgID) error {
	if isConsole(who) {
		return nil
	}
	have := who.Account
	if org != 0 {
		have = who.In(org)
	}
	gives, err := permissions(r, role.ID)
	if err != nil {
		return err
	}
	for _, p := range gives.List() {
		if !have.Has(p) {
			return fault.At(field, fault.PermissionRequired, "Nobody gives what they do not hold: %s has %s, and you lack it.", role.Name, p)
		}
	}
	return nil
}

// setAccountRole gives or takes the role on the account and reports whether the user
// has a new one.
func setAccountRole(tx *db.Tx, m managed, asked *api.RoleID, facts audit.Facts) (gained bool, err error) {
	before, err := accountRoleOf(tx, m.user.ID)
	if err != nil || sameID(before.id(), asked) {
		return false, err
	}
	after := none
	if asked != nil {
		if after, err = roleByID(tx, "account_role_id", *asked); err != nil {
			return false, err
		}
		if after.Scope != string(perm.Account) {
			return false, fault.At("account_role_id", fault.InvalidValue, "%s is a role in an organization, not of the account.", after.Name)
		}
		if err := mayGive(tx, m.who, "account_role_id", after, 0); err != nil {
			return false, err
		}
	}
	facts["account_role"], facts["account_role_before"] = after.Name, before.Name
	_, err = tx.Exec("UPDATE users SET account_role_id = ?, updated_at = ? WHERE id = ?", asked, db.At(tx.Now()), m.user.ID)
	if err != nil {
		return false, fmt.Errorf("set the account role: %w", err)
	}
	return asked != nil, nil
}

// none is the role of who has none.
var none = role{}

func (r role) id() *api.RoleID {
	if r.ID == 0 {
		return nil
	}
	return &r.ID
}

func sameID(a, b *api.RoleID) bool { return a == b || a != nil && b != nil && *a == *b }

// setMemberships makes the user a member of exactly these organizations. Each change
// has its row in the audit log of its organization. It reports whether the user
// joined one.
func (u *Users) setMemberships(tx *db.Tx, m managed, asked []api.Grant) (joined bool, err error) {
	before, err := memberships(tx, m.user.ID)
	if err != nil {
		return false, err
	}
	seen := map[api.OrgID]bool{}
	for _, g := range asked {
		if seen[g.OrganizationID] {
			return false, fault.At("memberships", fault.InvalidValue, "An organization is named twice.")
		}
		seen[g.OrganizationID] = true
		had, member := before[g.OrganizationID]
		if member && had.ID == g.RoleID {
			continue
		}
		joined = joined || !member
		if err := u.setMembership(tx, m, g, had); err != nil {
			return false, err
		}
	}
	for org, had := range before {
		if seen[org] {
			continue
		}
		if _, err := tx.Exec("DELETE FROM memberships WHERE user_id = ? AND org_id = ?", m.user.ID, org); err != nil {
			return false, fmt.Errorf("end a membership: %w", err)
		}
		if err := u.Audit.Write(tx, m.who, audit.MemberDelete, memberTarget(m.user, org), audit.Facts{"role_before": had.Name}); err != nil {
			return false, err
		}
	}
	return joined, nil
}

// setMembership gives a role in an organization; had is the one before, none for who
// joins.
func (u *Users) setMembership(tx *db.Tx, m managed, g api.Grant, had role) error {
	if err := isOrg(tx, g.OrganizationID); err != nil {
		return err
	}
	role, err := roleByID(tx, "memberships", g.RoleID)
	if err != nil {
		return err
	}
	if role.Scope != string(perm.Organization) || role.Org != nil && *role.Org != g.OrganizationID {
		return fault.At("memberships", fault.InvalidValue, "%s is not a role of this organization.", role.Name)
	}
	if err := mayGive(tx, m.who, "memberships", role, g.OrganizationID); err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO memberships (user_id, org_id, role_id)
		VALUES (?, ?, ?)
		ON CONFLICT (user_id, org_id) DO UPDATE SET role_id = excluded.role_id`, m.user.ID, g.OrganizationID, role.ID)
	if err != nil {
		return fmt.Errorf("set a membership: %w", err)
	}
	act, facts := audit.MemberAdd, audit.Facts{"role": role.Name}
	if had.ID != 0 {
		act, facts["role_before"] = audit.MemberEdit, had.Name
	}
	return u.Audit.Write(tx, m.who, act, memberTarget(m.user, g.OrganizationID), facts)
}

// memberTarget is a user in an organization, whose readers of the audit log see it.
func memberTarget(user api.User, org api.OrgID) audit.Target {
	return audit.Target{Kind: "membership", ID: int64(user.ID), Name: user.Email, Org: org}
}

func isOrg(r db.Reader, org api.OrgID) error {
	var exists bool
	if err := r.Get(&exists, "SELECT EXISTS (SELECT 1 FROM organizations WHERE id = ? AND deleted_at IS NULL)", org); err != nil {
		return fmt.Errorf("look for the organization: %w", err)
	}
	if !exists {
		return fault.At("memberships", fault.InvalidValue, "There is no such organization.")
	}
	return nil
}

// memberships are the roles of a user by organization.
func memberships(r db.Reader, user api.UserID) (map[api.OrgID]role, error) {
	var rows []struct {
		In api.OrgID `db:"in_org"`
		role
	}
	err := r.Select(&rows, `
		SELECT m.org_id AS in_org, r.id, r.name, r.scope, r.org_id
		  FROM memberships m
		  JOIN roles r ON r.id = m.role_id
		 WHERE m.user_id = ?`, user)
	if err != nil {
		return nil, fmt.Errorf("read the memberships: %w", err)
	}
	held := make(map[api.OrgID]role, len(rows))
	for _, row := range rows {
		held[row.In] = row.role
	}
	return held, nil
}

func accountRoleOf(r db.Reader, user api.UserID) (found role, err error) {
	err = r.Get(&found, "SELECT r.id, r.name, r.scope, r.org_id FROM users u JOIN roles r ON r.id = u.account_role_id WHERE u.id = ?", user)
	if db.IsNone(err) {
		return none, nil
	}
	if err != nil {
		return none, fmt.Errorf("read the account role: %w", err)
	}
	return found, nil
}

func roleByID(r db.Reader, field string, id api.RoleID) (found role, err error) {
	err = r.Get(&found, "SELECT id, name, scope, org_id FROM roles WHERE id = ?", id)
	if db.IsNone(err) {
		return none, fault.At(field, fault.InvalidValue, "There is no such role.")
	}
	if err != nil {
		return none, fmt.Errorf("find the role: %w", err)
	}
	return found, nil
}

// permissions are what a role gives.
func permissions(r db.Reader, id api.RoleID) (perm.Set, error) {
	var names []perm.Permission
	if err := r.Select(&names, "SELECT permission FROM role_permissions WHERE role_id = ?", id); err != nil {
		return 0, fmt.Errorf("read what the role gives: %w", err)
	}
	return perm.OfKnown(names...), nil
}

// LeaveAll ends all memberships in an organization that is deleted, and counts them.
// It is part of that act, whose audit row speaks for it.
func (u *Users) LeaveAll(tx *db.Tx, org api.OrgID) (int64, error) {
	n, err := tx.Exec("DELETE FROM memberships WHERE org_id = ?", org)
	if err != nil {
		return 0, fmt.Errorf("end the memberships in an organization: %w", err)
	}
	return n, nil
}
