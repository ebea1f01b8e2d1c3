package db_test

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"keystead/server/db"
)

// busy has the writer at work until it is let go.
func busy(t *testing.T, d *db.DB) (letGo func()) {
	t.Helper()
	begun, ready, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- d.Note(context.Background(), func(*db.Tx) error { close(begun); <-ready; return nil })
	}()
	<-begun
	return func() {
		close(ready)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// waits hands in an act that is never to be done, and answers what its caller hears.
func waits(t *testing.T, ctx context.Context, d *db.DB) <-chan error {
	t.Helper()
	heard := make(chan error)
	go func() {
		heard <- d.Write(ctx, func(*db.Tx) error { t.Error("it was done"); return nil })
	}()
	for d.Waiting() == 0 {
		runtime.Gosched()
	}
	return heard
}

func TestWhoGivesUpWhileTheWriterIsBusyHearsAtOnce(t *testing.T) {
	d := open(t)
	letGo := busy(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	heard := waits(t, ctx, d)
	cancel()
	if err := <-heard; !errors.Is(err, context.Canceled) {
		t.Errorf("it heard %v", err)
	}
	letGo()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return insert(tx, "next") }); err != nil {
		t.Error(err)
	}
	if n := d.Waiting(); n != 0 {
		t.Errorf("%d acts wait", n)
	}
}

func TestWhoWaitsWhenTheDatabaseClosesHearsAtOnce(t *testing.T) {
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "k.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	letGo := busy(t, d)
	heard := waits(t, t.Context(), d)
	closed := make(chan error)
	go func() { closed <- d.Close() }()
	if err := <-heard; !errors.Is(err, sql.ErrConnDone) {
		t.Errorf("it heard %v", err)
	}
	letGo()
	if err := <-closed; err != nil {
		t.Error(err)
	}
}
