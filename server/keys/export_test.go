package keys

import (
	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/api"
)

// StoreUnder stores a key of owner's whose digest names that pepper.
func StoreUnder(tx *db.Tx, owner api.UserID, pepper int64) error {
	fresh := mint()
	r := row{OwnerID: owner, Name: "under a pepper", Role: api.Admin, Digest: seal.Digest{Pepper: pepper, Sum: []byte("sum")}}
	r.minted(fresh)
	return insert(tx, &r, r.foundBy())
}
