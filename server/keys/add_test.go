package keys_test

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"keystead/server/keys"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
)

func TestAdd(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	added, err := h.keys.Add(h.ctx, h.As(ada), &org, api.AddKey{Name: " Deploy ", Description: "CI", Role: api.ReadOnly})
	h.Must(err)
	parts, ok := keyfmt.Parse(added.Value.Reveal())
	if !ok || parts.Kind != keyfmt.APIKey || parts.Hint() != added.Key.Hint {
		t.Errorf("value and hint %q don't fit", added.Key.Hint)
	}
	got, err := h.keys.Get(h.ctx, h.As(ada), added.Key.ID)
	h.Must(err)
	if !reflect.DeepEqual(got, added.Key) {
		t.Errorf("answered %+v, stored %+v", added.Key, got)
	}
	if got.Name != "Deploy" || !got.Enabled || got.ExpiresAt != nil || got.LastLoginAt != nil || got.Previous != nil || !got.CreatedAt.Equal(h.now()) {
		t.Errorf("a new key is %+v", got)
	}
	if n := h.Number("SELECT count(*) FROM audit WHERE act = 'api_key.add' AND target_id = ? AND org_id = ? AND target_name = 'Deploy'", got.ID, org); n != 1 {
		t.Errorf("%d audit rows of one added key", n)
	}
	if n := h.Number("SELECT count(*) FROM api_keys WHERE hint LIKE '%' || ? || '%' OR search LIKE '%' || ? || '%'", parts.Secret, strings.ToLower(parts.Secret)); n != 0 {
		t.Error("the secret lies in a column (P01)")
	}
}

func TestAddRules(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	h.add(ada, &org, "taken")
	h.Exec("UPDATE organizations SET max_lifetime_days = 30, allow_no_expiry = 0 WHERE id = ?", org)
	good := h.now().Add(24 * time.Hour)
	cases := []struct {
		what  string
		req   api.AddKey
		code  fault.Code
		field string
	}{
		{"good", api.AddKey{Name: "good", Role: api.Admin, ExpiresAt: api.Just(good)}, "", ""},
		{"no name", api.AddKey{Role: api.Admin, ExpiresAt: api.Just(good)}, fault.InvalidValue, "name"},
		{"blank name", api.AddKey{Name: " \t ", Role: api.Admin, ExpiresAt: api.Just(good)}, fault.InvalidValue, "name"},
		{"slash", api.AddKey{Name: "a/b", Role: api.Admin, ExpiresAt: api.Just(good)}, fault.InvalidValue, "name"},
		{"zero width", api.AddKey{Name: "a\u200bb", Role: api.Admin, ExpiresAt: api.Just(good)}, fault.InvalidValue, "name"},
		{"255 code points", api.AddKey{Name: strings.Repeat("é", 255), Role: api.Admin, ExpiresAt: api.Just(good)}, "", ""},
		{"256 code points", api.AddKey{Name: strings.Repeat("é", 256), Role: api.Admin, ExpiresAt: api.Just(good)}, fault.InvalidValue, "name"},
		{"taken", api.AddKey{Name: "TAKEN ", Role: api.Admin, ExpiresAt: api.Just(good)}, fault.NameTaken, "name"},
		{"long description", api.AddKey{Name: "d", Description: strings.Repeat("d", 1001), Role: api.Admin, ExpiresAt: api.Just(good)}, fault.InvalidValue, "description"},
		{"no role", api.AddKey{Name: "r", ExpiresAt: api.Just(good)}, fault.InvalidValue, "role"},
		{"other role", api.AddKey{Name: "r", Role: "admin", ExpiresAt: api.Just(good)}, fault.InvalidValue, "role"},
		{"past", api.AddKey{Name: "p", Role: api.Admin, ExpiresAt: api.Just(h.now().Add(-time.Second))}, fault.ExpiresInPast, "expires_at"},
		{"now", api.AddKey{Name: "p", Role: api.Admin, ExpiresAt: api.Just(h.now())}, fault.ExpiresInPast, "expires_at"},
		{"at the bound", api.AddKey{Name: "b", Role: api.Admin, ExpiresAt: api.Just(h.now().Add(30 * 24 * time.Hour))}, "", ""},
		{"beyond the bound", api.AddKey{Name: "l", Role: api.Admin, ExpiresAt: api.Just(h.now().Add(30*24*time.Hour + time.Second))}, fault.LifetimeTooLong, "expires_at"},
		{"never", api.AddKey{Name: "n", Role: api.Admin, ExpiresAt: api.Null[time.Time]()}, fault.LifetimeTooLong, "expires_at"},
		{"absent without default", api.AddKey{Name: "n", Role: api.Admin}, fault.LifetimeTooLong, "expires_at"},
	}
	for _, c := range cases {
		before := h.Number("SELECT count(*) FROM api_keys")
		_, err := h.keys.Add(h.ctx, h.As(ada), &org, c.req)
		h.refused(c.what, err, c.code)
		if err != nil && at(err) != c.field {
			t.Errorf("%s: about %q, want %q", c.what, at(err), c.field)
		}
		if made := h.Number("SELECT count(*) FROM api_keys") - before; (made == 1) != (c.code == "") {
			t.Errorf("%s: %d keys made", c.what, made)
		}
	}
	_, err := h.keys.Add(h.ctx, h.As(h.admin("Root")), ptr(api.OrgID(1<<40)), api.AddKey{Name: "n", Role: api.Admin})
	h.refused("an organization that never was", err, fault.NotFound)
}

