package keys

import (
	"strings"
	"time"

	"keystead/shared/api"
)

// maxWords bounds how many words are searched for; what is beyond is searched for
// as one.
const maxWords = 6

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
	scope, args := s.scope()
	and := func(clause string, values ...any) {
		b.WriteString("\n   AND " + clause)
		args = append(args, values...)
	}
	b.WriteString("SELECT k.id\n  FROM api_keys k\n WHERE " + scope)
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

// scope is the clause that holds the caller's reach. That a key is not deleted stands
// in each part, so that each finds its own range of the index.
func (s selection) scope() (string, []any) {
	var clauses []string
	var args []any
	or := func(clause string, values ...any) {
		clauses = append(clauses, "k.deleted_at IS NULL AND "+clause)
		args = append(args, values...)
	}
	switch s.local {
	case everyones:
		or("COALESCE(k.org_id, 0) = ?", s.org)
	case own:
		or("COALESCE(k.org_id, 0) = ? AND k.owner_id = ?", s.org, s.me)
	}
	switch s.global {
	case everyones:
		or("COALESCE(k.org_id, 0) = 0")
	case own:
		or("COALESCE(k.org_id, 0) = 0 AND k.owner_id = ?", s.me)
	}
	switch at := s.everywhere; {
	case at.all:
		or("COALESCE(k.org_id, 0) > 0")
	case at.any:
		or("COALESCE(k.org_id, 0) IN (SELECT value FROM json_each(?))", at.others)
		or("COALESCE(k.org_id, 0) IN (SELECT id FROM key_homes) AND k.org_id IS NOT NULL AND k.owner_id = ?", s.me)
	case at != reaches{}:
		or("COALESCE(k.org_id, 0) IN (SELECT value FROM json_each(?))", at.others)
		or("COALESCE(k.org_id, 0) IN (SELECT value FROM json_each(?)) AND k.owner_id = ?", at.own, s.me)
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
