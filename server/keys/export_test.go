package keys

import (
	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/api"
)

// Changes are the statements that change the keys of somebody, or of an organization, at once.
func Changes() (statements []string) {
	for _, whose := range []string{ofOwner, ofOrg, globalOfMembers} {
		statements = append(statements, erasure+whose, deletion+whose, renaming+whose)
	}
	return statements
}

// Count is how many keys somebody holds in an organization.
func Count(r db.Reader, owner api.UserID, org api.OrgID) (int, error) {
	return count(r, home{owner, org})
}

// StoreUnder stores a key of owner's whose digest names that pepper.
func StoreUnder(tx *db.Tx, owner api.UserID, pepper int64) error {
	fresh := mint()
	r := row{OwnerID: owner, Name: "under a pepper", Role: api.Admin, Digest: seal.Digest{Pepper: pepper, Sum: []byte("sum")}}
	r.minted(fresh)
	return insert(tx, &r, r.foundBy())
}
