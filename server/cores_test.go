package main

import (
	"errors"
	"io"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"keystead/server/config"
	"keystead/server/house"
	"keystead/server/sessions"
	"keystead/shared/api"
)

// While a server hashes a password, that has a thread besides those of the cores, and
// none before or after.
func TestP58HashingHasAThreadOfItsOwn(t *testing.T) {
	cores := runtime.NumCPU()
	if runtime.SetDefaultGOMAXPROCS(); runtime.GOMAXPROCS(0) != cores || os.Getenv("GOMAXPROCS") != "" {
		t.Skip("here somebody else says how many threads run")
	}
	cfg := config.Default()
	cfg.Data, cfg.Listen = t.TempDir(), "127.0.0.1:0"
	enough := errors.New("enough")
	err := serveHouse(t.Context(), cfg, time.Now, streams{nil, io.Discard, io.Discard}, func(h *house.House, _ string) error {
		if now := runtime.GOMAXPROCS(0); now != cores {
			t.Errorf("%d threads on %d cores before anything is hashed", now, cores)
		}
		done := make(chan error)
		go func() {
			_, err := h.Sessions.SignIn(t.Context(), api.SignIn{Email: "nobody@example.com", Password: api.Hide("orbit lantern quarry 52")}, sessions.Visit{Address: "192.0.2.1"})
			done <- err
		}()
		most := 0
		for {
			select {
			case err := <-done:
				if err == nil {
					t.Error("nobody has signed in")
				}
				if now := runtime.GOMAXPROCS(0); most != cores+1 || now != cores {
					t.Errorf("on %d cores: %d threads while it was hashed, %d after it", cores, most, now)
				}
				return enough
			default:
				most = max(most, runtime.GOMAXPROCS(0))
				runtime.Gosched()
			}
		}
	})
	if !errors.Is(err, enough) {
		t.Fatal(err)
	}
}

// What an operator or a cgroup set stays.
func TestHashingLeavesTheThreadsThatWereSet(t *testing.T) {
	defer runtime.SetDefaultGOMAXPROCS()
	stays := func(set int) {
		t.Helper()
		hashed := makeWay()
		for _, n := range []int{1, 2, 1, 0} {
			if hashed(n); runtime.GOMAXPROCS(0) != set {
				t.Errorf("set to %d, while %d are hashed %d", set, n, runtime.GOMAXPROCS(0))
			}
		}
	}
	for _, set := range []int{runtime.NumCPU() + 5, max(1, runtime.NumCPU()-1)} {
		if set == runtime.NumCPU() {
			continue // on one core nobody can set less
		}
		runtime.GOMAXPROCS(set)
		stays(set)
	}
	t.Setenv("GOMAXPROCS", strconv.Itoa(runtime.NumCPU())) // whatever a quota says
	runtime.GOMAXPROCS(runtime.NumCPU())
	stays(runtime.NumCPU())
}
