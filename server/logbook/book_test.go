package logbook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keystead/server/logbook"
)

// sink keeps what is written and tells of each write.
type sink struct {
	mu     sync.Mutex
	text   bytes.Buffer
	writes int
	wrote  chan struct{}
}

func newSink() *sink { return &sink{wrote: make(chan struct{}, 1)} }

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
	select {
	case s.wrote <- struct{}{}:
	default:
	}
	return s.text.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// The lines are TextHandler's, whichever way they are made.
func TestLinesAreThoseOfSlog(t *testing.T) {
	zone := time.FixedZone("", -3*3600-1800)
	at := time.Date(2026, 5, 4, 12, 0, 0, 120_000_000, time.UTC)
	attrs := [][]slog.Attr{
		nil,
		{slog.String("method", "POST"), slog.Int("status", 200), slog.Int64("took_us", -1)},
		{slog.String("a", "1"), slog.String("b", "2"), slog.String("c", "3"), slog.String("d", "4"), slog.String("e", "5"), slog.String("f", "6"), slog.String("g", "7")},
		{slog.String("empty", ""), slog.String("path", "/a b")},
		{slog.String("path", `/a"b`)}, {slog.String("path", "/a=b")}, {slog.String("path", `/a\b`)}, {slog.String("path", "/ä")},
		{slog.String("path", "a\nlevel=ERROR")}, {slog.String("path", "\x7f")}, {slog.String("path", "\xff")},
		{slog.String("a key", "v")}, {slog.String("", "v")}, {slog.String("k=", "v")}, {{}},
		{slog.Bool("b", true), slog.Duration("d", time.Second), slog.Time("t", at), slog.Float64("f", 0.5), slog.Uint64("u", 7)},
		{slog.Any("err", errors.New("a cause")), slog.Any("nil", nil), slog.Any("bytes", []byte("b c"))},
		{slog.Group("g", slog.Int("n", 1), slog.Group("h", slog.String("s", "x y"))), slog.Group("none")},
	}
	for _, when := range []time.Time{at, at.In(zone), at.Truncate(time.Second), at.Add(999_999), {}} {
		for _, message := range []string{"request", "request failed", ""} {
			for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError, slog.LevelInfo + 1} {
				for _, list := range attrs {
					record := slog.NewRecord(when, level, message, 0)
					record.AddAttrs(list...)
					sameLine(t, record, func(h slog.Handler) slog.Handler { return h })
					sameLine(t, record, func(h slog.Handler) slog.Handler { return h.WithAttrs(attrs[1]) })
					sameLine(t, record, func(h slog.Handler) slog.Handler { return h.WithGroup("g").WithAttrs(attrs[1]).WithGroup("h") })
				}
			}
		}
	}
}

func sameLine(t *testing.T, record slog.Record, bind func(slog.Handler) slog.Handler) {
	t.Helper()
	ctx := context.Background()
	var want bytes.Buffer
	theirs := bind(slog.NewTextHandler(&want, nil))
	got := newSink()
	book := logbook.New(got, slog.LevelInfo)
	ours := bind(book)
	if theirs.Enabled(ctx, record.Level) != ours.Enabled(ctx, record.Level) {
		t.Errorf("%s: enabled is %t", record.Level, ours.Enabled(ctx, record.Level))
	}
	if err := errors.Join(theirs.Handle(ctx, record), ours.Handle(ctx, record)); err != nil {
		t.Fatal(err)
	}
	book.Flush()
	if got.String() != want.String() {
		t.Errorf("%q, slog %q", got.String(), want.String())
	}
}

// The shorter way of a request's line gives the same line, or none.
func TestARequestsLineIsThatOfSlog(t *testing.T) {
	at := time.Date(2026, 5, 4, 12, 0, 0, 7_000_000, time.FixedZone("", 5400))
	for i, c := range []struct {
		id, method, path, address string
		short                     bool
	}{
		{"0a1b", "POST", "/v1/keys/verify", "192.0.2.1", true}, {"0a1b", "GET", "/", "2001:db8::1", true},
		{"0a1b", "GET", "/a b", "192.0.2.1", false}, {"0a1b", "GET", "/a=b", "192.0.2.1", false}, {"0a1b", "GET", "/é", "192.0.2.1", false},
		{"0a1b", "GET", "/", "", false}, {"0a\n1b", "GET", "/", "192.0.2.1", false}, {"0a1b", "G T", "/", "192.0.2.1", false},
	} {
		when := at.Add(time.Duration(i) * 333 * time.Millisecond)
		var want bytes.Buffer
		record := slog.NewRecord(when, slog.LevelInfo, "request", 0)
		record.AddAttrs(slog.String("request_id", c.id), slog.String("method", c.method), slog.String("path", c.path),
			slog.Int("status", 200), slog.Int64("took_us", 1500), slog.String("address", c.address))
		if err := slog.NewTextHandler(&want, nil).Handle(context.Background(), record); err != nil {
			t.Fatal(err)
		}
		got := newSink()
		book := logbook.New(got, slog.LevelInfo)
		if short := book.Request(when, c.id, c.method, c.path, 200, 1500*time.Microsecond, c.address); short != c.short {
			t.Errorf("%v: gone %v", c, short)
		}
		book.Flush()
		if c.short && got.String() != want.String() || !c.short && got.String() != "" {
			t.Errorf("%q, slog %q", got.String(), want.String())
		}
		bound := book.WithAttrs([]slog.Attr{slog.String("a", "b")}).(*logbook.Book)
		if bound.Request(when, "1", "GET", "/", 200, 0, "192.0.2.1") {
			t.Error("a bound log forgot what is bound to it")
		}
	}
}

