package worker_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"keystead/server/worker"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// book is a log that many may write.
type book struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *book) Write(p []byte) (int, error) { b.mu.Lock(); defer b.mu.Unlock(); return b.text.Write(p) }

func (b *book) String() string { b.mu.Lock(); defer b.mu.Unlock(); return b.text.String() }

// A worker whose rounds panic a thousand times goes on, and says so once, without what
// it held.
func TestP43AWorkerOutlivesItsPanics(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log book
		rounds := 0
		w := worker.Every(time.Second, "count", slog.New(slog.NewTextHandler(&log, nil)), func(context.Context) error {
			if rounds++; rounds <= 1000 {
				panic("boom ks_7Hq2mVbT9xKc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x_000000")
			}
			return nil
		})
		time.Sleep(1500 * time.Second)
		w.End()
		if rounds != 1499 && rounds != 1500 {
			t.Errorf("%d rounds", rounds)
		}
		said := log.String()
		if n := strings.Count(said, "it is tried again"); n != 1 {
			t.Errorf("it says so %d times", n)
		}
		if n := strings.Count(said, "msg=panic"); n != 1000 || !strings.Contains(said, "boom [secret]") || strings.Contains(said, "ks_7Hq2") {
			t.Errorf("%d panics in the log: %.600s", n, said)
		}
	})
}

// What fails is logged where it begins to, and again after it was well.
func TestFailuresAreLoggedOnceEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log book
		rounds := 0
		w := worker.Every(time.Second, "write", slog.New(slog.NewTextHandler(&log, nil)), func(context.Context) error {
			if rounds++; rounds%10 < 5 {
				return errors.New("the disk is full")
			}
			return nil
		})
		time.Sleep(30*time.Second + time.Millisecond)
		w.End()
		if n := strings.Count(log.String(), "the disk is full"); n != 4 { // rounds 1, 10, 20 and 30
			t.Errorf("%d lines:\n%s", n, log.String())
		}
	})
}

func TestEndWaitsForTheRoundUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		done := false
		w := worker.Every(time.Second, "sleep", slog.New(slog.DiscardHandler), func(context.Context) error {
			time.Sleep(time.Minute)
			done = true
			return nil
		})
		time.Sleep(2 * time.Second)
		w.End()
		if !done {
			t.Error("it did not wait")
		}
	})
}

func TestSafelyHandsOn(t *testing.T) {
	log := slog.New(slog.DiscardHandler)
	want := errors.New("no")
	if err := worker.Safely(log, "x", func() error { return want }); !errors.Is(err, want) {
		t.Error(err)
	}
	if err := worker.Safely(log, "x", func() error { return nil }); err != nil {
		t.Error(err)
	}
	if err := worker.Safely(log, "x", func() error { panic("boom") }); err == nil || strings.Contains(err.Error(), "boom") {
		t.Error(err)
	}
}
