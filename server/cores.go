package main

import (
	"os"
	"runtime"
)

// makeWay has Go run as many threads more than there are cores as passwords are hashed at
// that moment. Without them a hash has one of the cores to itself for as long as it takes,
// and everyone else the others; with them the kernel shares all of the cores between the
// threads: on two, verify of one of a million keys keeps 0.55 of its rate while sign-ins
// are tried without end, not 0.46, and its tail is half as long. All the time they would
// cost everyone else a fifteenth.
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
	return func(now int) {
		if now == 0 {
			runtime.SetDefaultGOMAXPROCS() // and Go follows a quota again
			return
		}
		runtime.GOMAXPROCS(cores + now)
	}
}
