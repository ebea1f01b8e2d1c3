package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
)

const devicesScreen = "/settings/devices"

// agentKey is the value of the agent access key, as its reader gets it.
func (d desk) agentKey() api.Secret {
	d.t.Helper()
	path := api.PathSecretReveal(d.admin.Org().ID, api.AgentKey)
	return binary.Post[api.Revealed](d.admin, path, binary.JSON{}, http.StatusOK).Value
}

// enroll adds a machine.
func (d desk) enroll(key api.Secret, hostname string) api.Enrolled {
	d.t.Helper()
	machine := binary.JSON{"hostname": hostname, "os": "Debian GNU/Linux 13", "agent_version": "1.4.2"}
	return binary.Post[api.Enrolled](d.server.Bearer(key), api.PathAgentEnroll, machine, http.StatusCreated)
}

func TestDevicesScreen(t *testing.T) {
	t.Parallel()
	d := open(t, devicesScreen)
	d.Shows("No devices yet")
	clipboard := d.Clipboard()
	d.Click(browser.Button("Copy the two lines"))
	d.Shows("Copied the two lines.")
	if lines := clipboard.Text(); !strings.Contains(lines, d.server.Site()+api.PathAgentEnroll) || !strings.Contains(lines, "$AGENT_KEY") {
		t.Errorf("copied %q", lines)
	}
	d.Look("devices-empty")

	key := d.agentKey()
	d.enroll(key, "web-01")
	token := d.enroll(key, "web-02").Token
	d.server.Bearer(token).Send(http.MethodPost, api.PathAgentCheckIn, nil).Is(200)
	binary.Post[api.AddedOrgSecret](d.admin, api.PathSecretRotate(d.admin.Org().ID, api.AgentKey), binary.JSON{"overlap_seconds": 3600}, http.StatusOK)
	d.enroll(key, "old-installer")
	d.Reload()
	d.drawn()
	d.lists("old-installer", "web-01", "web-02")
	d.Shows("1 device uses the old agent access key.")
	if row := d.row("old-installer"); !strings.Contains(row, "Uses the old agent access key") || !strings.Contains(row, "Never") {
		t.Errorf("the row says %q", row)
	}
	if row := d.row("web-02"); !strings.Contains(row, "just now") || !strings.Contains(row, "1.4.2") {
		t.Errorf("the row says %q", row)
	}
	d.Look("devices")
	d.Click(browser.Button("Show it"))
	d.lists("old-installer")
	d.At(devicesScreen + "?old_key=true")
	d.Click(browser.Button("Show all devices"))
	d.lists("old-installer", "web-01", "web-02")
	d.Type(browser.Search("Search devices"), "web 02")
	d.lists("web-02")
	d.Type(browser.Search("Search devices"), "nowhere")
	d.Shows("No device matches")
	d.Look("devices-none")
	d.Click(browser.Button("Show all"))
	d.Click(browser.Button("Hostname"))
	d.lists("web-02", "web-01", "old-installer")

	d.Click(browser.Button("Enroll a device"))
	d.Find(browser.Dialog("Enroll a device"))
	d.Look("devices-enroll")
	d.Press(browser.Escape)
	d.Click(browser.Button("Delete " + called("web-02")))
	d.Find(browser.Dialog("Delete " + called("web-02") + "?"))
	d.Look("device-delete")
	d.Click(browser.Button("Delete device"))
	d.Shows("Deleted " + called("web-02"))
	d.lists("web-01", "old-installer")
	d.Until("the focus on the next row", `document.activeElement?.innerText.includes("web-01")`)
	d.server.Bearer(token).Send(http.MethodPost, api.PathAgentCheckIn, nil).Is(401)
}

// The two lines do what they say, in a real shell.
func TestTheTwoLinesEnroll(t *testing.T) {
	t.Parallel()
	d := open(t, devicesScreen)
	d.Shows("No devices yet")
	lines := d.Text(".example pre")
	out := shell(t, lines, "AGENT_KEY="+d.agentKey().Reveal())
	if !strings.Contains(out, `"last_check_in_at":"2`) {
		t.Errorf("the check-in answers %s", out)
	}
}

func TestWhoMayNotSeeDevicesIsTold(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.server.AddUser("vera@example.com", "Verifier", binary.OrgShort)
	d.enter(d.server.SignIn("vera@example.com"))
	d.visit(devicesScreen)
	d.Shows("Not yours to see")
	if d.Count(browser.Link("Devices")) != 0 || d.Count(browser.Link("Audit log")) != 0 {
		t.Error("the navigation offers what may not be opened")
	}
}
