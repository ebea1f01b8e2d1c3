package api

import (
	"fmt"
	"io"
)

// redacted is what every printer and encoder makes of a [Secret].
const redacted = "[secret]"

// Secret is a value that must not be seen by accident: a password, a key, a
// token. It prints as "[secret]" in every verb and encoder. The server's rest
// package writes the value itself, into the answers that may hold one.
type Secret struct {
	_     [0]func() // no ==: it would take as long as two values agree
	value *string   // package fmt asks no method of an unexported member, and prints addresses
}

// Hide wraps a value.
func Hide(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{value: &value}
}

// Reveal is the value. Who holds it also drops it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Empty reports whether there is no value.
func (s Secret) Empty() bool { return s.value == nil }

// Format prints "[secret]", whatever the verb.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String is "[secret]".
func (s Secret) String() string { return redacted }

// MarshalText gives "[secret]"; text loggers use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON gives "[secret]".
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// UnmarshalText reads the value; decoders of JSON take it from a string only.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = Hide(string(text))
	return nil
}
