package seal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"

	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

// New makes a credential: 10 public characters and 32 secret ones (190 bits).
func New(kind keyfmt.Kind) keyfmt.Parts {
	return keyfmt.Parts{Kind: kind, PublicID: base62(keyfmt.PublicLen), Secret: base62(keyfmt.SecretLen)}
}

// base62 draws n characters without bias: bytes of 248 and more would favour the
// first eight digits, so they are drawn again.
func base62(n int) string {
	const fair = 256 - 256%62
	out := make([]byte, 0, n)
	var draw [64]byte
	for len(out) < n {
		_, _ = rand.Read(draw[:]) // never fails, crypto/rand
		for _, b := range draw {
			if b < fair && len(out) < n {
				out = append(out, keyfmt.Alphabet[b%62])
			}
		}
	}
	return string(out)
}

// Digest finds a credential without holding it.
type Digest struct {
	Pepper int64 // the row of the keyset under which Sum was made
	Sum    []byte
}

// pepper makes digests.
type pepper struct {
	id   int64
	macs MACs
}

func newPepper(id int64, key []byte) pepper { return pepper{id, NewMACs(key)} }

func (p pepper) sum(value string) [sha256.Size]byte {
	return p.macs.Sum(func(b []byte) []byte { return append(b, value...) })
}

func (p pepper) digest(value string) Digest {
	sum := p.sum(value)
	return Digest{p.id, sum[:]}
}

// Digest is the digest of value under the newest pepper. What is to be stored is made
// in the transaction that stores it: one made before may be under a pepper that is
// dropped by then, and the database refuses it.
func (s *Sealer) Digest(value string) Digest { return s.keys.Load().peppers[0].digest(value) }

// Place is where a ciphertext is stored. It opens nowhere else.
type Place struct {
	Table  string
	Column string
	Row    string // public id or UUID of the row
	Org    string // UUID of the organization, or [Global]
}

// Global is the organization of what belongs to none.
const Global = "global"

// bytes are the lengths and texts one after another, so that no two places read
// alike.
func (p Place) bytes() []byte {
	var b []byte
	for _, part := range []string{p.Table, p.Column, p.Row, p.Org} {
		b = strconv.AppendInt(b, int64(len(part)), 10)
		b = append(b, ':')
		b = append(b, part...)
	}
	return b
}

// Seal encrypts value for its place, in the transaction that stores it: one sealed
// before may be under a data key that is dropped by then.
func (s *Sealer) Seal(value string, at Place) ([]byte, error) {
	sealed, err := s.keys.Load().values.Encrypt([]byte(value), at.bytes())
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return sealed, nil
}

// Open decrypts what was sealed for that place. A ciphertext that was changed or
// moved is an error, without a piece of it.
func (s *Sealer) Open(sealed []byte, at Place) (api.Secret, error) {
	now := s.keys.Load()
	value, err := now.values.Decrypt(sealed, at.bytes())
	if err != nil && now.dropped != nil {
		value, err = now.dropped.Decrypt(sealed, at.bytes())
	}
	if err != nil {
		return api.Secret{}, fmt.Errorf("%w: %s.%s of %s", ErrDamaged, at.Table, at.Column, at.Row)
	}
	return api.Hide(string(value)), nil
}

// ErrDamaged says that a ciphertext was changed, or does not belong where it lies.
var ErrDamaged = errors.New("what is stored does not open")

// SessionKey signs session tokens (HS256).
func (s *Sealer) SessionKey() []byte { return s.keys.Load().session }

// AuditKey makes the chain of the audit log (HMAC-SHA-256).
func (s *Sealer) AuditKey() []byte { return s.keys.Load().audit }

// Bucket names a counter by something that must not be stored in the clear.
func (s *Sealer) Bucket(name string) []byte {
	mac := hmac.New(sha256.New, s.SessionKey())
	mac.Write([]byte("throttle\x00" + name))
	return mac.Sum(nil)
}
