package logbook

import (
	"log/slog"
	"strconv"
	"time"
)

// plain appends the line of a record as TextHandler would write it, in a third of the
// time. It does texts and numbers only; any other record is not ok.
func plain(b []byte, r slog.Record) (line []byte, ok bool) {
	if r.Time.IsZero() {
		return b, false
	}
	b = stamp(append(b, "time="...), r.Time)
	b = append(append(b, " level="...), r.Level.String()...)
	b, ok = text(append(b, " msg="...), r.Message)
	r.Attrs(func(a slog.Attr) bool {
		if ok = ok && bare(a.Key); !ok {
			return false
		}
		b = append(append(append(b, ' '), a.Key...), '=')
		switch a.Value.Kind() {
		case slog.KindString:
			b, ok = text(b, a.Value.String())
		case slog.KindInt64:
			b = strconv.AppendInt(b, a.Value.Int64(), 10)
		default:
			ok = false
		}
		return ok
	})
	return append(b, '\n'), ok
}

// stamp appends a time with its milliseconds, all three of them: RFC3339Nano drops
// zeros at the end, and is much faster than any other layout. So a tenth of one is
// added, and its digit taken out again.
func stamp(b []byte, t time.Time) []byte {
	const prefix = len("2006-01-02T15:04:05.000")
	start := len(b)
	b = t.Truncate(time.Millisecond).Add(time.Millisecond/10).AppendFormat(b, time.RFC3339Nano)
	return append(b[:start+prefix], b[start+prefix+1:]...)
}

// text appends a value that needs no quotes.
func text(b []byte, s string) ([]byte, bool) { return append(b, s...), bare(s) }

// bare reports whether a text stands in a line as it is: printable ASCII without a blank,
// a quote or an equals sign, not empty.
func bare(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c > '~' || c == '"' || c == '=' {
			return false
		}
	}
	return s != ""
}
