package keys_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

func (h *house) reveal(who caller.Caller, id api.KeyID) (string, error) {
	revealed, err := h.keys.Reveal(h.ctx, who, id, api.Reveal{Purpose: api.PurposeCopy})
	return revealed.Value.Reveal(), err
}

func TestReveal(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	for _, place := range []*api.OrgID{&org, nil} {
		added := h.add(ada, place, "mine")
		value, err := h.reveal(h.As(ada), added.Key.ID)
		if err != nil || value != added.Value.Reveal() {
			t.Errorf("another value was shown than was made, or none: %v", err)
		}
		value, err = h.reveal(h.asKey(added.Key), added.Key.ID)
		if err != nil || value != added.Value.Reveal() {
			t.Errorf("a key shows itself: %v", err)
		}
		if n := h.Number(`SELECT count(*) FROM audit WHERE act = 'api_key.reveal' AND target_id = ? AND facts = '{"purpose":"copy"}'`, added.Key.ID); n != 2 {
			t.Errorf("%d audit rows of two reveals", n)
		}
	}
}

func TestRevealRefused(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	key := h.add(ada, &org, "mine").Key
	plain := h.As(ada)
	plain.Session = &caller.Session{}
	token := h.asKey(key)
	token.Kind = api.CallerToken
	reading := h.asReading(h.add(ada, &org, "reading").Key)

	_, err := h.reveal(plain, key.ID)
	h.refused("not elevated", err, fault.ElevationRequired)
	_, err = h.keys.Rotate(h.ctx, plain, key.ID, api.Rotate{})
	h.refused("not elevated", err, fault.ElevationRequired)
	_, err = h.reveal(token, key.ID)
	h.refused("an access token", err, fault.PermissionRequired)
	_, err = h.reveal(reading, key.ID)
	h.refused("a READONLY key", err, fault.KeyTooWeak)
	_, err = h.keys.Reveal(h.ctx, h.As(ada), key.ID, api.Reveal{Purpose: "fun"})
	h.refused("no such purpose", err, fault.InvalidValue)

	h.Exec("UPDATE organizations SET reveal = 'never' WHERE id = ?", org)
	_, err = h.reveal(h.As(ada), key.ID)
	h.refused("by policy", err, fault.RevealNever)
	h.Exec("UPDATE organizations SET reveal = 'owner' WHERE id = ?", org)
	h.Must(h.DB.Write(h.ctx, func(tx *db.Tx) error {
		n, err := h.keys.EraseValues(tx, ada)
		if n != 2 {
			t.Errorf("%d values erased, want 2", n)
		}
		return err
	}))
	_, err = h.reveal(h.As(ada), key.ID)
	h.refused("erased", err, fault.ValueErased)
	if n := h.Number("SELECT count(*) FROM audit WHERE act = 'api_key.reveal'"); n != 0 {
		t.Errorf("%d audit rows of refused reveals", n)
	}
	rotated, err := h.keys.Rotate(h.ctx, h.As(ada), key.ID, api.Rotate{})
	h.Must(err)
	if value, err := h.reveal(h.As(ada), key.ID); err != nil || value != rotated.Value.Reveal() {
		t.Errorf("a rotated key can be shown again: %v", err)
	}
}

// TestRevealNever: where nobody may see a value again, nothing is stored to show it
// from; global keys follow the strictest of their owner's organizations.
func TestRevealNever(t *testing.T) {
	h := newHouse(t)
	here, there := h.Org("Here"), h.Org("There")
	ada, bob := h.member("Ada", here), h.member("Bob", here)
	root := h.admin("Root")
	for _, user := range []api.UserID{ada, bob, root} {
		h.add(user, nil, "global before")
		if user != root {
			h.add(user, &here, "before")
		}
	}
	h.join(ada, there)
	h.Exec("UPDATE organizations SET reveal = 'never' WHERE id = ?", there)
	h.Must(h.DB.Write(h.ctx, func(tx *db.Tx) error {
		_, err := h.keys.EraseOrgValues(tx, there)
		return err
	}))
	h.add(ada, nil, "global after")
	h.add(ada, &there, "there after")
	h.add(ada, &here, "here after")
	h.join(bob, there)
	h.Must(h.DB.Write(h.ctx, func(tx *db.Tx) error {
		_, err := h.keys.EraseForbidden(tx, bob)
		return err
	}))
	var left []string
	h.Must(h.DB.Read(h.ctx).Select(&left, `
		SELECT u.first_name || ' ' || k.name FROM api_keys k JOIN users u ON u.id = k.owner_id
		 WHERE k.ciphertext IS NOT NULL ORDER BY k.id`))
	if got := fmt.Sprint(left); got != "[Ada before Bob before Ada here after]" {
		t.Errorf("can be shown: %s", got)
	}
}

