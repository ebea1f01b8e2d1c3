package api

import (
	"encoding/json"
	"strings"
	"time"

	"keystead/shared/fault"
)

// ParseTime reads a date and time of RFC 3339, whose T and Z may be in lower case.
// Package time takes more than that: an hour of one digit, a comma before the fraction,
// an offset of a day and longer (golang.org/issue/54580). Fault: invalid_value.
func ParseTime(text string) (time.Time, error) {
	text = strings.ToUpper(text)
	at, err := time.Parse(time.RFC3339, text)
	const hour, fraction, offset = len("2006-01-02T15"), len("2006-01-02T15:04:05"), len("07:00")
	if err != nil || text[hour] != ':' || text[fraction] == ',' ||
		text[len(text)-1] != 'Z' && (text[len(text)-offset:] >= "24" || text[len(text)-offset+3:] >= "60") {
		return time.Time{}, fault.New(fault.InvalidValue, "A date and time is expected as in RFC 3339, such as 2027-01-31T12:00:00Z.")
	}
	return at, nil
}

// readTime reads a member that is one.
func readTime(data []byte) (time.Time, error) {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return time.Time{}, err
	}
	return ParseTime(text)
}
