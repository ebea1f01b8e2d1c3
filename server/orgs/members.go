package orgs

import (
	"context"
	"fmt"
	"strings"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Columns by which members are sorted.
const (
	sortName  = "name"
	sortEmail = "email"
	sortRole  = "role"
)

var memberColumn = map[string]string{"": "u.sort_name", sortName: "u.sort_name", sortEmail: "u.email_folded", sortRole: "r.name_folded"}

// Members is a page of an organization's people: those with a role in it, and the
// holders of an account role, who belong to every organization.
// Faults: not_found; permission_required.
func (o *Orgs) Members(ctx context.Context, who caller.Caller, id api.OrgID, l api.List) (api.Page[api.Member], error) {
	none := api.Page[api.Member]{}
	if err := who.May(perm.UsersRead, id); err != nil {
		return none, err
	}
	read := o.DB.Read(ctx)
	if _, err := one(read, id); err != nil {
		return none, err
	}
	rows, total, err := members(read, id, l)
	if err != nil {
		return none, fmt.Errorf("list members: %w", err)
	}
	p := api.Page[api.Member]{Items: make([]api.Member, len(rows)), Total: total, Page: l.Page, Limit: l.Limit}
	for i, m := range rows {
		p.Items[i] = m.member()
	}
	return p, nil
}

type memberRow struct {
	ID        api.UserID `db:"id"`
	UUID      string     `db:"uuid"`
	Email     string     `db:"email"`
	FirstName string     `db:"first_name"`
	LastName  string     `db:"last_name"`
	State     string     `db:"state"`
	Role      string     `db:"role"`
}

func (m memberRow) member() api.Member {
	return api.Member{Role: m.Role, User: api.User{
		ID: m.ID, UUID: m.UUID, Email: m.Email, FirstName: m.FirstName, LastName: m.LastName, State: m.State,
	}}
}

// members reads a page of members and counts them all. A role in the organization
// is shown before one on the account.
func members(r db.Reader, org api.OrgID, l api.List) (rows []memberRow, total int, err error) {
	var b strings.Builder
	b.WriteString(`
		  FROM users u
		  LEFT JOIN memberships m ON m.user_id = u.id AND m.org_id = ?
		  JOIN roles r ON r.id = COALESCE(m.role_id, u.account_role_id)
		 WHERE u.deleted_at IS NULL`)
	args := []any{org}
	for _, word := range fold.Words(l.Q) {
		b.WriteString("\n   AND (instr(u.sort_name, ?) > 0 OR instr(u.email_folded, ?) > 0)")
		args = append(args, word, word)
	}
	where := b.String()
	if err := r.Get(&total, "SELECT count(*)"+where, args...); err != nil {
		return nil, 0, fmt.Errorf("count members: %w", err)
	}
	err = r.Select(&rows, "SELECT u.id, u.uuid, u.email, u.first_name, u.last_name, u.state, r.name AS role"+where+`
		 ORDER BY `+memberColumn[l.Sort]+direction(l.Order)+`, u.id
		 LIMIT ? OFFSET ?`, append(args, l.Limit, (l.Page-1)*l.Limit)...)
	return rows, total, err
}
