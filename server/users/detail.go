package users

import (
	"context"
	"fmt"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// Get is one user. Faults: not_found; permission_required.
func (u *Users) Get(ctx context.Context, who caller.Caller, id api.UserID) (api.PersonDetail, error) {
	read := u.DB.Read(ctx)
	visible, err := sees(read, who, id)
	switch {
	case err != nil:
		return api.PersonDetail{}, err
	case visible:
		return detail(read, u.DB.Now(), who, id)
	case mayManage(who) != nil:
		return api.PersonDetail{}, fault.Missing()
	}
	// Who manages users knows that they are there, reading or not.
	if _, err := byID(read, id); err != nil {
		return api.PersonDetail{}, err
	}
	return api.PersonDetail{}, caller.Lacks(perm.UsersRead)
}

// GetByUUID is [Users.Get] for who knows the user by UUID.
// Faults: not_found; permission_required.
func (u *Users) GetByUUID(ctx context.Context, who caller.Caller, uuid string) (api.PersonDetail, error) {
	user, err := one(u.DB.Read(ctx), `
		SELECT id, uuid, email, first_name, last_name, state
		  FROM users
		 WHERE uuid = ?
		   AND deleted_at IS NULL`, uuid)
	if err != nil {
		return api.PersonDetail{}, err
	}
	return u.Get(ctx, who, user.ID)
}

// Self is the caller's own record, which takes no permission, with the memberships that
// are in reach of the credential.
func (u *Users) Self(ctx context.Context, who caller.Caller) (api.Person, error) {
	read := u.DB.Read(ctx)
	row, err := personByID(read, who.User.ID)
	if err != nil {
		return api.Person{}, err
	}
	s := sight{orgs: []api.OrgID{}}
	for org := range who.Orgs {
		s.orgs = append(s.orgs, org)
	}
	list, err := s.persons(read, who, []personRow{row})
	if err != nil {
		return api.Person{}, err
	}
	return list[0], nil
}

// detail is a user as the caller sees them, allowed or not.
func detail(r db.Reader, now time.Time, who caller.Caller, id api.UserID) (api.PersonDetail, error) {
	row, err := personByID(r, id)
	if err != nil {
		return api.PersonDetail{}, err
	}
	list, err := persons(r, who, []personRow{row})
	if err != nil {
		return api.PersonDetail{}, err
	}
	d := api.PersonDetail{Person: list[0]}
	if !d.Manageable {
		return d, nil
	}
	if d.Keys, err = keysOf(r, now, who, id); err != nil {
		return api.PersonDetail{}, err
	}
	d.Link, err = openLink(r, now, id)
	return d, err
}

// personByID reads a user. Fault: not_found.
func personByID(r db.Reader, id api.UserID) (row personRow, err error) {
	err = r.Get(&row, `
		SELECT `+personColumns+`
		  FROM users u
		  LEFT JOIN roles a ON a.id = u.account_role_id
		 WHERE u.id = ?
		   AND u.deleted_at IS NULL`, id)
	switch {
	case db.IsNone(err):
		return row, fault.Missing()
	case err != nil:
		return row, fmt.Errorf("read a user: %w", err)
	}
	return row, nil
}

// maxLately bounds how many keys are named.
const maxLately = 100

// ofOwner are the keys of one user wherever they live, as the index of keys by their home
// finds them.
const ofOwner = `
		 WHERE COALESCE(org_id, 0) IN (SELECT id FROM key_homes)
		   AND owner_id = ?
		   AND deleted_at IS NULL`

// keysOf is what disabling or deleting a user does to keys.
func keysOf(r db.Reader, now time.Time, who caller.Caller, owner api.UserID) (*api.PersonKeys, error) {
	keys := &api.PersonKeys{Lately: []api.KeyUse{}}
	since := db.At(now.Add(-api.RecentUse))
	var n struct {
		Held     int `db:"held"`
		Global   int `db:"global"`
		Showable int `db:"showable"`
		Lately   int `db:"lately"`
	}
	err := r.Get(&n, `
		SELECT COUNT(*) AS held,
		       COUNT(*) FILTER (WHERE org_id IS NULL) AS global,
		       COUNT(ciphertext) AS showable,
		       COUNT(*) FILTER (WHERE last_login_at >= ?) AS lately
		  FROM api_keys`+ofOwner, since, owner)
	if err != nil {
		return nil, fmt.Errorf("count the user's keys: %w", err)
	}
	keys.Held, keys.Global, keys.Showable, keys.UsedLately = n.Held, n.Global, n.Showable, n.Lately
	var rows []struct {
		ID   api.KeyID  `db:"id"`
		Name string     `db:"name"`
		Org  *api.OrgID `db:"org_id"`
		At   db.Stamp   `db:"last_login_at"`
	}
	err = r.Select(&rows, `
		SELECT id, name, org_id, last_login_at
		  FROM api_keys`+ofOwner+`
		   AND last_login_at >= ?
		 ORDER BY last_login_at DESC, id
		 LIMIT ?`, owner, since, maxLately)
	if err != nil {
		return nil, fmt.Errorf("list the user's keys: %w", err)
	}
	for _, row := range rows {
		if who.SeesKey(owner, row.Org) {
			keys.Lately = append(keys.Lately, api.KeyUse{ID: row.ID, Name: row.Name, OrganizationID: row.Org, LastLoginAt: row.At.Time})
		}
	}
	return keys, nil
}

// openLink is a user's link that was not used, nil where there is none.
func openLink(r db.Reader, now time.Time, user api.UserID) (*api.OpenLink, error) {
	var row struct {
		Purpose api.LinkPurpose `db:"purpose"`
		Expires db.Stamp        `db:"expires_at"`
	}
	err := r.Get(&row, "SELECT purpose, expires_at FROM one_time_tokens WHERE user_id = ? AND expires_at > ? LIMIT 1", user, db.At(now))
	if db.IsNone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for the user's link: %w", err)
	}
	return &api.OpenLink{Purpose: row.Purpose, ExpiresAt: row.Expires.Time}, nil
}
