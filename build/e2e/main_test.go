package e2e_test

import (
	"fmt"
	"os"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
)

// chromium is the browser of all tests.
var chromium *browser.Browser

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	if _, err := binary.Path(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var err error
	if chromium, err = browser.Launch(""); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer func() { _ = chromium.Close() }()
	return m.Run()
}
