package users

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// List is a page of the users that the caller may see: all, or the members of
// organizations in which they may. Fault: permission_required.
func (u *Users) List(ctx context.Context, who caller.Caller, l api.UserList) (api.Page[api.Person], error) {
	page := api.Page[api.Person]{Items: []api.Person{}, Page: l.Page, Limit: l.Limit}
	s := seen(who)
	if s.nothing() {
		return page, caller.Lacks(perm.UsersRead)
	}
	from, args := s.selection(l)
	read := u.DB.Read(ctx)
	if err := read.Get(&page.Total, "SELECT COUNT(*)"+from, args...); err != nil {
		return page, fmt.Errorf("count users: %w", err)
	}
	order := " ASC"
	if l.Order == api.Descending {
		order = " DESC"
	}
	var rows []personRow
	err := read.Select(&rows, fmt.Sprintf("SELECT %s%s\n ORDER BY %s%s NULLS LAST, u.id\n LIMIT ?%d OFFSET ?%d",
		personColumns, from, columnOf[l.Sort], order, len(args)+1, len(args)+2), append(args, l.Limit, (l.Page-1)*l.Limit)...)
	if err != nil {
		return page, fmt.Errorf("list users: %w", err)
	}
	page.Items, err = persons(read, who, rows)
	return page, err
}

var columnOf = map[string]string{
	"": "u.sort_name", api.SortName: "u.sort_name", api.SortEmail: "u.email_folded", api.SortState: "u.state",
	api.SortLastActive: "u.last_active_at", api.SortCreated: "u.created_at",
	// The account role, else the first by name among those that are in sight.
	api.SortRole: `COALESCE(a.name_folded, (SELECT MIN(r.name_folded)
	                                          FROM memberships m
	                                          JOIN roles r ON r.id = m.role_id
	                                         WHERE m.user_id = u.id
	                                           AND (?1 OR m.org_id IN (SELECT value FROM json_each(?2)))))`,
}

// selection is the FROM and WHERE of a list; what was sent is in the arguments only.
func (s sight) selection(l api.UserList) (string, []any) {
	var b strings.Builder
	b.WriteString(`
		  FROM users u
		  LEFT JOIN roles a ON a.id = u.account_role_id
		 WHERE ` + inSight)
	args := []any{s.all, s.list()}
	and := func(clause string, value any) {
		args = append(args, value)
		b.WriteString("\n   AND " + strings.ReplaceAll(clause, "$", fmt.Sprintf("?%d", len(args))))
	}
	if l.State != "" {
		and("u.state = $", l.State)
	}
	if l.Org != 0 {
		and(`EXISTS (SELECT 1 FROM organizations o WHERE o.id = $ AND o.deleted_at IS NULL AND (?1 OR o.id IN (SELECT value FROM json_each(?2))))
		   AND (u.account_role_id IS NOT NULL OR EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.org_id = $))`, l.Org)
	}
	if l.Role != 0 {
		and(`(u.account_role_id = $
		        OR EXISTS (SELECT 1
		                     FROM memberships m
		                    WHERE m.user_id = u.id
		                      AND m.role_id = $
		                      AND (?1 OR m.org_id IN (SELECT value FROM json_each(?2)))))`, l.Role)
	}
	for _, word := range fold.Words(l.Q) {
		and("(instr(u.sort_name, $) > 0 OR instr(u.email_folded, $) > 0)", word)
	}
	return b.String(), args
}

// personRow is a user as lists read them.
type personRow struct {
	userRow
	RoleID       *api.RoleID `db:"role_id"`
	RoleName     *string     `db:"role_name"`
	CreatedAt    db.Stamp    `db:"created_at"`
	LastActiveAt *db.Stamp   `db:"last_active_at"`
}

const personColumns = `u.id, u.uuid, u.email, u.first_name, u.last_name, u.state, u.created_at, u.last_active_at, a.id AS role_id, a.name AS role_name`

// persons are the rows with their memberships, and whether the caller manages them.
func persons(r db.Reader, who caller.Caller, rows []personRow) ([]api.Person, error) {
	s := seen(who)
	s.all = s.all || mayManage(who) == nil
	return s.persons(r, who, rows)
}