func TestALineAfterAQuietMomentIsOutAtOnce(t *testing.T) {
	out := newSink()
	slog.New(logbook.New(out, slog.LevelInfo)).Info("first")
	if !strings.Contains(out.String(), "msg=first\n") {
		t.Errorf("%q", out.String())
	}
}

func TestAWarningIsOutAtOnceWithAllBeforeIt(t *testing.T) {
	out := newSink()
	log := slog.New(logbook.New(out, slog.LevelInfo))
	var want string
	for i := range 50 {
		log.Info("request", "n", i)
		want += fmt.Sprintf("msg=request n=%d\n", i)
	}
	log.Warn("careful")
	if got := withoutTimes(out.String()); got != want+"msg=careful\n" {
		t.Errorf("%q", got)
	}
}

// withoutTimes leaves out what each line begins with.
func withoutTimes(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		_, rest, _ := strings.Cut(line, "msg=")
		b.WriteString("msg=" + rest)
	}
	return b.String()
}

// Lines that are held back come out by themselves: nobody has to write another one.
func TestHeldLinesComeOut(t *testing.T) {
	out := newSink()
	log := slog.New(logbook.New(out, slog.LevelInfo))
	log.Info("first")
	log.Info("last")
	for !strings.Contains(out.String(), "msg=last\n") {
		select {
		case <-out.wrote:
		case <-t.Context().Done():
			t.Fatal(out.String())
		}
	}
}

// breaks is a sink that panics at its second write.
type breaks struct {
	sink
	broke chan struct{}
}

func (b *breaks) Write(p []byte) (int, error) {
	n, err := b.sink.Write(p)
	if b.writes == 2 {
		close(b.broke)
		panic("no more room")
	}
	return n, err
}

// The late write is in a goroutine that nobody is above.
func TestP43ALateWriteThatPanicsEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := &breaks{sink: sink{wrote: make(chan struct{}, 1)}, broke: make(chan struct{})}
		log := slog.New(logbook.New(out, slog.LevelInfo))
		log.Info("first")
		log.Info("held") // at the same time, here
		<-out.broke
		log.Warn("last")
		if got := withoutTimes(out.String()); !strings.HasPrefix(got, "msg=first\n") || !strings.HasSuffix(got, "msg=held\nmsg=last\n") {
			t.Errorf("%q", got)
		}
	})
}

func TestBusyLinesShareWritesAndNoneIsLostOrCut(t *testing.T) {
	const writers, each = 8, 5000
	out := newSink()
	book := logbook.New(out, slog.LevelInfo)
	log := slog.New(book)
	var wait sync.WaitGroup
	for w := range writers {
		wait.Go(func() {
			for i := range each {
				log.Info("request", "from", w, "n", i, "path", "/v1/keys/verify")
			}
		})
	}
	wait.Wait()
	book.Flush()
	next := map[int]int{}
	for line := range strings.Lines(withoutTimes(out.String())) {
		var w, n int
		if _, err := fmt.Sscanf(line, "msg=request from=%d n=%d path=/v1/keys/verify\n", &w, &n); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if n != next[w] {
			t.Fatalf("%d of %d came where %d was due", n, w, next[w])
		}
		next[w]++
	}
	for w := range writers {
		if next[w] != each {
			t.Errorf("%d lines of %d", next[w], w)
		}
	}
	if out.writes > writers*each/10 {
		t.Errorf("%d writes", out.writes)
	}
}

func TestARequestsLineCostsNoMemory(t *testing.T) {
	book := logbook.New(newSink(), slog.LevelInfo)
	record := slog.NewRecord(time.Now(), slog.LevelInfo, "request", 0)
	record.AddAttrs(slog.String("request_id", "0123456789abcdef"), slog.String("method", "POST"), slog.String("path", "/v1/keys/verify"),
		slog.Int("status", 200), slog.Int64("took_us", 12), slog.String("address", "192.0.2.7"))
	if n := testing.AllocsPerRun(1000, func() { _ = book.Handle(context.Background(), record) }); n > 0.5 { // the sink grows now and then
		t.Errorf("%v allocations", n)
	}
}
