package main

import (
	"errors"
	"io"
	"runtime"
	"testing"
	"time"

	"keystead/server/config"
	"keystead/server/house"
	"keystead/server/sessions"
)

// While a server runs, what hashes has threads besides those of the cores, and no more is
// hashed at a time for that. What an operator or a cgroup set stays.
func TestP58HashingHasThreadsOfItsOwn(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	cores := runtime.NumCPU()
	half := max(1, cores/2)
	for _, c := range []struct{ set, threads, hash int }{
		{cores, cores + half, half},
		{cores + 5, cores + 5, half},
		{max(1, cores-1), max(1, cores-1), max(1, (cores-1)/2)},
	} {
		if c.set == cores && c.threads == cores { // on one core nobody can set less
			continue
		}
		runtime.GOMAXPROCS(c.set)
		threads, hash := threadsOfAServer(t)
		if threads != c.threads || hash != c.hash {
			t.Errorf("on %d cores, set to %d: %d threads and %d that hash; want %d and %d", cores, c.set, threads, hash, c.threads, c.hash)
		}
		if now := runtime.GOMAXPROCS(0); now != c.set {
			t.Errorf("on %d cores, set to %d: %d after the stop", cores, c.set, now)
		}
	}
}

// threadsOfAServer is how many run while one serves, and how many of them may hash.
func threadsOfAServer(t *testing.T) (threads, hash int) {
	t.Helper()
	cfg := config.Default()
	cfg.Data, cfg.Listen = t.TempDir(), "127.0.0.1:0"
	enough := errors.New("enough")
	err := serveHouse(t.Context(), cfg, time.Now, streams{nil, io.Discard, io.Discard}, func(*house.House, string) error {
		threads, hash = runtime.GOMAXPROCS(0), sessions.HashedAtOnce()
		return enough
	})
	if !errors.Is(err, enough) {
		t.Fatal(err)
	}
	return threads, hash
}