// persons are the rows with their memberships that are in sight.
func (s sight) persons(r db.Reader, who caller.Caller, rows []personRow) ([]api.Person, error) {
	ids := make([]api.UserID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	held, err := s.membershipsOf(r, ids)
	if err != nil {
		return nil, err
	}
	keys, err := keysOwned(r, ids)
	if err != nil {
		return nil, err
	}
	list := make([]api.Person, 0, len(rows))
	for _, row := range rows {
		p := api.Person{
			User: api.User(row.userRow), Memberships: held[row.ID],
			CreatedAt: row.CreatedAt.Time, LastActiveAt: row.LastActiveAt.Or(),
		}
		if p.Memberships == nil {
			p.Memberships = []api.Membership{}
		}
		if row.RoleID != nil {
			p.AccountRole = &api.RoleName{ID: *row.RoleID, Name: *row.RoleName}
		}
		if p.Manageable, err = manageable(r, who, row.ID); err != nil {
			return nil, err
		}
		if p.Manageable {
			n := keys[row.ID]
			p.KeysHeld = &n
		}
		list = append(list, p)
	}
	return list, nil
}

// keysOwned counts the keys of users, by user. Each is counted by itself: the keys of one lie
// in several places of the index, so that those of all would have to be sorted.
func keysOwned(r db.Reader, ids []api.UserID) (map[api.UserID]int, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		Owner api.UserID `db:"owner_id"`
		Held  int        `db:"held"`
	}
	err = r.Select(&rows, `
		SELECT person.value AS owner_id,
		       (SELECT COUNT(*)
		          FROM api_keys
		         WHERE COALESCE(org_id, 0) IN (SELECT id FROM key_homes)
		           AND owner_id = person.value
		           AND deleted_at IS NULL) AS held
		  FROM json_each(?) person`, string(list))
	if err != nil {
		return nil, fmt.Errorf("count the users' keys: %w", err)
	}
	held := make(map[api.UserID]int, len(rows))
	for _, row := range rows {
		held[row.Owner] = row.Held
	}
	return held, nil
}

// manageable reports whether the caller manages a user; see take.
func manageable(r db.Reader, who caller.Caller, id api.UserID) (bool, error) {
	switch {
	case who.Changes() != nil || mayManage(who) != nil:
		return false, nil
	case isConsole(who) || who.Account == perm.All():
		return true, nil
	}
	person, err := caller.Load(r, id)
	if err != nil {
		return false, err
	}
	return holdsAll(who, person) == nil, nil
}

// membershipsOf are the memberships of users that are in sight, by user.
func (s sight) membershipsOf(r db.Reader, ids []api.UserID) (map[api.UserID][]api.Membership, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var rows []struct {
		User      api.UserID `db:"user_id"`
		Org       api.OrgID  `db:"org_id"`
		OrgName   string     `db:"org_name"`
		ShortName string     `db:"short_name"`
		Role      api.RoleID `db:"role_id"`
		RoleName  string     `db:"role_name"`
	}
	err = r.Select(&rows, `
		SELECT m.user_id, o.id AS org_id, o.name AS org_name, o.short_name, r.id AS role_id, r.name AS role_name
		  FROM memberships m
		  JOIN organizations o ON o.id = m.org_id AND o.deleted_at IS NULL
		  JOIN roles r ON r.id = m.role_id
		 WHERE m.user_id IN (SELECT value FROM json_each(?3))
		   AND (?1 OR m.org_id IN (SELECT value FROM json_each(?2)))
		 ORDER BY o.name_folded, o.id`, s.all, s.list(), string(list))
	if err != nil {
		return nil, fmt.Errorf("read memberships: %w", err)
	}
	held := map[api.UserID][]api.Membership{}
	for _, row := range rows {
		held[row.User] = append(held[row.User], api.Membership{
			Organization: api.OrgName{ID: row.Org, Name: row.OrgName, ShortName: row.ShortName},
			Role:         api.RoleName{ID: row.Role, Name: row.RoleName},
		})
	}
	return held, nil
}
