package verify_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"keystead/build/promises/size"
	"keystead/server/verify"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// The model: what becomes of a value, without a database, a cache or a digest.

type owner struct {
	id             api.UserID
	active, member bool // of X
}

type key struct {
	id      api.KeyID
	owner   *owner
	global  bool
	enabled bool
	deleted bool
	expires *time.Time
	values  []*presented
}

// presented is a value that somebody was given once.
type presented struct {
	key   *key
	value string
	until *time.Time // nil: it is the current one
}

func (p *presented) verdict(now time.Time) api.VerdictCode {
	over := func(t *time.Time) bool { return t != nil && !now.Before(*t) }
	switch k := p.key; {
	case k.deleted, over(p.until):
		return api.NotFound
	case !k.enabled:
		return api.Disabled
	case over(k.expires):
		return api.Expired
	case !k.owner.active:
		return api.OwnerDisabled
	case !k.global && !k.owner.member:
		return api.OwnerNotMember
	}
	return api.Valid
}

// stands reports a key that is neither disabled nor expired.
func (k *key) stands(now time.Time) bool {
	return k.enabled && (k.expires == nil || now.Before(*k.expires))
}

// ended is what disabling does, and any change of a key that did not stand: older values
// are not good again with it.
func (k *key) ended(now time.Time) {
	for _, p := range k.values {
		if p.until != nil && p.until.After(now) {
			p.until = &now
		}
	}
}

// rotated makes value the current one; of older ones the last stays for the overlap.
func (k *key) rotated(value string, now time.Time, overlap time.Duration) {
	k.ended(now)
	for _, p := range k.values {
		if p.until == nil {
			until := now.Add(overlap)
			p.until = &until
		}
	}
	k.values = append(k.values, &presented{key: k, value: value})
}

// life is the model beside the house.
type life struct {
	*stage
	owners []*owner
	keys   []*key
	worlds int
}

// begin is a new world; the keys of the one before are let be.
func (l *life) begin() {
	l.worlds++
	l.owners, l.keys = nil, nil
	for i := range 2 {
		id := l.Person(fmt.Sprintf("P%d-%d", l.worlds, i))
		l.Join(id, l.X, perm.ReadOnly)
		l.owners = append(l.owners, &owner{id: id, active: true, member: true})
	}
}

