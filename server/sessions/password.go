package sessions

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
)

// params are those of argon2id. The defaults are the first choice of OWASP's
// password storage cheat sheet for one thread.
type params struct {
	memory  uint32 // KiB
	time    uint32
	threads uint8
}

var current = params{memory: 19 << 10, time: 2, threads: 1}

const (
	saltLen = 16
	hashLen = 32
)

// NewPassword checks a password that someone chose and hashes it. about are texts
// that are easy to guess for this person: their e-mail address, their names.
// Faults, at password: invalid_value; too_many_tries.
func (s *Sessions) NewPassword(ctx context.Context, password api.Secret, about ...string) (string, error) {
	text := normal(password)
	if sentence := keyfmt.PasswordFault(text); sentence != "" {
		return "", fault.At("password", fault.InvalidValue, "%s", sentence)
	}
	if guessable(text, about) {
		return "", fault.At("password", fault.InvalidValue, "This password is easy to guess. A few unrelated words make a good one.")
	}
	if err := s.hashing.enter(ctx, knownBrowser); err != nil {
		return "", err
	}
	defer s.hashing.leave()
	return current.hash(text), nil
}

// normal is the password in normalization form C (Unicode annex 15), so that it is
// the same from every keyboard. Nothing else is done to it: blanks count, nothing
// is cut.
func normal(password api.Secret) string { return norm.NFC.String(password.Reveal()) }

// hash makes a string in the PHC form: parameters, salt and hash.
func (p params) hash(text string) string {
	salt := make([]byte, saltLen)
	_, _ = rand.Read(salt) // never fails, crypto/rand
	return p.encode(salt, argon2.IDKey([]byte(text), salt, p.time, p.memory, p.threads, hashLen))
}

func (p params) encode(salt, hash []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, p.memory, p.time, p.threads, b64.EncodeToString(salt), b64.EncodeToString(hash))
}

// nobodys is a hash that no password has, to spend on people who do not exist what
// is spent on those who do.
var nobodys = func() string {
	noise := make([]byte, saltLen+hashLen)
	_, _ = rand.Read(noise)
	return current.encode(noise[:saltLen], noise[saltLen:])
}()

// matches compares a password with a stored hash, in constant time for its
// parameters. old says that they are no longer the current ones.
func matches(text, stored string) (ok, old bool) {
	p, salt, hash, valid := decode(stored)
	if !valid {
		p, salt, hash, _ = decode(nobodys)
	}
	got := argon2.IDKey([]byte(text), salt, p.time, p.memory, p.threads, uint32(len(hash))) // #nosec G115 -- a hash of ours, 32 bytes
	return subtle.ConstantTimeCompare(got, hash) == 1 && valid, p != current
}

// decode takes a PHC string apart. What its parts don't make again is none: Sscanf and
// base64 both pass over things.
func decode(stored string) (p params, salt, hash []byte, ok bool) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return params{}, nil, nil, false
	}
	n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads)
	if err != nil || n != 3 || p.time == 0 || p.threads == 0 {
		return params{}, nil, nil, false
	}
	var err1, err2 error
	salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	hash, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	return p, salt, hash, err1 == nil && err2 == nil && len(hash) == hashLen && p.encode(salt, hash) == stored
}

// Hash is the stored form of a password, unchecked.
func Hash(password string) string { return current.hash(password) }
