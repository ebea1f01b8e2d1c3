package keys_test

import (
	"testing"
	"time"

	"keystead/server/caller"
	"keystead/shared/api"
)

// TestP16APreviousValueDoesNotComeBack: what ends a key ends both of its values, and only
// the newer one is good again with it.
func TestP16APreviousValueDoesNotComeBack(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	as := h.As(ada)
	edit := func(id api.KeyID, req api.EditKey) {
		t.Helper()
		_, err := h.keys.Edit(h.ctx, as, id, req)
		h.Must(err)
	}
	bulk := func(id api.KeyID, action api.BulkAction) {
		t.Helper()
		done, err := h.keys.Bulk(h.ctx, as, api.Bulk{IDs: []api.KeyID{id}, Action: action})
		h.Must(err)
		if len(done.Done) != 1 {
			t.Errorf("%s is refused: %v", action, done.Refused)
		}
	}
	for name, c := range map[string]struct {
		do   func(api.KeyID)
		want int64 // previous values that are left
	}{
		"nothing":                 {func(api.KeyID) {}, 1},
		"another name":            {func(id api.KeyID) { edit(id, api.EditKey{Name: ptr("renamed")}) }, 1},
		"enabled as it is":        {func(id api.KeyID) { edit(id, api.EditKey{Enabled: ptr(true)}) }, 1},
		"a later expiry":          {func(id api.KeyID) { edit(id, api.EditKey{ExpiresAt: api.Just(h.now().Add(48 * time.Hour))}) }, 1},
		"disabled":                {func(id api.KeyID) { edit(id, api.EditKey{Enabled: ptr(false)}) }, 0},
		"disabled and enabled":    {func(id api.KeyID) { bulk(id, api.BulkDisable); bulk(id, api.BulkEnable) }, 0},
		"retired by who found it": {func(id api.KeyID) { h.Must(h.keys.Retire(h.ctx, caller.Caller{Key: &caller.Key{ID: id}})) }, 0},
		"disabled of old": {func(id api.KeyID) {
			h.Exec("UPDATE api_keys SET enabled = 0 WHERE id = ?", id)
			edit(id, api.EditKey{Enabled: ptr(true)})
		}, 0},
		"expired and longer": {func(id api.KeyID) {
			h.Pass(25 * time.Hour)
			edit(id, api.EditKey{ExpiresAt: api.Just(h.now().Add(time.Hour))})
		}, 0},
	} {
		key := h.add(ada, &org, name).Key
		edit(key.ID, api.EditKey{ExpiresAt: api.Just(h.now().Add(24 * time.Hour))})
		rotated, err := h.keys.Rotate(h.ctx, as, key.ID, api.Rotate{OverlapSeconds: 7 * 24 * 3600})
		h.Must(err)
		c.do(key.ID)
		got, err := h.keys.Get(h.ctx, as, key.ID)
		h.Must(err)
		if shown := got.Previous != nil; shown != (c.want == 1) {
			t.Errorf("%s: a previous value is shown: %v", name, shown)
		}
		if n := h.Number(`
			SELECT count(*) FROM api_keys
			 WHERE id = ? AND (previous_digest IS NOT NULL OR previous_pepper IS NOT NULL OR previous_hint IS NOT NULL OR previous_until IS NOT NULL)`, key.ID); n != c.want {
			t.Errorf("%s: %d previous values are stored, want %d", name, n, c.want)
		}
		if value, err := h.reveal(as, key.ID); err != nil || value != rotated.Value.Reveal() {
			t.Errorf("%s: the newer value is not shown: %v", name, err)
		}
	}
}