// step is one random act. Whatever is refused changes nothing.
func (l *life) step(t *rapid.T) (what string, err error) {
	ctx, now := l.T.Context(), l.DB.Now()
	act := rapid.IntRange(0, 10).Draw(t, "act")
	if act == 0 || len(l.keys) == 0 {
		k := &key{owner: rapid.SampledFrom(l.owners).Draw(t, "owner"), global: rapid.Bool().Draw(t, "global"), enabled: true}
		org := &l.X
		if k.global {
			org = nil
		}
		name := fmt.Sprintf("key %d of world %d", len(l.keys), l.worlds)
		added, err := l.Keys.Add(ctx, l.As(k.owner.id), org, api.AddKey{Name: name, Role: rapid.SampledFrom(api.KeyRoles).Draw(t, "role"), ExpiresAt: api.Null[time.Time]()})
		if err == nil {
			k.id = added.Key.ID
			k.rotated(added.Value.Reveal(), now, 0)
			l.keys = append(l.keys, k)
		}
		return "add", err
	}
	k := rapid.SampledFrom(l.keys).Draw(t, "key")
	by := l.As(k.owner.id)
	edit := func(e api.EditKey) error { _, err := l.Keys.Edit(ctx, by, k.id, e); return err }
	manage := func(e api.EditUser) error { _, err := l.Users.Edit(ctx, l.As(l.Admin), k.owner.id, e); return err }
	switch act {
	case 1, 2:
		on := act == 1
		if err = edit(api.EditKey{Enabled: &on}); err == nil && k.enabled != on {
			k.enabled = on
			k.ended(now) // where it is enabled, it did not stand
		}
		return "enable or disable", err
	case 3:
		expires := api.Null[time.Time]()
		if in := rapid.SampledFrom([]time.Duration{-time.Hour, 0, time.Hour, 48 * time.Hour}).Draw(t, "expires in"); in != 0 {
			expires = api.Just(now.Add(in))
		}
		if err = edit(api.EditKey{ExpiresAt: expires}); err == nil {
			same := k.expires == expires.Value || k.expires != nil && expires.Value != nil && k.expires.Equal(*expires.Value)
			if !same && !k.stands(now) {
				k.ended(now)
			}
			k.expires = expires.Value
		}
		return "set the expiry", err
	case 4, 5:
		overlap := rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour, api.MaxOverlap, api.MaxOverlap + time.Second}).Draw(t, "overlap")
		rotated, err := l.Keys.Rotate(ctx, by, k.id, api.Rotate{OverlapSeconds: int64(overlap.Seconds())})
		if err == nil {
			k.rotated(rotated.Value.Reveal(), now, overlap)
		}
		return "rotate", err
	case 6:
		if err = l.Keys.Delete(ctx, by, k.id); err == nil {
			k.deleted = true
		}
		return "delete", err
	case 7:
		state := rapid.SampledFrom([]string{api.UserActive, api.UserDisabled}).Draw(t, "state")
		if err = manage(api.EditUser{State: &state}); err == nil {
			k.owner.active = state == api.UserActive
		}
		return "enable or disable the owner", err
	case 8:
		var in []api.Grant
		if rapid.Bool().Draw(t, "is a member") {
			in = []api.Grant{{OrganizationID: l.X, RoleID: api.RoleID(l.Number("SELECT id FROM roles WHERE name = ?", perm.ReadOnly))}}
		}
		if err = manage(api.EditUser{Memberships: &in}); err == nil {
			k.owner.member = len(in) > 0
		}
		return "join or leave", err
	case 9:
		p := rapid.SampledFrom(k.values).Draw(t, "value")
		alive := p.verdict(now) != api.NotFound
		if got := l.form(nil, api.PathRevoke, "token="+p.value); got.Status != 200 {
			t.Fatalf("revoke: %d %s", got.Status, got.Body)
		}
		if k.enabled && alive {
			k.enabled = false
			k.ended(now)
		}
		return "revoke", nil
	}
	l.Pass(rapid.SampledFrom([]time.Duration{time.Millisecond, time.Second, time.Hour, 47 * time.Hour}).Draw(t, "time"))
	return "wait", nil
}

// check asks about every value there ever was, twice, the evaluator that has been there
// all along, and one that knows nothing.
func (l *life) check(t *rapid.T, after string) {
	cold := verify.New(verify.Needs{DB: l.DB, Seal: l.Seal})
	defer func() { l.Must(cold.Close(l.T.Context())) }()
	for _, k := range l.keys {
		for i, p := range k.values {
			want := p.verdict(l.DB.Now())
			for _, judge := range []*verify.Verify{l.Verify, l.Verify, cold} {
				got, err := judge.Check(l.T.Context(), p.value, verify.Target{})
				if err != nil || got.Code != want {
					t.Fatalf("after %q value %d of key %d is %s, want %s (cold: %v, error: %v)", after, i, k.id, got.Code, want, judge == cold, err)
				}
			}
		}
	}
}

// TestP59P60TheLifeOfKeys walks through random acts on keys and their owners: after each
// one every value is judged as the model has it, from the cache and without.
func TestP59P60TheLifeOfKeys(t *testing.T) {
	l := &life{stage: newStage(t)}
	want := size.Of(t, 800, 100_000, "steps")
	steps, done := 0, map[string]int{}
	for steps < want && !t.Failed() {
		rapid.Check(t, func(rt *rapid.T) {
			l.begin()
			for range rapid.IntRange(4, 16).Draw(rt, "steps") {
				what, err := l.step(rt)
				if _, known := fault.From(err); err != nil && !known {
					rt.Fatal(err)
				}
				l.check(rt, what)
				steps++
				if err == nil {
					done[what]++
				}
			}
		})
	}
	for _, what := range []string{"add", "enable or disable", "set the expiry", "rotate", "delete", "enable or disable the owner", "join or leave", "revoke", "wait"} {
		if !t.Failed() && done[what] == 0 {
			t.Errorf("in %d steps nobody managed to %s", steps, what)
		}
	}
	t.Logf("%d steps: %v", steps, done)
}