// TestDefaultLifetime: an absent expiry takes the default, for global keys the
// strictest of all organizations.
func TestDefaultLifetime(t *testing.T) {
	h := newHouse(t)
	here, there := h.Org("Here"), h.Org("There")
	ada := h.member("Ada", here)
	h.join(ada, there)
	h.Exec("UPDATE organizations SET default_lifetime_days = 30 WHERE id = ?", here)
	h.Exec("UPDATE organizations SET max_lifetime_days = 7 WHERE id = ?", there)
	if got := h.add(ada, &here, "here").Key.ExpiresAt; got == nil || !got.Equal(h.now().Add(30*24*time.Hour)) {
		t.Errorf("expires %v, want in 30 days", got)
	}
	if got := h.add(ada, nil, "global").Key.ExpiresAt; got == nil || !got.Equal(h.now().Add(7*24*time.Hour)) {
		t.Errorf("a global key expires %v, want in 7 days", got)
	}
	_, err := h.keys.Add(h.ctx, h.As(ada), nil, api.AddKey{Name: "long", Role: api.Admin, ExpiresAt: api.Just(h.now().Add(8 * 24 * time.Hour))})
	h.refused("a global key beyond one of the policies", err, fault.LifetimeTooLong)
	root := h.admin("Root")
	if got := h.add(root, nil, "global").Key.ExpiresAt; got == nil || !got.Equal(h.now().Add(7*24*time.Hour)) {
		t.Errorf("an account role belongs everywhere; expires %v, want in 7 days", got)
	}
}

// TestLimit: fifty at once, and exactly ten get one; in each place by itself.
func TestLimit(t *testing.T) {
	h := newHouse(t)
	here, there := h.Org("Here"), h.Org("There")
	ada := h.member("Ada", here)
	h.join(ada, there)
	for _, org := range []*api.OrgID{&here, &there, nil} {
		var done, refused atomic.Int64
		var all sync.WaitGroup
		who := h.As(ada)
		for n := range 50 {
			all.Go(func() {
				_, err := h.keys.Add(h.ctx, who, org, api.AddKey{Name: fmt.Sprint("key ", n), Role: api.Admin})
				switch {
				case err == nil:
					done.Add(1)
				case fault.Is(err, fault.KeyLimitReached):
					refused.Add(1)
				}
			})
		}
		all.Wait()
		if done.Load() != 10 || refused.Load() != 40 {
			t.Errorf("%d added and %d refused, want 10 and 40", done.Load(), refused.Load())
		}
	}
	h.Exec("UPDATE api_keys SET enabled = 0, expires_at = 1 WHERE org_id = ?", here)
	_, err := h.keys.Add(h.ctx, h.As(ada), &here, api.AddKey{Name: "eleventh", Role: api.Admin})
	h.refused("disabled and expired ones count", err, fault.KeyLimitReached)
	h.Must(h.keys.Delete(h.ctx, h.As(ada), api.KeyID(h.Number("SELECT min(id) FROM api_keys WHERE org_id = ?", here))))
	_, err = h.keys.Add(h.ctx, h.As(ada), &here, api.AddKey{Name: "eleventh", Role: api.Admin})
	h.refused("deleted ones don't count", err, "")
}

