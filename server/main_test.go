package main

import (
	"testing"

	"keystead/server/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
