package e2e_test

import (
	"os/exec"
	"testing"
)

// TestTheSystemdUnitIsHardened has systemd rate what the unit leaves open: 0 is
// nothing, 100 everything.
func TestTheSystemdUnitIsHardened(t *testing.T) {
	out, err := exec.Command("systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20", "../keystead.service").CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := exec.Command("systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=1", "../keystead.service").CombinedOutput(); err == nil {
		t.Error("the rating passes whatever the threshold")
	}
}
