package api

import (
	"net/url"
	"strconv"
	"time"
)

// DeviceID names a device.
type DeviceID int64

// Device is a machine that was enrolled with the agent access key of an organization.
type Device struct {
	ID              DeviceID   `json:"id"`
	UUID            string     `json:"uuid"`
	OrganizationID  OrgID      `json:"organization_id"`
	Hostname        string     `json:"hostname"`
	OS              string     `json:"os"`
	AgentVersion    string     `json:"agent_version"`
	EnrolledAt      time.Time  `json:"enrolled_at"`
	LastCheckInAt   *time.Time `json:"last_check_in_at"` // null: never since it was enrolled
	LastIP          string     `json:"last_ip"`
	AgentKeyVersion int        `json:"agent_key_version"` // of the agent access key that enrolled it
	OldKey          bool       `json:"old_key"`           // that version had been rotated away already
}

// Enroll adds the machine that asks. The caller is an agent with the organization's
// agent access key.
type Enroll struct {
	Hostname     string `json:"hostname" required:"true"`
	OS           string `json:"os" required:"true"`
	AgentVersion string `json:"agent_version" required:"true"`
}

// Enrolled answers [Enroll]. It holds the device's token, here only.
type Enrolled struct {
	Device Device `json:"device"`
	Token  Secret `json:"token"`
}

// CheckIn says that a device is there. The caller is an agent with its device token.
type CheckIn struct {
	AgentVersion *string `json:"agent_version,omitempty"`
}

// Columns by which devices are sorted. Absent values come last, the id breaks ties.
const (
	SortHostname     = "hostname"
	SortOS           = "os"
	SortAgentVersion = "agent_version"
	SortEnrolled     = "enrolled_at"
	SortLastCheckIn  = "last_check_in_at"
)

// DeviceList asks for a page of devices.
type DeviceList struct {
	List
	OldKey          bool // only those that still used an agent access key after its rotation
	AgentKeyVersion int  // only those enrolled with this version; 0: with any
}

// Query is the request in the form of a URL's query.
func (l DeviceList) Query() url.Values {
	v := url.Values{}
	l.List.put(v)
	if l.OldKey {
		v.Set("old_key", "true")
	}
	if l.AgentKeyVersion != 0 {
		v.Set("agent_key_version", strconv.Itoa(l.AgentKeyVersion))
	}
	return v
}

// The doors of agents.
const (
	PathAgentEnroll  = "/v1/agent/enroll"
	PathAgentCheckIn = "/v1/agent/check-in"
)

// PathDevices lists the devices of an organization.
func PathDevices(org OrgID) string { return PathOrg(org) + "/devices" }

// PathDevice is one device.
func PathDevice(id DeviceID) string { return "/v1/devices/" + number(id) }
