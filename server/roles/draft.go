package roles

import (
	"fmt"
	"slices"

	"keystead/server/audit"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// draft is a new role by the rules of names, scopes and permissions.
func draft(r db.Reader, in api.AddRole) (role api.Role, err error) {
	role = api.Role{Scope: in.Scope, OrganizationID: in.OrganizationID}
	if err := place(r, in); err != nil {
		return role, err
	}
	if role.Name, err = cleanName(r, in.Name, 0); err != nil {
		return role, err
	}
	if role.Description, err = cleanDescription(in.Description); err != nil {
		return role, err
	}
	role.Permissions, err = cleanPermissions(in.Permissions, in.Scope)
	return role, err
}

// place checks where a role is to be given.
func place(r db.Reader, in api.AddRole) error {
	switch {
	case in.Scope != perm.Account && in.Scope != perm.Organization:
		return fault.At("scope", fault.InvalidValue, "A role is given on the account or in an organization.")
	case in.Scope == perm.Account && in.OrganizationID != nil:
		return fault.At("organization_id", fault.InvalidValue, "A role of the account belongs to no organization.")
	case in.Scope == perm.Account:
		return nil
	case in.OrganizationID == nil:
		return fault.At("organization_id", fault.InvalidValue, "Say in which organization the role is given.")
	}
	var exists bool
	err := r.Get(&exists, "SELECT EXISTS (SELECT 1 FROM organizations WHERE id = ? AND deleted_at IS NULL)", *in.OrganizationID)
	if err != nil {
		return fmt.Errorf("look for the organization: %w", err)
	}
	if !exists {
		return fault.At("organization_id", fault.InvalidValue, "There is no such organization.")
	}
	return nil
}

// cleanName refuses names that another role has or looks like: who gives roles reads
// names. No name mixes alphabets, which nobody does by accident.
func cleanName(r db.Reader, text string, but api.RoleID) (string, error) {
	name := fold.Clean(text)
	if why := keyfmt.NameFault(name); why != "" {
		return "", fault.At("name", fault.InvalidValue, "%s", why)
	}
	if fold.Mixed(name) {
		return "", fault.At("name", fault.InvalidValue, "This name mixes alphabets that look alike.")
	}
	skeleton := fold.Skeleton(name)
	var names []string
	if err := r.Select(&names, "SELECT name FROM roles WHERE id <> ?", but); err != nil {
		return "", fmt.Errorf("read the names of roles: %w", err)
	}
	for _, other := range names {
		if fold.Text(other) == fold.Text(name) || skeleton != "" && fold.Skeleton(other) == skeleton {
			return "", fault.At("name", fault.NameTaken, "This is, or looks like, the name of the role %s.", other)
		}
	}
	return name, nil
}

func cleanDescription(text string) (string, error) {
	description := fold.Clean(text)
	if why := keyfmt.DescriptionFault(description); why != "" {
		return "", fault.At("description", fault.InvalidValue, "%s", why)
	}
	return description, nil
}

// cleanPermissions are the permissions with what they imply, each once, in the order
// of the table.
func cleanPermissions(list []perm.Permission, at perm.Scope) ([]perm.Permission, error) {
	set, err := perm.Parse(list)
	if err != nil {
		return nil, fault.At("permissions", fault.InvalidValue, "There is no such permission.")
	}
	if !set.Givable(at) {
		return nil, fault.At("permissions", fault.InvalidValue, "Some of these are given on the account only.")
	}
	return set.List(), nil
}

// change is the role as the request wants it, and what differs.
func change(r db.Reader, before api.Role, in api.EditRole) (after api.Role, facts audit.Facts, err error) {
	after, facts = before, audit.Facts{}
	changed := []string{}
	if in.Name != nil {
		if after.Name, err = cleanName(r, *in.Name, before.ID); err != nil {
			return after, nil, err
		}
		if after.Name != before.Name {
			changed = append(changed, "name")
		}
	}
	if in.Description != nil {
		if after.Description, err = cleanDescription(*in.Description); err != nil {
			return after, nil, err
		}
		if after.Description != before.Description {
			changed = append(changed, "description")
		}
	}
	if in.Permissions != nil {
		if after.Permissions, err = cleanPermissions(*in.Permissions, before.Scope); err != nil {
			return after, nil, err
		}
		if !slices.Equal(after.Permissions, before.Permissions) {
			changed = append(changed, "permissions")
			facts["permissions"], facts["permissions_before"] = after.Permissions, before.Permissions
		}
	}
	if len(changed) > 0 {
		facts["changed"] = changed
	}
	return after, facts, nil
}
