package faults_test

import (
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jmoiron/sqlx"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// While nothing can be written, whatever the cause, every change, reveal and sign-in is
// refused with a clear 503 and is not done; keys are verified as before; and as soon as
// the cause is gone, all works again without a restart.
func TestP38P64NothingCanBeWritten(t *testing.T) {
	server := binary.StartIn(t, t.TempDir(), roomy...)
	h := open(t, server)
	causes := []struct {
		name  string
		begin func(*testing.T) (lift func())
	}{
		{"disk full", func(t *testing.T) func() { return inject(t, server, "pwrite64:error=ENOSPC") }},
		{"disk read-only", func(t *testing.T) func() { return inject(t, server, "pwrite64:error=EROFS") }},
		{"disk broken", func(t *testing.T) func() { return inject(t, server, "pwrite64:error=EIO") }},
		{"files may not grow", func(t *testing.T) func() { return limit(t, server, 4096) }},
		{"no row in the audit log", h.refuseRows},
	}
	for _, cause := range causes {
		t.Run(cause.name, func(t *testing.T) {
			before := h.stored(t)
			lift := cause.begin(t)
			h.checkRefusals(t)
			if after := h.stored(t); after != before {
				t.Errorf("something was changed:\n%s\n%s", before, after)
			}
			lift()
			soon(t, "a change", func() bool { return h.edit(h.admin).Status == http.StatusOK })
			binary.Post[api.AddedKey](h.admin, api.PathOrgKeys(h.org), binary.JSON{"name": "after " + cause.name, "role": "READONLY"}, 201)
		})
	}
	size.Ran(t, len(causes)*len(h.changes()), "refusals")
	server.Kill()
	server.Run()
	sound(t, server, nil)
}

// opened is an installation with something of each kind in it.
type opened struct {
	server *binary.Server
	admin  *binary.Client
	org    api.OrgID
	good   api.AddedKey // and a bad one
	bad    api.AddedKey
	role   api.RoleID // its description is the number of its edits
	edits  int
	user   api.UserID
	reads  *sqlx.DB
}

func open(t *testing.T, server *binary.Server) *opened {
	t.Helper()
	h := &opened{server: server, admin: server.SetUp()}
	h.org = h.admin.Org().ID
	h.good, h.bad = h.admin.AddKey("good", api.Admin), h.admin.AddKey("bad", api.Admin)
	binary.Patch[api.Key](h.admin, api.PathKey(h.bad.Key.ID), binary.JSON{"enabled": false})
	h.role = binary.Post[api.Role](h.admin, api.PathRoles, binary.JSON{
		"name": "Auditor of all", "description": "0", "scope": "account", "permissions": []string{"organizations:read"},
	}, http.StatusCreated).ID
	server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort)
	h.user = 2
	var err error
	if h.reads, err = sqlx.Open("sqlite3", "file:"+filepath.Join(server.Data, "keystead.db")+"?_busy_timeout=5000"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.reads.Close() })
	return h
}

// change is a request that has to be on disk, with its row in the audit log, before it
// is answered.
type change struct {
	method, path string
	body         any
}

func (h *opened) changes() map[string]change {
	key, user := api.PathKey(h.good.Key.ID), api.PathUser(h.user)
	return map[string]change{
		"add a key":             {http.MethodPost, api.PathOrgKeys(h.org), binary.JSON{"name": "new", "role": "ADMIN"}},
		"add a global key":      {http.MethodPost, api.PathGlobalKeys, binary.JSON{"name": "new", "role": "ADMIN"}},
		"rename a key":          {http.MethodPatch, key, binary.JSON{"name": "renamed"}},
		"disable a key":         {http.MethodPatch, key, binary.JSON{"enabled": false}},
		"reveal a key":          {http.MethodPost, api.PathKeyReveal(h.good.Key.ID), nil},
		"rotate a key":          {http.MethodPost, api.PathKeyRotate(h.good.Key.ID), nil},
		"delete a key":          {http.MethodDelete, key, nil},
		"delete many":           {http.MethodPost, api.PathKeysBulk, binary.JSON{"ids": []api.KeyID{h.good.Key.ID, h.bad.Key.ID}, "action": "delete"}},
		"reveal the agent key":  {http.MethodPost, api.PathSecretReveal(h.org, api.AgentKey), nil},
		"rotate the agent key":  {http.MethodPost, api.PathSecretRotate(h.org, api.AgentKey), nil},
		"add a shared secret":   {http.MethodPost, api.PathSecret(h.org, api.SharedSecret), nil},
		"add an organization":   {http.MethodPost, api.PathOrgs, binary.JSON{"name": "Another"}},
		"edit an organization":  {http.MethodPatch, api.PathOrg(h.org), binary.JSON{"policy": binary.JSON{"reveal": "never"}}},
		"add a role":            {http.MethodPost, api.PathRoles, binary.JSON{"name": "New", "scope": "account", "permissions": []string{"organizations:read"}}},
		"edit a role":           {http.MethodPatch, api.PathRole(h.role), binary.JSON{"description": "another"}},
		"delete a role":         {http.MethodDelete, api.PathRole(h.role), nil},
		"edit a user":           {http.MethodPatch, user, binary.JSON{"first_name": "Another"}},
		"delete a user":         {http.MethodDelete, user, nil},
		"edit oneself":          {http.MethodPatch, api.PathMe, binary.JSON{"first_name": "Another"}},
		"change one's password": {http.MethodPost, api.PathMyPassword, binary.JSON{"password": "another lantern quarry 52"}},
		"sign in":               {http.MethodPost, api.PathSession, binary.JSON{"email": "sam.reed@example.com", "password": binary.Password}},
		"sign out":              {http.MethodDelete, api.PathSession, nil},
	}
}

