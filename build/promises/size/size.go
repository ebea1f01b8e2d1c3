// Package size lets the test of a promise run at two sizes: a small one at every push,
// and that of the promise where there is time for it (SIZE=full, as in "make soak").
// Whatever it says goes to the table of "make promises":
//
//	images := size.Of(t, 300, 50_000, "images")
package size

import (
	"fmt"
	"os"
	"testing"
)

// Full reports whether tests run at the size of their promise.
func Full() bool { return os.Getenv("SIZE") == "full" }

// Of is how many of something the test takes on.
func Of(t testing.TB, small, full int, what string) int {
	t.Helper()
	n := small
	if Full() {
		n = full
	}
	Ran(t, n, what)
	return n
}

// Step is the step by which a test walks over all cases: one by one at full size.
func Step(small int) int {
	if Full() {
		return 1
	}
	return small
}

// Ran notes the size of a test that has but one, or finds it out.
func Ran(t testing.TB, n int, what string) {
	t.Helper()
	t.Attr("size", fmt.Sprintf("%d %s", n, what))
}