// What was refused takes nobody's place, and what was deleted gives it back.
func TestOnlyKeysThatAreThereCount(t *testing.T) {
	h := newHouse(t)
	here := h.Org("Here")
	ada := h.member("Ada", here)
	add := func(name string) (api.AddedKey, error) {
		return h.keys.Add(h.ctx, h.As(ada), &here, api.AddKey{Name: name, Role: api.Admin})
	}
	for n := range 9 {
		h.add(ada, &here, fmt.Sprint("key ", n))
	}
	for range 3 {
		_, err := add("key 1")
		h.refused("a name that is taken", err, fault.NameTaken)
	}
	for range 2 {
		last, err := add("the tenth")
		h.refused("the tenth", err, "")
		_, err = add("the eleventh")
		h.refused("the eleventh", err, fault.KeyLimitReached)
		h.Must(h.keys.Delete(h.ctx, h.As(ada), last.Key.ID))
	}
}

// Where the limit was lowered, what a person holds is not what they may have.
func TestTheLimitIsNamed(t *testing.T) {
	h := newHouse(t)
	here := h.Org("Here")
	ada := h.member("Ada", here)
	for n := range 10 {
		h.add(ada, &here, fmt.Sprint("key ", n))
		h.add(ada, nil, fmt.Sprint("key ", n))
	}
	lowered := keys.New(keys.Needs{DB: h.DB, Seal: h.Seal, Audit: h.Audit, MaxPerUser: 3})
	for want, org := range map[string]*api.OrgID{
		"You hold 10 keys in this organization and one person may have 3: delete 8 first.": &here,
		"You hold 10 global keys and one person may have 3: delete 8 first.":               nil,
	} {
		_, err := lowered.Add(h.ctx, h.As(ada), org, api.AddKey{Name: "one more", Role: api.Admin})
		if said, ok := fault.From(err); !ok || said.Code != fault.KeyLimitReached || said.Detail != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// TestNames: one name once for one owner in one place, however it is spelled.
func TestNames(t *testing.T) {
	h := newHouse(t)
	here, there := h.Org("Here"), h.Org("There")
	ada, bob := h.member("Ada", here), h.member("Bob", here)
	h.join(ada, there)
	first := h.add(ada, &here, "Café STRASSE").Key
	add := func(user api.UserID, org *api.OrgID, name string) error {
		_, err := h.keys.Add(h.ctx, h.As(user), org, api.AddKey{Name: name, Role: api.Admin})
		return err
	}
	h.refused("decomposed", add(ada, &here, "Cafe\u0301 strasse"), fault.NameTaken)
	h.refused("folded", add(ada, &here, "CAFÉ straße"), fault.NameTaken)
	h.refused("with blanks around", add(ada, &here, "  café strasse\t"), fault.NameTaken)
	h.refused("with two blanks", add(ada, &here, "Café  Strasse"), fault.NameTaken)
	h.refused("with one that does not break", add(ada, &here, "Café\u00a0Strasse"), fault.NameTaken)
	h.refused("with a variation selector", add(ada, &here, "Café\ufe0f Strasse"), fault.NameTaken)
	h.refused("another person", add(bob, &here, "café strasse"), "")
	h.refused("another organization", add(ada, &there, "café strasse"), "")
	h.refused("global", add(ada, nil, "café strasse"), "")
	h.refused("global again", add(ada, nil, "CAFÉ STRASSE"), fault.NameTaken)

	second := h.add(ada, &here, "second").Key
	_, err := h.keys.Edit(h.ctx, h.As(ada), second.ID, api.EditKey{Name: ptr("Cafe\u0301 Strasse")})
	h.refused("renamed to a taken one", err, fault.NameTaken)
	_, err = h.keys.Edit(h.ctx, h.As(ada), first.ID, api.EditKey{Name: ptr("café strasse")})
	h.refused("its own name in other case", err, "")
	h.Must(h.keys.Delete(h.ctx, h.As(ada), first.ID))
	h.refused("the name of a deleted key", add(ada, &here, "Café Strasse"), "")
}
