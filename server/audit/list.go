package audit

import (
	"context"
	"fmt"
	"strings"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// List is a page of the rows that the caller may read, the newest first. Who may read
// those of one organization only need not name it. A page after the last is empty.
// Faults: not_found; permission_required; organization_required; bad_request at its
// field.
func (t *Trail) List(ctx context.Context, who caller.Caller, l api.AuditList) (api.Page[api.AuditRow], error) {
	read := t.DB.Read(ctx)
	where, err := mayRead(read, who, l)
	if err != nil {
		return api.Page[api.AuditRow]{}, fmt.Errorf("read the audit log: %w", err)
	}
	where.narrow(l)
	return page(read, where, l.List)
}

// mayRead is the organization whose rows the caller reads, or all.
func mayRead(r db.Reader, who caller.Caller, l api.AuditList) (where clauses, err error) {
	everything := who.Account.Has(perm.AuditRead)
	org := l.Organization
	if org == 0 && !everything {
		if org, err = onlyOrg(who); err != nil {
			return where, err
		}
	}
	if org == 0 {
		return where, nil
	}
	if err := who.May(perm.AuditRead, org); err != nil {
		return where, err
	}
	// Holders of an account role are members of every organization that anybody could
	// think of. What was done in one that is deleted stays to be read on the account.
	var found int
	err = r.Get(&found, "SELECT count(*) FROM organizations WHERE id = ? AND (deleted_at IS NULL OR ?)", org, everything)
	switch {
	case err != nil:
		return where, fmt.Errorf("find the organization: %w", err)
	case found == 0:
		return where, fault.Missing()
	}
	where.and("org_id = ?", org)
	return where, nil
}

// onlyOrg is the one organization in which the caller may read the log.
func onlyOrg(who caller.Caller) (only api.OrgID, err error) {
	for org := range who.Orgs {
		switch {
		case !who.In(org).Has(perm.AuditRead):
		case only != 0:
			return 0, fault.At("organization", fault.OrgRequired, "You may read the log of several organizations: say which one.")
		default:
			only = org
		}
	}
	if only == 0 {
		return 0, caller.Lacks(perm.AuditRead)
	}
	return only, nil
}

// clauses are a WHERE put together from constants; what a user sent is in the
// arguments only.
type clauses struct {
	text string
	args []any
}

func (c *clauses) and(clause string, args ...any) {
	word := "\n   AND "
	if c.text == "" {
		word = "\n WHERE "
	}
	c.text += word + clause
	c.args = append(c.args, args...)
}

// maxWords bounds how many words are searched for; what is beyond is searched for as
// one.
const maxWords = 6

// narrow keeps what the filters ask for.
func (c *clauses) narrow(l api.AuditList) {
	if l.Act != "" {
		c.and("(act = ? OR act >= ? AND act < ?)", l.Act, l.Act+".", l.Act+"/") // "/" comes after "."
	}
	if l.Result != "" {
		c.and("result = ?", l.Result)
	}
	if !l.Since.IsZero() {
		c.and("at >= ?", notBefore(l.Since))
	}
	if !l.Until.IsZero() {
		c.and("at < ?", notBefore(l.Until))
	}
	words := strings.Join(strings.Fields(l.Q), " ")
	for _, word := range strings.SplitN(words, " ", maxWords) {
		if word != "" {
			// SQLite lowers A–Z and leaves all else, so the word is lowered by it too.
			c.and(`instr(lower(act || ' ' || COALESCE(user_email, '') || ' ' || COALESCE(key_name, '') || ' ' || COALESCE(target_name, '') || ' ' || facts || ' ' || ip || ' ' || request_id), lower(?)) > 0`, word)
		}
	}
	if l.User != 0 {
		c.among("user_id = ? OR target = 'user' AND target_id = ?", l.User, l.User)
	}
	if l.Key != 0 {
		// Nobody but its owner comes with a key, and by both the index finds the rows.
		c.among("user_id = (SELECT owner_id FROM api_keys WHERE id = ?) AND key_id = ? OR target = 'api_key' AND target_id = ?", l.Key, l.Key, l.Key)
	}
}

// among keeps the rows that indexes find by clause. Beside others it is answered first, by ids
// alone: else SQLite looks at each row of an organization for those of somebody.
func (c *clauses) among(clause string, args ...any) {
	if c.text == "" {
		c.and("("+clause+")", args...)
		return
	}
	c.and("id IN (SELECT id FROM audit WHERE "+clause+")", args...)
}

// notBefore is the first stored time that is not before t: rows are stored in whole
// milliseconds.
func notBefore(t time.Time) db.Stamp { return db.At(t.Add(time.Millisecond - 1)) }

// page reads one page, the newest row first.
func page(r db.Reader, where clauses, l api.List) (api.Page[api.AuditRow], error) {
	out := api.Page[api.AuditRow]{Items: []api.AuditRow{}, Page: max(l.Page, 1), Limit: min(max(l.Limit, 1), api.MaxLimit)}
	count := "SELECT count(*) FROM audit" + where.text
	if where.text == "" {
		count = "SELECT COALESCE(max(id), 0) FROM audit" // they are numbered without a gap
	}
	if err := r.Get(&out.Total, count, where.args...); err != nil {
		return out, fmt.Errorf("count the audit log: %w", err)
	}
	if out.Page > out.Total/out.Limit+1 {
		return out, nil // also pages so far that the product would overflow
	}
	var rows []row
	err := r.Select(&rows, `
		SELECT `+columns+`
		  FROM audit
		 WHERE id IN (SELECT id FROM audit`+where.text+` ORDER BY id DESC LIMIT ? OFFSET ?)
		 ORDER BY id DESC`, append(where.args, out.Limit, (out.Page-1)*out.Limit)...)
	if err != nil {
		return out, fmt.Errorf("read the audit log: %w", err)
	}
	for _, r := range rows {
		shown, err := r.shown()
		if err != nil {
			return out, err
		}
		out.Items = append(out.Items, shown)
	}
	return out, nil
}
