package keys_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// acted are the acts in the audit log since it had so many rows, with their facts.
func (h *house) acted(since int64) string {
	h.Helper()
	var rows []string
	h.Must(h.DB.Read(h.ctx).Select(&rows, "SELECT act || ' ' || facts FROM audit WHERE id > ? ORDER BY id", since))
	return strings.Join(rows, "; ")
}

func TestEditIsAudited(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	key := h.add(ada, &org, "mine").Key
	cases := []struct {
		req  api.EditKey
		want string
	}{
		{api.EditKey{}, ""},
		{api.EditKey{Name: ptr("mine"), Enabled: ptr(true), ExpiresAt: api.Null[time.Time]()}, ""},
		{api.EditKey{Name: ptr("ours"), Description: ptr("d")}, `api_key.edit {"changed":["name","description"]}`},
		{api.EditKey{Enabled: ptr(false)}, `api_key.disable {}`},
		{api.EditKey{Enabled: ptr(true), Role: ptr(api.ReadOnly)}, `api_key.edit {"changed":["role"]}; api_key.enable {}`},
		{api.EditKey{ExpiresAt: api.Just(h.now().Add(time.Hour))}, `api_key.edit {"changed":["expires_at"]}`},
	}
	for _, c := range cases {
		h.Pass(time.Minute)
		rows := h.Number("SELECT count(*) FROM audit")
		before, err := h.keys.Get(h.ctx, h.As(ada), key.ID)
		h.Must(err)
		after, err := h.keys.Edit(h.ctx, h.As(ada), key.ID, c.req)
		h.Must(err)
		if got := h.acted(rows); got != c.want {
			t.Errorf("audited %q, want %q", got, c.want)
		}
		if changed := !after.UpdatedAt.Equal(before.UpdatedAt); changed != (c.want != "") {
			t.Errorf("%q: updated_at moved: %v", c.want, changed)
		}
	}
}

// TestEditExpiry: a lifetime is counted from when the key was made, and what is not
// changed is not judged again.
func TestEditExpiry(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	key := h.add(ada, &org, "mine").Key
	made := h.now()
	h.Exec("UPDATE organizations SET max_lifetime_days = 10, allow_no_expiry = 0 WHERE id = ?", org)
	h.Pass(5 * 24 * time.Hour)
	set := func(expires api.Maybe[time.Time]) error {
		_, err := h.keys.Edit(h.ctx, h.As(ada), key.ID, api.EditKey{ExpiresAt: expires})
		return err
	}
	h.refused("as it is", set(api.Null[time.Time]()), "")
	h.refused("past", set(api.Just(h.now().Add(-time.Second))), fault.ExpiresInPast)
	h.refused("beyond the lifetime", set(api.Just(made.Add(10*24*time.Hour+time.Second))), fault.LifetimeTooLong)
	h.refused("the whole lifetime", set(api.Just(made.Add(10*24*time.Hour))), "")
	h.refused("never again", set(api.Null[time.Time]()), fault.LifetimeTooLong)
	_, err := h.keys.Edit(h.ctx, h.As(ada), key.ID, api.EditKey{Role: ptr(api.KeyRole("admin"))})
	h.refused("no such role", err, fault.InvalidValue)
}

// TestExpiryThatCannotBeTold: a zone offset carries the last hours of 9999 into a
// year that RFC 3339 can't write.
func TestExpiryThatCannotBeTold(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	key := h.add(ada, &org, "mine").Key
	last := time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC)
	west := time.Date(9999, time.December, 31, 23, 59, 59, 0, time.FixedZone("", -12*60*60))
	for _, c := range []struct {
		what    string
		expires time.Time
		code    fault.Code
	}{{"the last second", last, ""}, {"the year 10000", west, fault.InvalidValue}} {
		_, err := h.keys.Add(h.ctx, h.As(ada), &org, api.AddKey{Name: c.what, Role: api.Admin, ExpiresAt: api.Just(c.expires)})
		h.refused("add: "+c.what, err, c.code)
		_, err = h.keys.Add(h.ctx, h.As(ada), nil, api.AddKey{Name: c.what, Role: api.Admin, ExpiresAt: api.Just(c.expires)})
		h.refused("add a global one: "+c.what, err, c.code)
		_, err = h.keys.Edit(h.ctx, h.As(ada), key.ID, api.EditKey{ExpiresAt: api.Just(c.expires)})
		h.refused("edit: "+c.what, err, c.code)
	}
	page, err := h.keys.List(h.ctx, h.As(ada), &org, api.KeyList{List: api.List{Page: 1, Limit: 100}})
	h.Must(err)
	if _, err := json.Marshal(page); err != nil {
		t.Errorf("the list can't be answered: %v", err)
	}
}

func TestBulk(t *testing.T) {
	h := newHouse(t)
	here, there := h.Org("Here"), h.Org("There")
	ada, bob := h.member("Ada", here, perm.KeysRead), h.member("Bob", here)
	h.join(bob, there)
	mine, other := h.add(ada, &here, "mine").Key.ID, h.add(ada, nil, "global").Key.ID
	bobs, foreign := h.add(bob, &here, "bob's").Key.ID, h.add(bob, &there, "foreign").Key.ID
	never := api.KeyID(1 << 40)
	refusals := func(done api.BulkDone) (text string) {
		for _, r := range done.Refused {
			text += map[api.KeyID]string{foreign: "foreign ", bobs: "bob's ", never: "never "}[r.ID] + r.Code + "; "
		}
		return text
	}
	rows := h.Number("SELECT count(*) FROM audit")
	done, err := h.keys.Bulk(h.ctx, h.As(ada), api.Bulk{IDs: []api.KeyID{foreign, mine, bobs, other, never}, Action: api.BulkDisable})
	h.Must(err)
	if got := refusals(done); got != "foreign not_found; bob's permission_required; never not_found; " || !slices.Equal(done.Done, []api.KeyID{mine, other}) {
		t.Errorf("done %v, refused %s", done.Done, got)
	}
	if got := h.acted(rows); got != "api_key.disable {}; api_key.disable {}" {
		t.Errorf("audited %q", got)
	}
	done, err = h.keys.Bulk(h.ctx, h.As(ada), api.Bulk{IDs: []api.KeyID{mine, bobs}, Action: api.BulkDelete})
	h.Must(err)
	if got := refusals(done); got != "bob's permission_required; " || h.Number("SELECT count(*) FROM api_keys WHERE deleted_at IS NOT NULL") != 1 {
		t.Errorf("deleted %v, refused %s", done.Done, got)
	}

	many := make([]api.KeyID, 101)
	for i := range many {
		many[i] = api.KeyID(i + 1)
	}
	for what, req := range map[string]api.Bulk{
		"none":      {Action: api.BulkDelete},
		"too many":  {IDs: many, Action: api.BulkDelete},
		"twice":     {IDs: []api.KeyID{other, other}, Action: api.BulkDelete},
		"no action": {IDs: []api.KeyID{other}, Action: "rotate"},
	} {
		_, err := h.keys.Bulk(h.ctx, h.As(ada), req)
		h.refused(what, err, fault.InvalidValue)
	}
	if _, err := h.keys.Get(h.ctx, h.As(ada), other); err != nil {
		t.Errorf("a refused request deleted a key: %v", err)
	}
}
