package house_test

import (
	"testing"

	"keystead/server/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