func (h *opened) checkRefusals(t *testing.T) {
	t.Helper()
	for name, c := range h.changes() {
		client := h.admin
		if c.path == api.PathSession && c.method == http.MethodPost {
			client = h.server.ClientFor(t)
		}
		answer := client.Send(c.method, c.path, c.body)
		if answer.Status != http.StatusServiceUnavailable || !strings.Contains(string(answer.Body), `"`+string(fault.ReadOnlyStorage)+`"`) {
			t.Errorf("%s: %d %s", name, answer.Status, answer.Body)
		}
		for _, secret := range []api.Secret{h.good.Value, h.bad.Value} {
			if strings.Contains(string(answer.Body), secret.Reveal()) {
				t.Errorf("%s: the answer shows a secret", name)
			}
		}
		if len(answer.Cookies) > 0 {
			t.Errorf("%s: the answer sets a cookie", name)
		}
	}
	if v := h.server.Bearer(h.good.Value).Verify(h.good.Value); !v.Valid {
		t.Errorf("a good key is %s", v.Code)
	}
	if v := h.server.Bearer(h.good.Value).Verify(h.bad.Value); v.Valid {
		t.Error("a bad key is good")
	}
	h.admin.Send(http.MethodGet, api.PathOrgKeys(h.org), nil).Is(http.StatusOK)
}

// edit is some change.
func (h *opened) edit(c *binary.Client) binary.Answer {
	answer := c.Send(http.MethodPatch, api.PathRole(h.role), binary.JSON{"description": strconv.Itoa(h.edits + 1)})
	if answer.Status == http.StatusOK {
		h.edits++
	}
	return answer
}

// refuseRows makes the table of the audit log take no more.
func (h *opened) refuseRows(t *testing.T) (lift func()) {
	exec := func(query string) {
		t.Helper()
		if _, err := h.reads.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	exec("CREATE TRIGGER no_rows BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END")
	return func() { t.Helper(); exec("DROP TRIGGER no_rows") }
}

// stored is all that changes could change.
func (h *opened) stored(t *testing.T) (text string) {
	t.Helper()
	err := h.reads.Get(&text, `
		SELECT (SELECT group_concat(id || quote(name) || role || enabled || quote(digest) || quote(ciphertext) || updated_at || quote(deleted_at)) FROM api_keys)
		    || (SELECT group_concat(id || kind || quote(digest) || quote(valid_until)) FROM secrets)
		    || (SELECT group_concat(id || name || reveal) FROM organizations)
		    || (SELECT group_concat(id || name || description) FROM roles)
		    || (SELECT group_concat(id || email || first_name || quote(password_hash) || quote(deleted_at)) FROM users)
		    || (SELECT count(*) FROM audit) || (SELECT group_concat(id) FROM sessions)`)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// sound looks at the database of a running server.
func sound(t *testing.T, server *binary.Server, acked map[string]bool) {
	t.Helper()
	reads, err := sqlx.Open("sqlite3", "file:"+filepath.Join(server.Data, "keystead.db")+"?mode=ro&_query_only=true&_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reads.Close() }()
	for _, wrong := range whole(reads, acked) {
		t.Error(wrong)
	}
	if got := server.Command("", "audit", "verify"); got.Code != 0 || !strings.Contains(got.Out, "none changed, none missing") {
		t.Errorf("audit verify: %+v", got)
	}
}
