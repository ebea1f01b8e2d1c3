package db

import "sync"

// Cache keeps what was made of rows, by what they were found by, for as long as no
// decision may have changed: all that is in it is of one epoch.
type Cache[K comparable, V any] struct {
	most int

	mu    sync.RWMutex
	epoch uint64 // of all entries
	byKey map[K]V
}

// NewCache is one of most entries. When it is full some entry goes: Go's map order is as
// good as random.
func NewCache[K comparable, V any](most int) *Cache[K, V] {
	return &Cache[K, V]{most: most, byKey: map[K]V{}}
}

// Get is what is good in this epoch.
func (c *Cache[K, V]) Get(by K, epoch uint64) (v V, ok bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.epoch == epoch {
		v, ok = c.byKey[by]
	}
	return v, ok
}

// Put keeps what was read after epoch was: what changed meanwhile makes it stale.
func (c *Cache[K, V]) Put(by K, epoch uint64, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if epoch < c.epoch {
		return // read before a change that others have seen
	}
	if epoch > c.epoch {
		c.byKey, c.epoch = map[K]V{}, epoch // what was in it is of no use, and takes memory
	}
	if len(c.byKey) >= c.most {
		for victim := range c.byKey {
			delete(c.byKey, victim)
			break
		}
	}
	c.byKey[by] = v
}
