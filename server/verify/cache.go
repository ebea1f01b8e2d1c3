package verify

import "sync"

// kept is how many keys the cache holds at most, about 500 bytes each.
const kept = 32_768

// cache holds records by digest. An entry is good while the epoch that was read
// before it still stands.
type cache struct {
	epoch   func() uint64
	mu      sync.RWMutex
	entries map[[32]byte]entry
}

type entry struct {
	known *record
	epoch uint64
}

func newCache(epoch func() uint64) *cache {
	return &cache{epoch: epoch, entries: map[[32]byte]entry{}}
}

func (c *cache) get(sum []byte) (*record, bool) {
	c.mu.RLock()
	e, ok := c.entries[[32]byte(sum)]
	c.mu.RUnlock()
	if !ok || e.epoch != c.epoch() {
		return nil, false
	}
	return e.known, true
}

// put keeps a record. When the cache is full some entry goes: Go's map order is as
// good as random, and a look-up that misses costs two SELECTs.
func (c *cache) put(sum []byte, known *record, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.entries) >= kept {
		for victim := range c.entries {
			delete(c.entries, victim)
			break
		}
	}
	c.entries[[32]byte(sum)] = entry{known, epoch}
}
