package verify

import "sync"

// kept is how many keys the cache holds at most, about 1 KB each.
const kept = 32_768

// cache holds records by what they are found by: a digest, or what a token stands on. An
// entry is good while the epoch that was read before it still stands.
type cache[K comparable] struct {
	epoch   func() uint64
	mu      sync.RWMutex
	entries map[K]entry
}

type entry struct {
	known *record
	epoch uint64
}

func newCache[K comparable](epoch func() uint64) *cache[K] {
	return &cache[K]{epoch: epoch, entries: map[K]entry{}}
}

func (c *cache[K]) get(by K) (*record, bool) {
	c.mu.RLock()
	e, ok := c.entries[by]
	c.mu.RUnlock()
	if !ok || e.epoch != c.epoch() {
		return nil, false
	}
	return e.known, true
}

// put keeps a record. When the cache is full some entry goes: Go's map order is as
// good as random, and a look-up that misses costs two SELECTs.
func (c *cache[K]) put(by K, known *record, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.entries) >= kept {
		for victim := range c.entries {
			delete(c.entries, victim)
			break
		}
	}
	c.entries[by] = entry{known, epoch}
}
