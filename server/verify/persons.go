package verify

import (
	"sync"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
)

// keptPersons is how many owners are remembered at most, about 400 bytes each.
const keptPersons = 16_384

// persons remembers the owners of keys while the database's epoch stands: who reads a
// million keys for the first time does not read a thousand people a thousand times.
type persons struct {
	db *db.DB

	mu    sync.RWMutex
	epoch uint64
	byID  map[api.UserID]caller.Person
}

// of is the owner of a key.
func (p *persons) of(r db.Reader, id api.UserID) (caller.Person, error) {
	epoch := p.db.Epoch() // before the read: what changes meanwhile makes it stale
	p.mu.RLock()
	person, ok := p.byID[id]
	ok = ok && p.epoch == epoch
	p.mu.RUnlock()
	if ok {
		return person, nil
	}
	person, err := caller.Load(r, id)
	if err != nil {
		return person, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.byID == nil || p.epoch != epoch || len(p.byID) >= keptPersons {
		if p.epoch > epoch {
			return person, nil // others have read newer ones
		}
		p.epoch, p.byID = epoch, map[api.UserID]caller.Person{}
	}
	p.byID[id] = person
	return person, nil
}
