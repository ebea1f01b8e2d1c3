package verify

import (
	"crypto/rand"
	"crypto/sha256"

	"keystead/shared/keyfmt"
)

// kept is how many keys a cache holds at most, about 2 KB each. A look-up that misses costs
// two SELECTs.
const kept = 32_768

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
