package main

import (
	"os"
	"runtime"
)

// spare is how many threads Go runs besides those of the cores: one for the writer, which
// is in SQLite's C or waits for the disk, while Go takes it for busy until it looks again.
// With a second one, for the checkpoint, verify would keep 0.5 of its rate while sign-ins
// are tried without end, not 0.65.
const spare = 1

// makeWay has Go run that thread, and as many more as passwords are hashed at
// that moment. Without them a hash has one of the cores to itself for as long as it takes,
// and everyone else the others; with them the kernel shares all of the cores between the
// threads: on two, verify of one of a million keys keeps 0.55 of its rate while sign-ins
// are tried without end, not 0.46, and its tail is half as long.
//
// It would take a priority to put hashing last. A thread has one, but none does the
// hashing: golang.org/x/crypto/argon2 starts goroutines of its own, and Go runs them on
// whichever comes.
//
// Where a cgroup or an operator says how many threads run, it stays at that: what goes
// beyond a quota is stopped altogether until the next period.
func makeWay() (hashed func(now int)) {
	cores := runtime.NumCPU()
	if os.Getenv("GOMAXPROCS") != "" || runtime.GOMAXPROCS(0) != cores {
		return func(int) {}
	}
	hashed = func(now int) {
		if now == 0 {
			if runtime.SetDefaultGOMAXPROCS(); runtime.GOMAXPROCS(0) != cores {
				return // there is a quota by now
			}
		}
		runtime.GOMAXPROCS(cores + spare + now)
	}
	hashed(0)
	return hashed
}
