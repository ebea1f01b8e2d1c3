package keys_test

import (
	"strings"
	"testing"

	"keystead/server/caller"
	"keystead/server/keys"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Nothing that is asked of keys, or of what was done by one or by somebody, takes longer where
// others have many: SQLite finds a range of an index, and walks neither a table nor an index
// from end to end, nor what was done in an organization.
func TestKeysAreFoundByAnIndex(t *testing.T) {
	h := newHouse(t)
	here, there := h.Org("Here"), h.Org("There")
	ada, root, plain := h.member("Ada", here), h.admin("Root"), h.Person("Paul")
	h.join(ada, there, perm.KeysList)
	h.Join(plain, 0, h.Role(perm.Account))
	key := h.add(ada, &here, "one").Key
	for _, who := range []caller.Caller{h.As(ada), h.As(root), h.As(plain), h.asKey(key)} {
		h.askOfKeys(who, []api.OrgID{here, there}, key)
	}
	_, err := keys.Count(h.DB.Read(h.ctx), ada, here)
	h.Must(err)
	asked := append(h.DB.Statements(), keys.Changes()...)
	for _, part := range []string{
		"k.name_folded = ?", "COALESCE(k.org_id, 0) = ?)", "COALESCE(k.org_id, 0) = ? AND k.owner_id = ?", "COALESCE(k.org_id, 0) = 0)",
		"COALESCE(k.org_id, 0) = 0 AND k.owner_id = ?", "COALESCE(k.org_id, 0) > 0", "FROM json_each(?) person", "AS lately\n\t\t  FROM api_keys", "last_login_at >= ?\n\t\t ORDER",
		"(SELECT id FROM key_homes) AND k.org_id IS NOT NULL AND k.owner_id = ?", "json_each(?)) AND k.owner_id = ?", "GROUP BY COALESCE(org_id, 0)",
		"COUNT(*) FROM api_keys WHERE COALESCE(org_id, 0) = ?1", "count(*)\n\t\t  FROM api_keys", "FROM audit\n WHERE (user_id = ? OR", "FROM audit\n WHERE (user_id = (SELECT",
		"FROM audit\n WHERE org_id = ?\n   AND id IN",
	} {
		if !strings.Contains(strings.Join(asked, "\n"), part) {
			t.Errorf("nothing asked for %q", part)
		}
	}
	for _, statement := range asked {
		if !strings.Contains(statement, "WHERE") {
			continue // the newest row of the log
		}
		for _, step := range h.Plan(statement) {
			for _, table := range []string{"SCAN api_keys", "SCAN k", "SCAN audit", "SEARCH audit USING INDEX audit_org (org_id=?)"} {
				if step == table || strings.HasPrefix(step, table+" ") {
					t.Errorf("%s: %s", step, statement)
				}
			}
		}
	}
}

// askOfKeys asks whatever it may that leads to keys. Some may less: the others ask it all.
func (h *house) askOfKeys(who caller.Caller, orgs []api.OrgID, key api.Key) {
	for _, l := range []api.KeyList{{}, {Scope: api.ScopeAll}, {User: key.User.ID}} {
		for _, org := range []*api.OrgID{nil, &orgs[0], &orgs[1]} {
			_, _ = h.keys.List(h.ctx, who, org, l)
			_, _ = h.keys.ListLocal(h.ctx, who, org, l)
		}
	}
	_, _ = h.keys.Named(h.ctx, who, orgs[0], key.Name)
	_, _ = h.Users.Me(h.ctx, who)
	_, _ = h.Users.List(h.ctx, who, api.UserList{List: api.List{Page: 1, Limit: 25}})
	_, _ = h.Users.Get(h.ctx, who, key.User.ID)
	_, _ = h.Orgs.Get(h.ctx, who, orgs[0])
	for _, org := range []api.OrgID{0, orgs[0]} {
		_, _ = h.Trail.List(h.ctx, who, api.AuditList{Organization: org, User: key.User.ID})
		_, _ = h.Trail.List(h.ctx, who, api.AuditList{Organization: org, Key: key.ID})
	}
}