// TestP02 moves ciphertexts between rows and organizations: none opens elsewhere.
func TestP02(t *testing.T) {
	h := newHouse(t)
	here, there := h.Org("Here"), h.Org("There")
	ada := h.member("Ada", here)
	h.join(ada, there)
	one, two := h.add(ada, &here, "one").Key.ID, h.add(ada, &there, "two").Key.ID
	shut := func(what string) {
		t.Helper()
		for _, id := range []api.KeyID{one, two} {
			value, err := h.reveal(h.As(ada), id)
			if _, told := fault.From(err); err == nil || told || value != "" {
				t.Errorf("%s: opened, or worded as a refusal: %v", what, err)
			}
		}
	}
	swap := func() {
		var sealed [][]byte
		h.Must(h.DB.Read(h.ctx).Select(&sealed, "SELECT ciphertext FROM api_keys ORDER BY id"))
		h.Exec("UPDATE api_keys SET ciphertext = CASE id WHEN ? THEN ? ELSE ? END", one, sealed[1], sealed[0])
	}
	swap()
	shut("swapped")
	swap()
	h.Exec("UPDATE api_keys SET org_id = CASE org_id WHEN ?1 THEN ?2 ELSE ?1 END", here, there)
	shut("moved to another organization")
	h.Exec("UPDATE api_keys SET org_id = NULL")
	shut("made global")
	h.Exec("UPDATE api_keys SET org_id = CASE id WHEN ? THEN ? ELSE ? END", one, here, there)
	if _, err := h.reveal(h.As(ada), one); err != nil {
		t.Errorf("back in its place: %v", err)
	}
	h.Exec("UPDATE api_keys SET ciphertext = substr(ciphertext, 1, length(ciphertext) - 1)")
	shut("cut")
}

func TestRotate(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	first := h.add(ada, &org, "mine")
	h.Exec("UPDATE api_keys SET last_login_at = 5, last_login_ip = '192.0.2.9'")
	known := func(value string) (found string) {
		digest := h.Seal.Digest(value)
		if h.Number("SELECT count(*) FROM api_keys WHERE digest = ?", digest.Sum) == 1 {
			return "current"
		}
		if h.Number("SELECT count(*) FROM api_keys WHERE previous_digest = ?", digest.Sum) == 1 {
			return "previous"
		}
		return "gone"
	}
	state := func(values ...api.AddedKey) string {
		var all []string
		for _, v := range values {
			all = append(all, known(v.Value.Reveal()))
		}
		return strings.Join(all, " ")
	}
	rotate := func(overlap time.Duration) api.AddedKey {
		t.Helper()
		h.Pass(time.Minute)
		rotated, err := h.keys.Rotate(h.ctx, h.As(ada), first.Key.ID, api.Rotate{OverlapSeconds: int64(overlap / time.Second)})
		h.Must(err)
		return rotated
	}
	second := rotate(time.Hour)
	if got := state(first, second); got != "previous current" {
		t.Errorf("after one rotation with overlap: %s", got)
	}
	k := second.Key
	if k.ID != first.Key.ID || k.Name != "mine" || k.Role != api.Admin || k.LastLoginAt == nil || *k.LastLoginIP != "192.0.2.9" || k.Hint == first.Key.Hint {
		t.Errorf("rotation changed more than the value: %+v", k)
	}
	if k.Previous == nil || k.Previous.Hint != first.Key.Hint || !k.Previous.ValidUntil.Equal(h.now().Add(time.Hour)) {
		t.Errorf("previous is %+v", k.Previous)
	}
	third := rotate(30 * 24 * time.Hour)
	if got := state(first, second, third); got != "gone previous current" {
		t.Errorf("after a second rotation: %s", got)
	}
	fourth := rotate(0)
	if got := state(second, third, fourth); got != "gone gone current" || fourth.Key.Previous != nil {
		t.Errorf("after a rotation without overlap: %s, previous %v", got, fourth.Key.Previous)
	}
	if value, err := h.reveal(h.As(ada), first.Key.ID); err != nil || value != fourth.Value.Reveal() {
		t.Errorf("the current value is shown: %v", err)
	}
	fifth := rotate(time.Minute)
	h.Pass(time.Minute)
	got, err := h.keys.Get(h.ctx, h.As(ada), fifth.Key.ID)
	h.Must(err)
	if got.Previous != nil {
		t.Error("a previous value is shown after its overlap")
	}
	for _, overlap := range []int64{-1, 30*24*3600 + 1} {
		_, err := h.keys.Rotate(h.ctx, h.As(ada), first.Key.ID, api.Rotate{OverlapSeconds: overlap})
		h.refused("overlap out of bounds", err, fault.InvalidValue)
	}
}

