package roles

import (
	"encoding/json"
	"fmt"
	"strings"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// row is a role as it is read. Holders are those whom the reader may know of; the
// permissions stand in one text, a blank between them.
type row struct {
	ID          api.RoleID `db:"id"`
	Name        string     `db:"name"`
	Description string     `db:"description"`
	Scope       perm.Scope `db:"scope"`
	Org         *api.OrgID `db:"org_id"`
	BuiltIn     bool       `db:"built_in"`
	Permissions string     `db:"permissions"`
	Holders     int        `db:"holders"`
	CreatedAt   db.Stamp   `db:"created_at"`
	UpdatedAt   db.Stamp   `db:"updated_at"`
}

// columns take who may be counted: ?1 everyone, ?2 else in which organizations.
const columns = `
	r.id, r.name, r.description, r.scope, r.org_id, r.built_in, r.created_at, r.updated_at,
	COALESCE((SELECT string_agg(g.permission, ' ') FROM role_permissions g WHERE g.role_id = r.id), '') AS permissions,
	(SELECT COUNT(*) FROM users u WHERE u.account_role_id = r.id AND u.deleted_at IS NULL)
	+ (SELECT COUNT(*)
	     FROM memberships m
	     JOIN users u ON u.id = m.user_id AND u.deleted_at IS NULL
	     JOIN organizations o ON o.id = m.org_id AND o.deleted_at IS NULL
	    WHERE m.role_id = r.id
	      AND (?1 OR m.org_id IN (SELECT value FROM json_each(?2)))) AS holders`

func (r row) role(who caller.Caller) api.Role {
	var set perm.Set
	for _, name := range strings.Fields(r.Permissions) {
		set = set.Or(perm.OfKnown(perm.Permission(name)))
	}
	role := api.Role{
		ID: r.ID, Name: r.Name, Description: r.Description, Scope: r.Scope, OrganizationID: r.Org, Permissions: set.List(),
		BuiltIn: r.BuiltIn, Holders: r.Holders, CreatedAt: r.CreatedAt.Time, UpdatedAt: r.UpdatedAt.Time,
	}
	role.Manageable = !r.BuiltIn && who.Changes() == nil && who.MayOnAccount(perm.RolesManage) == nil && mayGive(who, role) == nil
	return role
}

// one reads a role as the caller sees it, allowed or not. Fault: not_found.
func one(r db.Reader, who caller.Caller, id api.RoleID) (api.Role, error) {
	s := seen(who)
	orgs, err := json.Marshal(s.orgs)
	if err != nil {
		return api.Role{}, err
	}
	var found row
	err = r.Get(&found, `
		SELECT `+columns+`
		  FROM roles r
		  LEFT JOIN organizations o ON o.id = r.org_id
		 WHERE r.id = ?3
		   AND o.deleted_at IS NULL`, s.all || who.Account.Has(perm.RolesManage), string(orgs), id)
	switch {
	case db.IsNone(err):
		return api.Role{}, fault.Missing()
	case err != nil:
		return api.Role{}, fmt.Errorf("read a role: %w", err)
	}
	return found.role(who), nil
}

func insert(tx *db.Tx, role api.Role) (id api.RoleID, err error) {
	now := db.At(tx.Now())
	err = tx.Get(&id, `
		INSERT INTO roles (name, name_folded, description, scope, org_id, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		RETURNING id`, role.Name, fold.Text(role.Name), role.Description, role.Scope, role.OrganizationID, now, now)
	if err != nil {
		return 0, fmt.Errorf("store a role: %w", err)
	}
	return id, setPermissions(tx, id, role.Permissions)
}

func update(tx *db.Tx, role api.Role) error {
	_, err := tx.Exec(`
		UPDATE roles
		   SET name = ?, name_folded = ?, description = ?, updated_at = ?
		 WHERE id = ?
		   AND built_in = 0`, role.Name, fold.Text(role.Name), role.Description, db.At(tx.Now()), role.ID)
	if err != nil {
		return fmt.Errorf("store a role: %w", err)
	}
	return setPermissions(tx, role.ID, role.Permissions)
}

func setPermissions(tx *db.Tx, id api.RoleID, list []perm.Permission) error {
	if _, err := tx.Exec("DELETE FROM role_permissions WHERE role_id = ?", id); err != nil {
		return fmt.Errorf("clear what a role gives: %w", err)
	}
	for _, p := range list {
		if _, err := tx.Exec("INSERT INTO role_permissions (role_id, permission) VALUES (?, ?)", id, p); err != nil {
			return fmt.Errorf("store what a role gives: %w", err)
		}
	}
	return nil
}

func isHeld(r db.Reader, id api.RoleID) (held bool, err error) {
	err = r.Get(&held, `
		SELECT EXISTS (SELECT 1 FROM memberships WHERE role_id = ?1)
		    OR EXISTS (SELECT 1 FROM users WHERE account_role_id = ?1)`, id)
	if err != nil {
		return false, fmt.Errorf("look for holders of a role: %w", err)
	}
	return held, nil
}

func remove(tx *db.Tx, id api.RoleID) error {
	if _, err := tx.Exec("DELETE FROM roles WHERE id = ? AND built_in = 0", id); err != nil {
		return fmt.Errorf("delete a role: %w", err)
	}
	return nil
}

func removeOfOrg(tx *db.Tx, org api.OrgID) (int64, error) {
	n, err := tx.Exec("DELETE FROM roles WHERE org_id = ? AND built_in = 0", org)
	if err != nil {
		return 0, fmt.Errorf("delete roles of an organization: %w", err)
	}
	return n, nil
}
