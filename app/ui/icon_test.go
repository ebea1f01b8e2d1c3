package ui

import "testing"

func TestEveryDrawingIsAPath(t *testing.T) {
	if len(drawings) == 0 {
		t.Fatal("no drawings")
	}
	seen := map[string]Icon{}
	for icon, d := range drawings {
		if len(d) < 5 || d[0] != 'M' {
			t.Errorf("icon %q: path %q", icon, d)
		}
		// A screen and a monitor may look alike; anything else is a slip.
		if other, ok := seen[d]; ok && icon != IconMonitor && other != IconMonitor {
			t.Errorf("icons %q and %q look the same", icon, other)
		}
		seen[d] = icon
	}
}
