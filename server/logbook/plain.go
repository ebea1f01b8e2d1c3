package logbook

import (
	"log/slog"
	"strconv"
	"sync/atomic"
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

// second is the beginning of a line within one second, and what stands behind the
// milliseconds.
type second struct {
	unix     int64
	zone     *time.Location
	from, to string
}

// current is the last second that was written out: most lines are of the same.
var current atomic.Pointer[second]

// stamp appends a time as TextHandler does: RFC 3339 with three digits of a second.
func stamp(b []byte, t time.Time) []byte {
	s := current.Load()
	if s == nil || s.unix != t.Unix() || s.zone != t.Location() {
		s = &second{t.Unix(), t.Location(), t.Format("2006-01-02T15:04:05."), t.Format("Z07:00")}
		current.Store(s)
	}
	millis := t.Nanosecond() / int(time.Millisecond)
	b = append(append(b, s.from...), byte('0'+millis/100), byte('0'+millis/10%10), byte('0'+millis%10))
	return append(b, s.to...)
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
