package remote

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// span is a length of time as a flag: what [time.ParseDuration] reads, or days ("90d").
type span time.Duration

// String is the span without a value, for package flag.
func (s *span) String() string { return "" }

// Set reads the span.
func (s *span) Set(text string) error {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n <= 0 || n > 36500 {
			return errSpan
		}
		*s = span(time.Duration(n) * 24 * time.Hour)
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 {
		return errSpan
	}
	*s = span(d)
	return nil
}

var errSpan = errors.New("a length of time is such as 90d, 12h or 30m")
