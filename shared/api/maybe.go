package api

import (
	"bytes"
	"encoding/json"
	"time"
)

// Maybe is a member of a request that may be absent, null or a value, where the
// three mean different things: an absent expiry takes the default, null asks for
// none. Members of this type carry the tag "omitzero".
type Maybe[T any] struct {
	Set   bool
	Value *T
}

// Just is a member that holds v.
func Just[T any](v T) Maybe[T] { return Maybe[T]{Set: true, Value: &v} }

// Null is a member that is null.
func Null[T any]() Maybe[T] { return Maybe[T]{Set: true} }

// MarshalJSON writes the value or null.
func (m Maybe[T]) MarshalJSON() ([]byte, error) { return json.Marshal(m.Value) }

// UnmarshalJSON notes that the member was there, and its value unless null. Times are
// read by [ParseTime].
func (m *Maybe[T]) UnmarshalJSON(data []byte) error {
	m.Set, m.Value = true, nil
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	m.Value = new(T)
	if at, ok := any(m.Value).(*time.Time); ok {
		var err error
		*at, err = readTime(data)
		return err
	}
	return json.Unmarshal(data, m.Value)
}
