package automox

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// tier is what every organization has subscribed to.
const tier = "enterprise"

// Org is an organization.
type Org struct {
	ID              api.OrgID   `json:"id"`
	Name            string      `json:"name"`
	CreateTime      string      `json:"create_time"`
	AccessKey       api.Secret  `json:"access_key"`
	TrialEndTime    *string     `json:"trial_end_time"`
	Tier            string      `json:"tier"`
	ParentID        *api.OrgID  `json:"parent_id"`
	DeviceLimit     *int        `json:"device_limit"`
	SoftDeviceLimit *int        `json:"soft_device_limit"`
	DeviceCount     *int        `json:"device_count"` // null without devices:read
	UUID            string      `json:"uuid"`
	Metadata        OrgMetadata `json:"metadata"`
}

// OrgMetadata says of an organization's devices what nobody here does to them.
type OrgMetadata struct {
	PatchServersDone bool `json:"patchServersDone"`
}

func (a *Automox) orgs(r *rest.Request, _ rest.None) ([]Org, error) {
	page, err := a.Orgs.List(r.Context(), r.Caller, pageOf(r))
	if err != nil {
		return nil, err
	}
	return a.orgsOf(r, page.Items)
}

func (a *Automox) org(r *rest.Request, _ rest.None) (org Org, err error) {
	id, err := rest.ID[api.OrgID](r, "org")
	if err != nil {
		return org, err
	}
	got, err := a.Orgs.Get(r.Context(), r.Caller, id)
	if err != nil {
		return org, err
	}
	list, err := a.orgsOf(r, []api.Org{got.Org})
	if err != nil {
		return org, err
	}
	return list[0], nil
}

func (a *Automox) orgsOf(r *rest.Request, rows []api.Org) ([]Org, error) {
	counts, err := a.Devices.Counts(r.Context(), r.Caller)
	if err != nil {
		return nil, err
	}
	v, err := a.view(r)
	if err != nil {
		return nil, err
	}
	list := make([]Org, len(rows))
	for i, row := range rows {
		list[i] = Org{ID: row.ID, Name: row.Name, CreateTime: date(row.CreatedAt), Tier: tier, UUID: row.UUID}
		if list[i].AccessKey, err = v.accessKey(row.ID); err != nil {
			return nil, err
		}
		if r.Caller.In(row.ID).Has(perm.DevicesRead) {
			n := counts[row.ID]
			list[i].DeviceCount = &n
		}
	}
	return list, nil
}
