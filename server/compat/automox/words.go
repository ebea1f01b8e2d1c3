package automox

import (
	"encoding/json"
	"errors"
	"strings"
	"time"

	"keystead/shared/fault"
)

// The two spellings of a date: offsets of global keys have a colon, all others none.
const (
	plain  = "2006-01-02T15:04:05-0700"
	colons = "2006-01-02T15:04:05-07:00"
)

func date(at time.Time) string { return at.UTC().Format(plain) }

func dateOrNull(at *time.Time) *string { return spelled(at, plain) }

func spelled(at *time.Time, layout string) *string {
	if at == nil {
		return nil
	}
	text := at.UTC().Format(layout)
	return &text
}

// ParseDate reads the spellings that clients send: an offset as Z, +0000 or +00:00, or
// none, which means UTC; with a fraction of a second or without.
func ParseDate(text string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at.UTC(), nil
		}
	}
	return time.Time{}, fault.At("expires_at", fault.BadRequest, "A date and time is expected, such as 2027-01-01T00:00:00+0000.")
}

// Flag is a boolean that also comes as a text: scripts send "False".
type Flag bool

// UnmarshalJSON reads true, false, and both in quotation marks in any case.
func (f *Flag) UnmarshalJSON(data []byte) error {
	var word string
	if json.Unmarshal(data, &word) != nil {
		return json.Unmarshal(data, (*bool)(f))
	}
	switch strings.ToLower(word) {
	case "true":
		*f = true
	case "false":
		*f = false
	default:
		return errors.New("neither true nor false")
	}
	return nil
}
