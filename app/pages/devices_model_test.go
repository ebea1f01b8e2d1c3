package pages

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/shared/api"
)

func TestADeviceListIsReadFromItsAddress(t *testing.T) {
	got := deviceList(deviceRules.read(map[string][]string{
		"sort": {api.SortLastCheckIn}, "order": {api.Descending}, "q": {"web"}, "old_key": {"true"}, "agent_key_version": {"3"}, "limit": {"50"},
	}))
	want := api.DeviceList{
		List:   api.List{Page: 1, Limit: 50, Sort: api.SortLastCheckIn, Order: api.Descending, Q: "web"},
		OldKey: true, AgentKeyVersion: 3,
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := deviceList(oldKeysQuery()); !got.OldKey {
		t.Errorf("%+v", got)
	}
}

// Who only sees devices has no column without anything in it.
func TestEachColumnOfDevicesHasItsCell(t *testing.T) {
	for _, may := range []bool{true, false} {
		row := &deviceRow{Page: &Devices{}, Device: api.Device{ID: 3, Hostname: "web-1"}, MayDelete: may}
		text := app.HTMLString(row.Render())
		if cells, columns := strings.Count(text, "<td"), len(deviceColumns(may)); cells != columns || strings.Contains(text, "device-delete-3") != may {
			t.Errorf("may delete: %v: %d cells in %d columns:\n%s", may, cells, columns, text)
		}
	}
}

func TestFocusAfterADeviceIsDeleted(t *testing.T) {
	rows := []api.Device{{ID: 3}, {ID: 5}, {ID: 7}}
	for id, want := range map[api.DeviceID]api.DeviceID{3: 5, 5: 7, 7: 5} {
		if got, ok := deviceAfter(rows, id); !ok || got != want {
			t.Errorf("after %d: %d, want %d", id, got, want)
		}
	}
	if _, ok := deviceAfter(rows[:1], 3); ok {
		t.Error("nothing comes after the only row")
	}
	if left := devicesWithout(rows, 5); len(left) != 2 || left[1].ID != 7 {
		t.Errorf("%v", left)
	}
}

func TestTheLinesThatEnrollAreShellAndHoldNoSecret(t *testing.T) {
	lines := enrollLines("https://keys.example")
	if n := strings.Count(lines, "\n"); n != 1 {
		t.Errorf("%d lines", n+1)
	}
	if !strings.Contains(lines, "https://keys.example/v1/agent/enroll") || !strings.Contains(lines, "Bearer $AGENT_KEY") {
		t.Error(lines)
	}
	if out, err := exec.Command("sh", "-n", "-c", lines).CombinedOutput(); err != nil {
		t.Errorf("sh: %v %s", err, out)
	}
}

func TestOldKeysAreCounted(t *testing.T) {
	for n, want := range map[int]string{1: "1 device uses the old agent access key.", 1200: "1,200 devices use the old agent access key."} {
		if got := oldKeysTitle(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
