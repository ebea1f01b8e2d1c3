package testkit

import (
	"testing"

	"go.uber.org/goleak"
)

// Main runs the tests of a package and fails them where a goroutine is left at their end:
// of an installation that was closed none may be.
func Main(m *testing.M) {
	goleak.VerifyTestMain(m,
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.updateServerDate.func1"),    // runs for ever
		goleak.IgnoreAnyFunction("github.com/valyala/fasthttp.(*workerPool).Start.func2"), // sleeps up to 10 s before it sees the stop
	)
}
