package devices

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Routes are the doors to devices, and those of the devices themselves.
func (d *Devices) Routes() []rest.Route {
	return []rest.Route{
		{Method: rest.Get, Path: "/v1/organizations/:org/devices", Guard: rest.Callers.With(perm.DevicesRead), Do: rest.Do(d.list),
			Summary: "List the devices of an organization", Query: listed},
		{Method: rest.Delete, Path: "/v1/devices/:id", Guard: rest.Callers.With(perm.DevicesManage), Do: rest.Do(d.remove),
			Summary: "Delete a device: its token is refused at once"},
		{Method: rest.Post, Path: api.PathAgentEnroll, Guard: rest.Agents, Do: rest.Make(d.enroll),
			Summary: "Enroll a machine with the agent access key"},
		{Method: rest.Post, Path: api.PathAgentCheckIn, Guard: rest.Agents, Do: rest.Do(d.checkIn),
			Summary: "Check in with the device token"},
	}
}

var listed = rest.Paged(
	[]string{api.SortHostname, api.SortOS, api.SortAgentVersion, api.SortEnrolled, api.SortLastCheckIn},
	rest.Param{Name: "old_key", Means: "only devices that still used an agent access key after its rotation", Enum: []string{"true", "false"}},
	rest.Param{Name: "agent_key_version", Means: "only devices enrolled with this version of the agent access key", Min: 1, Max: 1<<31 - 1},
)

func (d *Devices) list(r *rest.Request, _ rest.None) (page api.Page[api.Device], err error) {
	org, err := rest.ID[api.OrgID](r, "org")
	if err != nil {
		return page, err
	}
	return d.List(r.Context(), r.Caller, org, api.DeviceList{
		List: r.List(), OldKey: r.Text("old_key") == "true", AgentKeyVersion: r.Number("agent_key_version"),
	})
}

func (d *Devices) remove(r *rest.Request, _ rest.None) (none rest.None, err error) {
	id, err := rest.ID[api.DeviceID](r, "id")
	if err != nil {
		return none, err
	}
	return none, d.Delete(r.Context(), r.Caller, id)
}

func (d *Devices) enroll(r *rest.Request, in api.Enroll) (api.Enrolled, error) {
	return d.Enroll(r.Context(), r.Caller, in)
}

func (d *Devices) checkIn(r *rest.Request, in api.CheckIn) (api.Device, error) {
	return d.CheckIn(r.Context(), r.Caller, in)
}
