package keys_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"keystead/server/caller"
	"keystead/server/keys"
	"keystead/server/rest"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// house is an installation with shortcuts to the acts on API keys.
type house struct {
	testing.TB
	*testkit.Kit
	ctx   context.Context
	keys  *keys.Keys
	made  map[api.KeyID]api.Secret // by add
	count atomic.Int64
}

func newHouse(t testing.TB) *house {
	t.Helper()
	kit := testkit.New(t, nil)
	return &house{TB: t, Kit: kit, ctx: context.Background(), keys: kit.Keys, made: map[api.KeyID]api.Secret{}}
}

// roomy is API keys with room for many of one person.
func (h *house) roomy() *keys.Keys {
	return keys.New(keys.Needs{DB: h.DB, Seal: h.Seal, Audit: h.Audit, MaxPerUser: 1 << 30})
}

// next counts.
func (h *house) next() int64 { return h.count.Add(1) }

func (h *house) now() time.Time { return h.DB.Now() }

// admin is a user with all permissions on the account.
func (h *house) admin(first string) api.UserID {
	h.Helper()
	user := h.Person(first)
	h.Join(user, 0, perm.FullAdministrator)
	return user
}

// member is a user with exactly these permissions in an organization.
func (h *house) member(first string, org api.OrgID, ps ...perm.Permission) api.UserID {
	h.Helper()
	user := h.Person(first)
	h.join(user, org, ps...)
	return user
}

func (h *house) join(user api.UserID, org api.OrgID, ps ...perm.Permission) {
	h.Helper()
	h.Join(user, org, h.Role(perm.Organization, ps...))
}

// asKey is the owner coming with a key that add made.
func (h *house) asKey(key api.Key) caller.Caller {
	h.Helper()
	who, err := h.Verify.Caller(h.ctx, h.made[key.ID].Reveal(), rest.Arrival{Address: "192.0.2.8"})
	h.Must(err)
	return who
}

// asReading is the owner coming with a key that add made and that is READONLY now.
func (h *house) asReading(key api.Key) caller.Caller {
	h.Helper()
	h.Exec("UPDATE api_keys SET role = 'READONLY' WHERE id = ?", key.ID)
	return h.asKey(key)
}

// add makes an ADMIN key of a user's own, without expiry unless by policy.
func (h *house) add(user api.UserID, org *api.OrgID, name string) api.AddedKey {
	h.Helper()
	added, err := h.keys.Add(h.ctx, h.As(user), org, api.AddKey{Name: name, Role: api.Admin})
	h.Must(err)
	h.made[added.Key.ID] = added.Value
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