// TestDeleteErases: nothing is left to find or open a deleted key by.
func TestDeleteErases(t *testing.T) {
	h := newHouse(t)
	org, other := h.Org("Here"), h.Org("Other")
	ada := h.member("Ada", org)
	h.join(ada, other)
	bare := func(what string, want int64) {
		t.Helper()
		if n := h.Number(`
			SELECT count(*) FROM api_keys
			 WHERE deleted_at IS NOT NULL AND digest IS NULL AND ciphertext IS NULL AND previous_digest IS NULL
			   AND previous_until IS NULL AND pepper_id IS NULL`); n != want {
			t.Errorf("%s: %d rows are bare, want %d", what, n, want)
		}
	}
	key := h.add(ada, &org, "one").Key
	_, err := h.keys.Rotate(h.ctx, h.As(ada), key.ID, api.Rotate{OverlapSeconds: 60})
	h.Must(err)
	h.Must(h.keys.Delete(h.ctx, h.As(ada), key.ID))
	bare("one key", 1)
	h.add(ada, &org, "two")
	h.add(ada, &other, "three")
	h.add(ada, nil, "four")
	h.Must(h.DB.Write(h.ctx, func(tx *db.Tx) error { _, err := h.keys.DeleteOfOrg(tx, org); return err }))
	bare("of an organization", 2)
	h.Must(h.DB.Write(h.ctx, func(tx *db.Tx) error { _, err := h.keys.DeleteOfUser(tx, ada); return err }))
	bare("of a user", 4)
}

// TestP38: what can't be audited does not happen, and answers no value.
func TestP38(t *testing.T) {
	h := newHouse(t)
	org := h.Org("Here")
	ada := h.member("Ada", org)
	ids := map[string]api.KeyID{}
	for i, a := range acts {
		place := &org
		if i >= 8 {
			place = nil
		}
		ids[a.name] = prepare(h, ada, place, a.name)
	}
	h.Exec("UPDATE api_keys SET enabled = 0 WHERE id = ?", ids["enable"])
	h.Exec("CREATE TRIGGER no_audit BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
	all := func() (text string) {
		h.Must(h.DB.Read(h.ctx).Get(&text, "SELECT group_concat(quote(name) || role || enabled || quote(expires_at) || quote(digest) || quote(ciphertext) || updated_at || quote(deleted_at)) FROM api_keys"))
		return text
	}
	before := all()
	h.Pass(time.Second)
	for _, a := range acts[1:] {
		if err := a.do(h, h.As(ada), ids[a.name]); err == nil {
			t.Errorf("%s was done unaudited", a.name)
		}
	}
	value, err := h.reveal(h.As(ada), ids["reveal"])
	if err == nil || value != "" {
		t.Error("a value was shown unaudited")
	}
	added, err := h.keys.Add(h.ctx, h.As(ada), nil, api.AddKey{Name: "new", Role: api.Admin})
	if err == nil || !added.Value.Empty() {
		t.Error("a key was added unaudited")
	}
	_, err = h.keys.Bulk(h.ctx, h.As(ada), api.Bulk{IDs: []api.KeyID{ids["get"], ids["rename"]}, Action: api.BulkDelete})
	if err == nil {
		t.Error("keys were deleted unaudited")
	}
	if all() != before {
		t.Error("something changed unaudited")
	}
	if _, err := h.Audit.Verify(context.Background(), h.DB); err != nil {
		t.Errorf("the chain: %v", err)
	}
}
