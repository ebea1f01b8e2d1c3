package keys_test

import (
	"testing"

	"keystead/server/db"
	"keystead/server/keys"
)

// TestNoKeyIsStoredUnderAPepperThatIsGone: its digest could never be found.
func TestNoKeyIsStoredUnderAPepperThatIsGone(t *testing.T) {
	h := newHouse(t)
	ada := h.Person("Ada")
	store := func(pepper int64) error {
		return h.DB.Write(h.ctx, func(tx *db.Tx) error { return keys.StoreUnder(tx, ada, pepper) })
	}
	if err := store(h.Seal.Pepper() + 1); err == nil {
		t.Error("a key under no pepper was stored")
	}
	if err := store(h.Seal.Pepper()); err != nil {
		t.Error(err)
	}
	var kept []int64
	h.Must(h.DB.Read(h.ctx).Select(&kept, "SELECT pepper_id FROM api_keys"))
	if len(kept) != 1 || kept[0] != h.Seal.Pepper() {
		t.Errorf("there are keys under %v", kept)
	}
}
