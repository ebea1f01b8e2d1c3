package pages

import (
	"net/url"

	"keystead/app/ui"
	"keystead/shared/api"
)

// deviceAfter is the device whose row takes the focus once id is gone: the next, else
// the one before.
func deviceAfter(rows []api.Device, id api.DeviceID) (api.DeviceID, bool) {
	for i, d := range rows {
		if d.ID != id {
			continue
		}
		if i+1 < len(rows) {
			return rows[i+1].ID, true
		}
		if i > 0 {
			return rows[i-1].ID, true
		}
	}
	return 0, false
}

// devicesWithout are the rows but for that of id.
func devicesWithout(rows []api.Device, id api.DeviceID) []api.Device {
	var left []api.Device
	for _, d := range rows {
		if d.ID != id {
			left = append(left, d)
		}
	}
	return left
}

// oldKeysTitle tells how many devices came with a key that had been rotated away.
func oldKeysTitle(n int) string {
	if n == 1 {
		return "1 device uses the old agent access key."
	}
	return ui.Count(n) + " devices use the old agent access key."
}

// oldKeysText says what that means.
func oldKeysText(n int) string {
	who, whose := "They", "their"
	if n == 1 {
		who, whose = "It", "its"
	}
	return who + " enrolled with it after it was rotated. Give " + whose + " installer the new one: the old one stops at the end of the overlap. Devices that are enrolled go on."
}

// oldKeysQuery filters to those devices.
func oldKeysQuery() url.Values { return url.Values{"old_key": {"true"}} }

// enrollLines enroll a machine and check it in. They hold no secret: the agent access
// key comes from the environment, so that it stays out of the shell's history, and the
// device's token stays in the shell.
func enrollLines(base string) string {
	return `token=$(curl -fsS ` + base + api.PathAgentEnroll + ` -H "Authorization: Bearer $AGENT_KEY" -H 'Content-Type: application/json'` +
		` -d "{\"hostname\":\"$(hostname)\",\"os\":\"$(uname -sr)\",\"agent_version\":\"1.0\"}" | sed 's/.*"token":"\([^"]*\)".*/\1/')` + "\n" +
		`curl -fsS -X POST ` + base + api.PathAgentCheckIn + ` -H "Authorization: Bearer $token"`
}
