package verify

import (
	"crypto/rand"
	"crypto/sha256"
	"sync"

	"keystead/shared/keyfmt"
)

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

// longest is how many bytes a value of ours has at most, with room.
const longest = keyfmt.PublicLen + keyfmt.SecretLen + keyfmt.CheckLen + 6

// mark is what a value is called in the cache, which holds no values: its SHA-256, with
// bytes before it that are drawn at the start. It takes half the time of the digest by
// which the database finds it.
type mark [sha256.Size]byte

// marker makes marks.
type marker [sha256.Size]byte

func newMarker() (m marker) {
	_, _ = rand.Read(m[:]) // never fails, crypto/rand
	return m
}

// of is the mark of a value, not ok where that is too long to be one of ours.
func (m *marker) of(value string) (is mark, ok bool) {
	var room [len(m) + longest]byte
	if len(value) > longest {
		return is, false
	}
	text := append(append(room[:0], m[:]...), value...)
	is = sha256.Sum256(text)
	clear(text)
	return is, true
}
