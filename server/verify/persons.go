package verify

import (
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
)

// keptPersons is how many owners are remembered at most, about 400 bytes each.
const keptPersons = 16_384

// persons remembers the owners of keys: who reads a million keys for the first time does
// not read a thousand people a thousand times.
type persons struct {
	db    *db.DB
	known *db.Cache[api.UserID, caller.Person]
}

func newPersons(d *db.DB) *persons {
	return &persons{d, db.NewCache[api.UserID, caller.Person](keptPersons)}
}

// of is the owner of a key.
func (p *persons) of(r db.Reader, id api.UserID) (caller.Person, error) {
	epoch := p.db.Epoch() // before the read: what changes meanwhile makes it stale
	if person, ok := p.known.Get(id, epoch); ok {
		return person, nil
	}
	person, err := caller.Load(r, id)
	if err == nil {
		p.known.Put(id, epoch, person)
	}
	return person, err
}
