package rekey_test

import (
	"os"
	"testing"

	"keystead/server/testkit"
)

func TestMain(m *testing.M) {
	if data := os.Getenv(victim); data != "" {
		rotateUntilKilled(data)
	}
	testkit.Main(m)
}
