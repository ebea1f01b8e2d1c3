package verify

import (
	"crypto/rand"
	"crypto/sha256"

	"keystead/shared/keyfmt"
)

// cacheSize is how many keys a cache holds at most, about 2 KB each. A look-up that misses
// costs two SELECTs.
const cacheSize = 32_768

// maxValueLen is how many bytes a value of ours has at most, with room.
const maxValueLen = keyfmt.PublicLen + keyfmt.SecretLen + keyfmt.CheckLen + 6

// fingerprint is what a value is called in the cache, which holds no values: its salted
// SHA-256. It takes half the time of the digest by which the database finds it.
type fingerprint [sha256.Size]byte

// salt goes before a value in its fingerprint. It is drawn at the start.
type salt [sha256.Size]byte

func newSalt() (s salt) {
	_, _ = rand.Read(s[:]) // never fails, crypto/rand
	return s
}

// fingerprint is that of a value, not ok where that is too long to be one of ours.
func (s *salt) fingerprint(value string) (is fingerprint, ok bool) {
	var room [len(s) + maxValueLen]byte
	if len(value) > maxValueLen {
		return is, false
	}
	text := append(append(room[:0], s[:]...), value...)
	is = sha256.Sum256(text)
	clear(text)
	return is, true
}
