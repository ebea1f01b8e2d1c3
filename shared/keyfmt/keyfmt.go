// Package keyfmt is the form of every credential that Keystead makes, and the rules
// for the names that people give them.
//
// A value reads PREFIX_<10 public id><32 secret>_<6>, alphabet 0-9A-Za-z. The last
// part is the CRC-32 (IEEE) of all before the last underscore, in base62 padded on
// the left: a mistyped or cut value is refused before any look-up, and scanners
// for leaked secrets can tell ours from noise. One double click selects it.
package keyfmt

import (
	"fmt"
	"hash/crc32"
	"io"
	"strings"
)

// Kind is what a credential is for, spelled as its prefix.
type Kind string

// The kinds.
const (
	APIKey       Kind = "ks"
	AgentKey     Kind = "ksa"
	SharedSecret Kind = "kss"
	DeviceToken  Kind = "ksd"
)

// Kinds lists every kind.
var Kinds = []Kind{APIKey, AgentKey, SharedSecret, DeviceToken}

// Alphabet is base62 in the order of its digits.
const Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Lengths of the parts, in characters.
const (
	PublicLen = 10
	SecretLen = 32 // 190 bits
	CheckLen  = 6
)

// Parts is a value taken apart.
type Parts struct {
	Kind     Kind
	PublicID string
	Secret   string
}

// Format prints "[secret]", whatever the verb: say [Parts.Hint], or mean [Parts.Value].
func (Parts) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "[secret]") }

// MarshalText gives "[secret]"; loggers and encoders use it.
func (Parts) MarshalText() ([]byte, error) { return []byte("[secret]"), nil }

// Parse takes a value apart. It is not ok where the prefix, a length, a character
// or the checksum is wrong.
func Parse(value string) (p Parts, ok bool) {
	cut := strings.IndexByte(value, '_')
	if cut < 0 || len(value) != cut+1+PublicLen+SecretLen+1+CheckLen {
		return Parts{}, false
	}
	p.Kind = Kind(value[:cut])
	body, check := value[cut+1:len(value)-CheckLen-1], value[len(value)-CheckLen:]
	switch p.Kind {
	case APIKey, AgentKey, SharedSecret, DeviceToken:
	default:
		return Parts{}, false
	}
	if value[len(value)-CheckLen-1] != '_' || !base62(body) {
		return Parts{}, false
	}
	if sum := checksum(value[:len(value)-CheckLen-1]); string(sum[:]) != check {
		return Parts{}, false
	}
	p.PublicID, p.Secret = body[:PublicLen], body[PublicLen:]
	return p, true
}

// Value puts the parts together, with their checksum.
func (p Parts) Value() string {
	head := string(p.Kind) + "_" + p.PublicID + p.Secret
	sum := checksum(head)
	return head + "_" + string(sum[:])
}

// Hint is what may be shown of a value: prefix, public id and the last four of
// the secret.
func (p Parts) Hint() string {
	return string(p.Kind) + "_" + p.PublicID + "…" + p.Secret[len(p.Secret)-4:]
}

func base62(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// checksum goes through the table by itself: package crc32 takes bytes, so that each
// look at a value would leave a copy of it in memory.
func checksum(head string) (digits [CheckLen]byte) {
	sum := ^uint32(0)
	for i := 0; i < len(head); i++ {
		sum = crc32.IEEETable[byte(sum)^head[i]] ^ sum>>8
	}
	sum = ^sum
	for i := CheckLen - 1; i >= 0; i-- {
		digits[i] = Alphabet[sum%62]
		sum /= 62
	}
	return digits
}
