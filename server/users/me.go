package users

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Me says who the caller is and what they may do, where.
func (u *Users) Me(ctx context.Context, who caller.Caller) (api.Me, error) {
	r := u.DB.Read(ctx)
	user, err := byID(r, who.User.ID)
	if err != nil {
		return api.Me{}, err
	}
	role, err := accountRole(r, who.User.ID)
	if err != nil {
		return api.Me{}, err
	}
	me := api.Me{
		Caller: who.Kind, User: user, AccountRole: role, AccountPermissions: who.Account.List(),
		Rights: who.Rights, Limits: u.Limits,
	}
	if who.Key != nil {
		key, err := u.Key(ctx, who, who.Key.ID)
		if err != nil {
			return api.Me{}, err
		}
		me.Key = &key
	}
	err = u.addOrgs(r, who, &me)
	return me, err
}

func accountRole(r db.Reader, user api.UserID) (*string, error) {
	var name *string
	err := r.Get(&name, "SELECT r.name FROM users u LEFT JOIN roles r ON r.id = u.account_role_id WHERE u.id = ?", user)
	if err != nil {
		return nil, fmt.Errorf("read the account role: %w", err)
	}
	return name, nil
}

// myOrg is an organization of the caller as it is read.
type myOrg struct {
	ID             api.OrgID `db:"id"`
	UUID           string    `db:"uuid"`
	Name           string    `db:"name"`
	ShortName      string    `db:"short_name"`
	Role           *string   `db:"role"` // null: only by the account role
	Reveal         string    `db:"reveal"`
	DefaultDays    *int      `db:"default_lifetime_days"`
	MaxDays        *int      `db:"max_lifetime_days"`
	AllowNoExpiry  bool      `db:"allow_no_expiry"`
	KeysManageKeys bool      `db:"keys_manage_keys"`
}

// addOrgs tells of the caller's organizations, and of the global keys that act in
// all of them. It asks for those of the person: the key of an organization is no
// member everywhere, though its owner may be.
func (u *Users) addOrgs(r db.Reader, who caller.Caller, me *api.Me) error {
	var orgs []myOrg
	err := r.Select(&orgs, `
		SELECT o.id, o.uuid, o.name, o.short_name, r.name AS role,
		       o.reveal, o.default_lifetime_days, o.max_lifetime_days, o.allow_no_expiry, o.keys_manage_keys
		  FROM organizations o
		  JOIN users u ON u.id = ?
		  LEFT JOIN memberships m ON m.org_id = o.id AND m.user_id = u.id
		  LEFT JOIN roles r ON r.id = m.role_id
		 WHERE o.deleted_at IS NULL
		   AND (u.account_role_id IS NOT NULL OR m.user_id IS NOT NULL)
		 ORDER BY o.name_folded, o.id`, who.User.ID)
	if err != nil {
		return fmt.Errorf("list the caller's organizations: %w", err)
	}
	held, err := keysHeld(r, who.User.ID)
	if err != nil {
		return err
	}
	var policies []api.Policy
	me.Organizations = []api.MyOrg{}
	for _, o := range orgs {
		policy := o.policy()
		policies = append(policies, policy)
		if !who.Member(o.ID) {
			continue // out of the reach of the caller's key
		}
		mine := api.MyOrg{
			ID: o.ID, UUID: o.UUID, Name: o.Name, ShortName: o.ShortName,
			Permissions: within(who, o.ID).List(), Policy: policy,
			Keys: api.KeyCount{Held: held[o.ID], Max: u.MaxKeys},
		}
		switch {
		case o.Role != nil:
			mine.Role = *o.Role
		case me.AccountRole != nil:
			mine.Role = *me.AccountRole
		}
		me.Organizations = append(me.Organizations, mine)
	}
	me.GlobalKeys = api.KeyCount{Held: held[0], Max: u.MaxKeys}
	me.KeyPolicy = api.Strictest(policies...)
	return nil
}

// within is what the caller may do in an organization: those of their account's
// permissions that mean something there among them.
func within(who caller.Caller, org api.OrgID) perm.Set {
	return who.In(org).Within(perm.Organization)
}

func (o myOrg) policy() api.Policy {
	return api.Policy{
		Reveal: o.Reveal, DefaultLifetimeDays: o.DefaultDays, MaxLifetimeDays: o.MaxDays,
		AllowNoExpiry: o.AllowNoExpiry, KeysManageKeys: o.KeysManageKeys,
	}
}

// keysHeld counts a user's keys by organization, global ones under 0. Deleted ones
// do not count.
func keysHeld(r db.Reader, user api.UserID) (map[api.OrgID]int, error) {
	var rows []struct {
		Org  api.OrgID `db:"org_id"`
		Held int       `db:"held"`
	}
	err := r.Select(&rows, `
		SELECT COALESCE(org_id, 0) AS org_id, COUNT(*) AS held
		  FROM api_keys`+ofOwner+`
		 GROUP BY COALESCE(org_id, 0)`, user)
	if err != nil {
		return nil, fmt.Errorf("count the caller's keys: %w", err)
	}
	held := make(map[api.OrgID]int, len(rows))
	for _, row := range rows {
		held[row.Org] = row.Held
	}
	return held, nil
}

// EditMe changes the caller's own name. Faults: invalid_value at a field.
func (u *Users) EditMe(ctx context.Context, who caller.Caller, in api.EditMe) (api.Me, error) {
	err := u.DB.Write(ctx, func(tx *db.Tx) error {
		user, err := byID(tx, who.User.ID)
		if err != nil {
			return err
		}
		changed := audit.Facts{}
		for _, part := range []struct {
			field string
			asked *string
			have  *string
		}{{"first_name", in.FirstName, &user.FirstName}, {"last_name", in.LastName, &user.LastName}} {
			if part.asked == nil {
				continue
			}
			name := fold.Clean(*part.asked)
			if err := nameFault(part.field, name); err != nil {
				return err
			}
			if name != *part.have {
				*part.have, changed[part.field] = name, name
			}
		}
		if len(changed) == 0 {
			return nil
		}
		if err := rename(tx, user.ID, user.FirstName, user.LastName); err != nil {
			return err
		}
		if err := u.OwnerRenamed(tx, user.ID); err != nil {
			return err
		}
		return u.Audit.Write(tx, who, audit.UserEdit, target(user), changed)
	})
	if err != nil {
		return api.Me{}, err
	}
	return u.Me(ctx, who)
}
