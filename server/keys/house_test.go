package keys_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/keys"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// house is a real database with API keys over it, and a clock that stands still.
type house struct {
	testing.TB
	ctx   context.Context
	db    *db.DB
	seal  *seal.Sealer
	audit *audit.Log
	keys  *keys.Keys

	mu    sync.Mutex
	now   time.Time
	count int
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{TB: t, ctx: context.Background(), now: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)}
	dir := t.TempDir()
	var err error
	h.db, err = db.Open(h.ctx, filepath.Join(dir, "keystead.db"), h.clock)
	h.must(err)
	t.Cleanup(func() { _ = h.db.Close() })
	master, err := seal.MakeMaster(filepath.Join(dir, "master.key"))
	h.must(err)
	h.seal, err = seal.Open(h.ctx, h.db, master)
	h.must(err)
	h.audit = audit.New(h.seal.AuditKey(), "")
	h.keys = keys.New(keys.Needs{DB: h.db, Seal: h.seal, Audit: h.audit, MaxPerUser: 10})
	return h
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// next counts.
func (h *house) next() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.count++
	return h.count
}

// roomy is API keys with room for many of one person.
func (h *house) roomy() *keys.Keys {
	return keys.New(keys.Needs{DB: h.db, Seal: h.seal, Audit: h.audit, MaxPerUser: 1 << 30})
}

func (h *house) pass(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// exec writes past the acts.
func (h *house) exec(query string, args ...any) {
	h.Helper()
	h.must(h.db.Write(h.ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}))
}

func (h *house) number(query string, args ...any) (n int64) {
	h.Helper()
	h.must(h.db.Read(h.ctx).Get(&n, query, args...))
	return n
}

// id inserts a row and is its id.
func (h *house) id(query string, args ...any) (id int64) {
	h.Helper()
	h.must(h.db.Write(h.ctx, func(tx *db.Tx) error { return tx.Get(&id, query+" RETURNING id", args...) }))
	return id
}

func (h *house) org(name string) api.OrgID {
	h.Helper()
	short := strings.ToLower(name)
	return api.OrgID(h.id(`INSERT INTO organizations (uuid, name, name_folded, short_name, created_at) VALUES (?, ?, ?, ?, 0)`,
		uuid.NewString(), name, short, short))
}

// role makes a role of exactly these permissions.
func (h *house) role(scope perm.Scope, ps ...perm.Permission) int64 {
	h.Helper()
	name := uuid.NewString()
	id := h.id(`INSERT INTO roles (name, name_folded, scope, created_at, updated_at) VALUES (?, ?, ?, 0, 0)`, name, name, scope)
	for _, p := range ps {
		h.exec(`INSERT INTO role_permissions (role_id, permission) VALUES (?, ?)`, id, p)
	}
	return id
}

func (h *house) user(first string) api.UserID {
	h.Helper()
	email := strings.ToLower(first) + "@example.com"
	return api.UserID(h.id(`
		INSERT INTO users (uuid, email, email_folded, first_name, last_name, sort_name, state, created_at, updated_at)
		VALUES (?, ?, ?, ?, 'Doe', ?, 'active', 0, 0)`, uuid.NewString(), email, email, first, strings.ToLower(first)+" doe"))
}

// admin is a user with all permissions on the account.
func (h *house) admin(first string) api.UserID {
	h.Helper()
	user := h.user(first)
	h.exec("UPDATE users SET account_role_id = ? WHERE id = ?", h.role(perm.Account, perm.All().List()...), user)
	return user
}

// member is a user with exactly these permissions in an organization.
func (h *house) member(first string, org api.OrgID, ps ...perm.Permission) api.UserID {
	h.Helper()
	user := h.user(first)
	h.join(user, org, ps...)
	return user
}

func (h *house) join(user api.UserID, org api.OrgID, ps ...perm.Permission) {
	h.Helper()
	h.exec("INSERT INTO memberships (user_id, org_id, role_id) VALUES (?, ?, ?)", user, org, h.role(perm.Organization, ps...))
}

// session is the user in an elevated session.
func (h *house) session(user api.UserID) caller.Caller {
	h.Helper()
	person, err := caller.Load(h.db.Read(h.ctx), user)
	h.must(err)
	who := person.Caller()
	who.Kind, who.Address, who.RequestID = api.CallerSession, "192.0.2.7", "r1"
	who.Session = &caller.Session{ElevatedUntil: h.clock().Add(time.Hour), ExpiresAt: h.clock().Add(12 * time.Hour)}
	return who
}

// asKey is the owner coming with that key.
func (h *house) asKey(key api.Key) caller.Caller {
	h.Helper()
	who := h.session(key.User.ID)
	who.Kind, who.Session = api.CallerKey, nil
	who.Key = &caller.Key{ID: key.ID, Name: key.Name, Org: key.OrganizationID, Role: key.Role, ExpiresAt: key.ExpiresAt}
	cut := func(have perm.Set) perm.Set {
		if key.Role == api.Admin {
			return have
		}
		return have.And(perm.ReadOnlyKeys)
	}
	orgs := map[api.OrgID]perm.Set{}
	for org, have := range who.Orgs {
		orgs[org] = cut(have)
	}
	who.Account, who.Orgs = cut(who.Account), orgs
	if org := key.OrganizationID; org != nil {
		who.Orgs = map[api.OrgID]perm.Set{*org: orgs[*org].Or(who.Account).Within(perm.Organization)}
		who.Account, who.EveryOrg = 0, false
	}
	return who
}

// add makes a key of a user's own, ADMIN and without expiry unless it is edited.
func (h *house) add(user api.UserID, org *api.OrgID, name string) api.AddedKey {
	h.Helper()
	added, err := h.keys.Add(h.ctx, h.session(user), org, api.AddKey{Name: name, Role: api.Admin})
	h.must(err)
	return added
}

// refused is one fact: this act ends in that fault, "" for none.
func (h *house) refused(what string, err error, code fault.Code) {
	h.Helper()
	switch {
	case code == "" && err != nil:
		h.Errorf("%s: %v, want it done", what, err)
	case code != "" && !fault.Is(err, code):
		h.Errorf("%s: %v, want %s", what, err, code)
	}
}

// at is the field that a fault is about.
func at(err error) string {
	if f, ok := fault.From(err); ok {
		return f.Field
	}
	return fmt.Sprint(err)
}

func ptr[T any](v T) *T { return &v }
