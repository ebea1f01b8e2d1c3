package automox

import (
	"strings"
	"time"

	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Server is a device. What Keystead does not ask of devices is empty.
type Server struct {
	ID                 api.DeviceID `json:"id"`
	UUID               string       `json:"uuid"`
	OrganizationID     api.OrgID    `json:"organization_id"`
	ServerGroupID      int          `json:"server_group_id"`
	Name               string       `json:"name"`
	DisplayName        string       `json:"display_name"`
	CustomName         string       `json:"custom_name"`
	AgentVersion       string       `json:"agent_version"`
	OSFamily           string       `json:"os_family"`
	OSName             string       `json:"os_name"`
	OSVersion          string       `json:"os_version"`
	IPAddrs            []string     `json:"ip_addrs"`
	IPAddrsPrivate     []string     `json:"ip_addrs_private"`
	Connected          bool         `json:"connected"`
	Compliant          bool         `json:"compliant"`
	Deleted            bool         `json:"deleted"`
	Exception          bool         `json:"exception"`
	IsCompatible       bool         `json:"is_compatible"`
	NeedsAttention     bool         `json:"needs_attention"`
	NeedsReboot        bool         `json:"needs_reboot"`
	Pending            bool         `json:"pending"`
	Patches            int          `json:"patches"`
	PendingPatches     int          `json:"pending_patches"`
	CreateTime         string       `json:"create_time"`
	LastRefreshTime    *string      `json:"last_refresh_time"`
	LastDisconnectTime *string      `json:"last_disconnect_time"`
	LastProcessTime    *string      `json:"last_process_time"`
	LastUpdateTime     *string      `json:"last_update_time"`
	NextPatchTime      *string      `json:"next_patch_time"`
	LastLoggedInUser   string       `json:"last_logged_in_user"`
	SerialNumber       string       `json:"serial_number"`
	InstanceID         string       `json:"instance_id"`
	Notes              string       `json:"notes"`
	Timezone           string       `json:"timezone"`
	Uptime             string       `json:"uptime"`
	Tags               []string     `json:"tags"`
	Commands           []Absent     `json:"commands"`
	PolicyStatus       []Absent     `json:"policy_status"`
	ServerPolicies     []Absent     `json:"server_policies"`
	Detail             Absent       `json:"detail"`
	Status             ServerStatus `json:"status"`
}

// ServerStatus says whether a device is there.
type ServerStatus struct {
	DeviceStatus   string   `json:"device_status" enum:"ready,not-ready"`
	AgentStatus    string   `json:"agent_status" enum:"connected,disconnected"`
	PolicyStatus   string   `json:"policy_status" enum:"compliant"`
	PolicyStatuses []Absent `json:"policy_statuses"`
}

func serverOf(d api.Device, now time.Time) Server {
	s := Server{
		ID: d.ID, UUID: d.UUID, OrganizationID: d.OrganizationID, Name: d.Hostname, DisplayName: d.Hostname,
		AgentVersion: d.AgentVersion, OSFamily: family(d.OS), OSName: d.OS, IPAddrs: []string{d.LastIP},
		Compliant: true, IsCompatible: true, CreateTime: date(d.EnrolledAt), LastRefreshTime: dateOrNull(d.LastCheckInAt),
		Status: ServerStatus{DeviceStatus: "not-ready", AgentStatus: "disconnected", PolicyStatus: "compliant"},
	}
	if d.LastCheckInAt != nil && now.Sub(*d.LastCheckInAt) < day {
		s.Connected, s.Status.DeviceStatus, s.Status.AgentStatus = true, "ready", "connected"
	}
	return s
}

// day is how long after a check-in a device counts as connected.
const day = 24 * time.Hour

// family is the kind of operating system, read from what the machine said.
func family(os string) string {
	os = strings.ToLower(os)
	switch {
	case strings.Contains(os, "darwin"), strings.Contains(os, "mac"):
		return "Mac"
	case strings.Contains(os, "windows"):
		return "Windows"
	}
	return "Linux"
}

func (a *Automox) servers(r *rest.Request, _ rest.None) ([]Server, error) {
	org, err := a.orgOf(r)
	if err != nil {
		return nil, err
	}
	l := api.DeviceList{List: pageOf(r)}
	l.Sort = api.SortEnrolled
	var page api.Page[api.Device]
	if org != nil {
		page, err = a.Devices.List(r.Context(), r.Caller, *org, l)
	} else {
		page, err = a.Devices.ListAll(r.Context(), r.Caller, l)
	}
	return each(page.Items, func(d api.Device) Server { return serverOf(d, a.Now()) }), err
}

// device is the device that a path names, if it is in that organization.
func (a *Automox) device(r *rest.Request) (d api.Device, err error) {
	id, err := rest.ID[api.DeviceID](r, "id")
	if err != nil {
		return d, err
	}
	org, err := a.orgOf(r)
	if err != nil {
		return d, err
	}
	d, err = a.Devices.Get(r.Context(), r.Caller, id)
	if err == nil && org != nil && d.OrganizationID != *org {
		err = fault.Missing()
	}
	return d, err
}

func (a *Automox) server(r *rest.Request, _ rest.None) (Server, error) {
	d, err := a.device(r)
	return serverOf(d, a.Now()), err
}

// ofServer answers what no device has any of: packages and commands that wait.
func (a *Automox) ofServer(r *rest.Request, _ rest.None) ([]Absent, error) {
	_, err := a.device(r)
	return []Absent{}, err
}

// groups answers that there are no groups of devices.
func (a *Automox) groups(r *rest.Request, _ rest.None) ([]Absent, error) {
	_, err := a.orgOf(r)
	return []Absent{}, err
}
