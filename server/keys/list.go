package keys

import (
	"context"
	"fmt"
	"strings"
	"time"

	"keystead/server/caller"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// List is a page of the keys that the caller may list: those of an organization, by
// default with the caller's own global ones, or global ones only where org is nil.
// Who may not list others' keys sees their own. A page after the last is empty.
// Faults: not_found; key_too_weak.
func (k *Keys) List(ctx context.Context, who caller.Caller, org *api.OrgID, l api.KeyList) (api.Page[api.Key], error) {
	if l.Limit < 1 {
		l.Limit = api.DefaultLimit
	}
	l.Page, l.Limit = max(l.Page, 1), min(l.Limit, api.MaxLimit)
	page := api.Page[api.Key]{Items: []api.Key{}, Page: l.Page, Limit: l.Limit}
	if err := mayReach(who, org); err != nil {
		return page, err
	}
	now := k.db.Now()
	want := selectionOf(who, org, l, now)
	// Others may wait for the same order: who started it doesn't take it with them.
	ids, err := k.shelf.order(k.db.Read(context.WithoutCancel(ctx)), want)
	if err != nil {
		return page, fmt.Errorf("list keys: %w", err)
	}
	page.Total = len(ids)
	rows, err := k.shelf.page(k.db.Read(ctx), cut(ids, l.Page, l.Limit))
	if err != nil {
		return page, fmt.Errorf("list keys: %w", err)
	}
	for _, row := range rows {
		page.Items = append(page.Items, row.key(now))
	}
	return page, nil
}

// cut is one page of the ids, pages counted from 1.
func cut(ids []api.KeyID, page, limit int) []api.KeyID {
	if page > len(ids)/limit+1 {
		return nil // also those so far that the product would overflow
	}
	from := min((page-1)*limit, len(ids))
	return ids[from:min(from+limit, len(ids))]
}

// selection says which keys in which order, with all that the answer depends on
// besides the database: two equal ones select the same while nothing is committed.
type selection struct {
	me     api.UserID
	org    api.OrgID // 0: of the account
	local  whose     // of the keys in the organization
	global whose     // of the global keys

	user   api.UserID
	role   api.KeyRole
	use    string
	state  string
	review bool
	words  string // folded, a blank between them

	sort  string
	order string
	now   int64 // Unix milliseconds, 0 where the time does not matter
}

// whose keys are selected of a place.
type whose int

const (
	nobodys whose = iota
	own
	everyones
)

func selectionOf(who caller.Caller, org *api.OrgID, l api.KeyList, now time.Time) selection {
	s := selection{
		me: who.User.ID, user: l.User, role: l.Role, use: l.Use, state: l.State, review: l.Review,
		words: words(l.Q), sort: l.Sort, order: l.Order,
	}
	if org == nil {
		l.Scope = api.ScopeGlobal
	} else {
		s.org = *org
	}
	if l.Scope != api.ScopeGlobal {
		s.local = listable(who, org)
	}
	s.global = listable(who, nil)
	if l.Scope != api.ScopeGlobal && l.Scope != api.ScopeAll {
		s.global = min(s.global, own)
	}
	if s.use != "" && s.use != api.UseNever || s.state != "" && s.state != api.StateDisabled || s.review {
		s.now = now.Truncate(time.Second).UnixMilli() // so that a busy second shares one list
	}
	return s
}

// listable is whose keys the caller lists in an organization, or of the global ones
// where org is nil.
func listable(who caller.Caller, org *api.OrgID) whose {
	switch {
	case !who.ReachesKeys(org):
		return nobodys
	case who.OnKeys(org).Has(perm.KeysList):
		return everyones
	}
	return own
}

// maxWords bounds how many words are searched for; what is beyond is searched for
// as one.
const maxWords = 6

// words is what is searched for: folded, without what only decorates a hint.
func words(q string) string {
	fields := strings.Fields(strings.ReplaceAll(fold.Text(q), "…", " "))
	for i, word := range fields {
		fields[i] = strings.TrimPrefix(word, "ks_")
	}
	return strings.Join(fields, " ")
}

// columnOf maps a sort to its column.
var columnOf = map[string]string{
	api.SortName:      "k.name_folded",
	api.SortUser:      "k.owner_sort",
	api.SortRole:      "k.role",
	api.SortExpires:   "k.expires_at",
	api.SortLastLogin: "k.last_login_at",
	api.SortEnabled:   "k.enabled",
	api.SortCreated:   "k.created_at",
}

// statement puts the SELECT together from constants; what a user sent is in the
// arguments only.
func (s selection) statement() (string, []any) {
	var b strings.Builder
	var args []any
	and := func(clause string, values ...any) {
		b.WriteString("\n   AND " + clause)
		args = append(args, values...)
	}
	b.WriteString("SELECT k.id\n  FROM api_keys k\n WHERE k.deleted_at IS NULL")
	scope, values := s.scope()
	and(scope, values...)
	if s.user != 0 {
		and("k.owner_id = ?", s.user)
	}
	if s.role != "" {
		and("k.role = ?", s.role)
	}
	s.used(and)
	s.inState(and)
	if s.review {
		and(`(k.role = 'ADMIN' AND k.last_login_at IS NULL AND k.created_at < ?
		      OR COALESCE(k.last_login_at, k.created_at) < ?
		      OR k.expires_at > ? AND k.expires_at <= ?)`,
			s.ago(api.ReviewUnused), s.ago(api.ReviewIdle), s.now, s.ago(-api.ReviewExpiring))
	}
	for _, word := range strings.SplitN(s.words, " ", maxWords) {
		if word != "" {
			and(`(instr(k.search, ?) > 0
			      OR k.owner_id IN (SELECT id FROM users WHERE instr(sort_name, ?) > 0 OR instr(email_folded, ?) > 0))`, word, word, word)
		}
	}
	column, ok := columnOf[s.sort]
	if !ok {
		column = columnOf[api.SortName]
	}
	direction := " ASC"
	if s.order == api.Descending {
		direction = " DESC"
	}
	b.WriteString("\n ORDER BY " + column + direction + " NULLS LAST, k.id")
	return b.String(), args
}

func (s selection) ago(d time.Duration) int64 { return s.now - d.Milliseconds() }

// scope is the clause that holds the caller's reach.
func (s selection) scope() (string, []any) {
	var clauses []string
	var args []any
	or := func(clause string, values ...any) {
		clauses = append(clauses, clause)
		args = append(args, values...)
	}
	switch s.local {
	case everyones:
		or("k.org_id = ?", s.org)
	case own:
		or("k.org_id = ? AND k.owner_id = ?", s.org, s.me)
	}
	switch s.global {
	case everyones:
		or("k.org_id IS NULL")
	case own:
		or("k.org_id IS NULL AND k.owner_id = ?", s.me)
	}
	if len(clauses) == 0 {
		return "0", nil
	}
	return "(" + strings.Join(clauses, " OR ") + ")", args
}

func (s selection) used(and func(string, ...any)) {
	switch s.use {
	case api.UseNever:
		and("k.last_login_at IS NULL")
	case api.UseIdle30:
		and("k.last_login_at < ?", s.ago(30*day))
	case api.UseIdle90:
		and("k.last_login_at < ?", s.ago(90*day))
	case api.UseIdle365:
		and("k.last_login_at < ?", s.ago(365*day))
	}
}

func (s selection) inState(and func(string, ...any)) {
	switch s.state {
	case api.StateEnabled:
		and("k.enabled = 1 AND (k.expires_at IS NULL OR k.expires_at > ?)", s.now)
	case api.StateDisabled:
		and("k.enabled = 0")
	case api.StateExpired:
		and("k.expires_at <= ?", s.now)
	}
}
