package logbook

import (
	"context"
	"io"
	"log/slog"
	"strconv"
	"time"
)

// Book is a [slog.Handler].
type Book struct {
	text  slog.Handler // for lines that are not plain, and for what is bound to a logger
	bound bool         // to attributes or a group, which text knows
	lines *lines
}

// New is a log of events of at least a level.
func New(to io.Writer, level slog.Level) *Book {
	l := newLines(to)
	return &Book{text: slog.NewTextHandler(l, &slog.HandlerOptions{Level: level}), lines: l}
}

// Flush writes the lines that are still in memory.
func (b *Book) Flush() { b.lines.flush() }

// Enabled reports whether events of a level are kept.
func (b *Book) Enabled(ctx context.Context, level slog.Level) bool {
	return b.text.Enabled(ctx, level)
}

// Handle adds a line.
func (b *Book) Handle(ctx context.Context, r slog.Record) (err error) {
	var room [512]byte
	if line, ok := plain(room[:0], r); ok && !b.bound {
		b.lines.add(line)
	} else {
		err = b.text.Handle(ctx, r)
	}
	if r.Level >= slog.LevelWarn {
		b.Flush()
	}
	return err
}

// Request adds the line of a request, as [Book.Handle] does with a record of it. It is not
// done where a text of it has to be quoted, or attributes are bound to the log.
func (b *Book) Request(at time.Time, id, method, path string, status int, took time.Duration, address string) (done bool) {
	if b.bound || !bare(id) || !bare(method) || !bare(path) || !bare(address) {
		return false
	}
	var room [512]byte
	line := append(stamp(append(room[:0], "time="...), at), " level=INFO msg=request request_id="...)
	line = append(append(line, id...), " method="...)
	line = append(append(line, method...), " path="...)
	line = append(append(line, path...), " status="...)
	line = append(strconv.AppendInt(line, int64(status), 10), " took_us="...)
	line = append(strconv.AppendInt(line, took.Microseconds(), 10), " address="...)
	b.lines.add(append(append(line, address...), '\n'))
	return true
}

// WithAttrs is the log with attributes on every line.
func (b *Book) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &Book{text: b.text.WithAttrs(attrs), bound: true, lines: b.lines}
}

// WithGroup is the log with a name before those of all attributes.
func (b *Book) WithGroup(name string) slog.Handler {
	return &Book{text: b.text.WithGroup(name), bound: true, lines: b.lines}
}
