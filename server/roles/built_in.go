package roles

import (
	"context"
	"fmt"

	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/perm"
)

// stored is a built-in role as it is in the database.
type stored struct {
	ID          int64  `db:"id"`
	Description string `db:"description"`
	Scope       string `db:"scope"`
	Permissions perm.Set
}

// Sync brings the built-in roles of the database up to this program's. It writes
// nothing where they are.
func Sync(ctx context.Context, d *db.DB) error {
	have, err := builtIn(d.Read(ctx))
	if err != nil {
		return err
	}
	if len(stale(have)) == 0 {
		return nil
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		have, err := builtIn(tx)
		if err != nil {
			return err
		}
		for _, role := range stale(have) {
			if err := put(tx, role); err != nil {
				return fmt.Errorf("write the role %s: %w", role.Name, err)
			}
		}
		return nil
	})
}

// stale lists the built-in roles that are missing or differ.
func stale(have map[string]stored) (list []perm.Role) {
	for _, role := range perm.BuiltIn {
		got, ok := have[fold.Text(role.Name)]
		if !ok || got.Description != role.Means || got.Scope != string(role.Scope) || got.Permissions != role.Permissions {
			list = append(list, role)
		}
	}
	return list
}

func builtIn(r db.Reader) (map[string]stored, error) {
	var rows []struct {
		stored
		Name       string          `db:"name_folded"`
		Permission perm.Permission `db:"permission"`
	}
	err := r.Select(&rows, `
		SELECT r.id, r.name_folded, r.description, r.scope, COALESCE(p.permission, '') AS permission
		  FROM roles r
		  LEFT JOIN role_permissions p ON p.role_id = r.id
		 WHERE r.built_in = 1`)
	if err != nil {
		return nil, fmt.Errorf("read the built-in roles: %w", err)
	}
	roles := map[string]stored{}
	for _, row := range rows {
		role := row.stored
		role.Permissions = roles[row.Name].Permissions.Or(perm.OfKnown(row.Permission)) // one that is gone is written over
		roles[row.Name] = role
	}
	return roles, nil
}

func put(tx *db.Tx, role perm.Role) error {
	now := db.At(tx.Now())
	var id int64
	err := tx.Get(&id, `
		INSERT INTO roles (name, name_folded, description, scope, built_in, created_at, updated_at)
		VALUES (?, ?, ?, ?, 1, ?, ?)
		ON CONFLICT (name_folded) DO UPDATE
		   SET description = excluded.description, scope = excluded.scope, built_in = 1, updated_at = excluded.updated_at
		RETURNING id`, role.Name, fold.Text(role.Name), role.Means, role.Scope, now, now)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM role_permissions WHERE role_id = ?", id); err != nil {
		return err
	}
	for _, p := range role.Permissions.List() {
		if _, err := tx.Exec("INSERT INTO role_permissions (role_id, permission) VALUES (?, ?)", id, p); err != nil {
			return err
		}
	}
	return nil
}
