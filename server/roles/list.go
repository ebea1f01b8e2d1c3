package roles

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"keystead/server/caller"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/perm"
)

var columnOf = map[string]string{
	"": "r.name_folded", api.SortName: "r.name_folded", api.SortScope: "r.scope", api.SortHolders: "holders", api.SortCreated: "r.created_at",
}

// List is a page of the roles that the caller may see: all, or the built-in ones and
// those of organizations in which they may. Fault: permission_required.
func (s *Roles) List(ctx context.Context, who caller.Caller, l api.RoleList) (api.Page[api.Role], error) {
	page := api.Page[api.Role]{Items: []api.Role{}, Page: l.Page, Limit: l.Limit}
	in := seen(who)
	if in.nothing() {
		return page, caller.Lacks(perm.RolesRead)
	}
	orgs, err := json.Marshal(in.orgs)
	if err != nil {
		return page, err
	}
	from, args := selection(in, string(orgs), l)
	read := s.DB.Read(ctx)
	if err := read.Get(&page.Total, "SELECT COUNT(*)"+from, args...); err != nil {
		return page, fmt.Errorf("count roles: %w", err)
	}
	order := " ASC"
	if l.Order == api.Descending {
		order = " DESC"
	}
	var rows []row
	err = read.Select(&rows, fmt.Sprintf("SELECT %s%s\n ORDER BY %s%s, r.id\n LIMIT ?%d OFFSET ?%d", columns, from, columnOf[l.Sort], order, len(args)+1, len(args)+2),
		append(args, l.Limit, (l.Page-1)*l.Limit)...)
	if err != nil {
		return page, fmt.Errorf("list roles: %w", err)
	}
	for _, row := range rows {
		page.Items = append(page.Items, row.role(who))
	}
	return page, nil
}

// selection is the FROM and WHERE of a list; what was sent is in the arguments only.
func selection(in sight, orgs string, l api.RoleList) (string, []any) {
	var b strings.Builder
	b.WriteString(`
		  FROM roles r
		  LEFT JOIN organizations o ON o.id = r.org_id
		 WHERE o.deleted_at IS NULL
		   AND (?1 OR r.built_in = 1 OR r.org_id IN (SELECT value FROM json_each(?2)))`)
	args := []any{in.all, orgs}
	and := func(clause string, value any) {
		args = append(args, value)
		b.WriteString("\n   AND " + strings.ReplaceAll(clause, "?", fmt.Sprintf("?%d", len(args))))
	}
	if l.Scope != "" {
		and("r.scope = ?", string(l.Scope))
	}
	if l.Org != 0 {
		and("r.scope = 'organization' AND (r.org_id IS NULL OR r.org_id = ?)", l.Org)
	}
	for _, word := range fold.Words(l.Q) {
		and("(instr(r.name_folded, ?) > 0 OR instr(lower(r.description), ?) > 0)", word)
	}
	return b.String(), args
}
