package automox

import (
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Zone is an organization as accounts know it.
type Zone struct {
	ID             string       `json:"id"` // a UUID
	OrganizationID api.OrgID    `json:"organization_id"`
	AccountID      *string      `json:"account_id"` // null without account:read
	ParentID       *string      `json:"parent_id"`
	Name           string       `json:"name"`
	CreatedBy      *AccountUser `json:"created_by"`
	AccessKey      api.Secret   `json:"access_key"`
	CreatedAt      string       `json:"created_at"`
	UpdatedAt      string       `json:"updated_at"`
}

// AddZone asks for a new organization.
type AddZone struct {
	Name string `json:"name" required:"true"`
}

func (a *Automox) zones(r *rest.Request, _ rest.None) (list Data[Zone], err error) {
	if err := a.account(r); err != nil {
		return list, err
	}
	v, err := a.view(r)
	if err != nil {
		return list, err
	}
	l := pageOf(r)
	page, err := a.Orgs.List(r.Context(), r.Caller, l)
	if err != nil {
		return list, err
	}
	zones := make([]Zone, len(page.Items))
	for i, org := range page.Items {
		if zones[i], err = v.zoneOf(org); err != nil {
			return list, err
		}
	}
	return dataOf(zones, page.Total, l), nil
}

func (a *Automox) getZone(r *rest.Request, _ rest.None) (zone Zone, err error) {
	if err := a.account(r); err != nil {
		return zone, err
	}
	id, err := r.Path("uuid")
	if err != nil {
		return zone, err
	}
	v, err := a.view(r)
	if err != nil {
		return zone, err
	}
	org, err := v.zone(id)
	if err != nil {
		return zone, err
	}
	return v.zoneOf(org)
}

func (a *Automox) addZone(r *rest.Request, in AddZone) (zone Zone, err error) {
	if err := a.account(r); err != nil {
		return zone, err
	}
	v, err := a.view(r)
	if err != nil {
		return zone, err
	}
	org, err := a.Orgs.Add(r.Context(), r.Caller, api.AddOrg{Name: in.Name})
	if err != nil {
		return zone, err
	}
	return v.zoneOf(org)
}

// zone is the organization of a UUID, if the caller may see it. Fault: not_found.
func (v *view) zone(uuid string) (api.Org, error) {
	orgs, err := v.visible()
	if err != nil {
		return api.Org{}, err
	}
	for _, org := range orgs {
		if org.UUID == uuid {
			return org, nil
		}
	}
	return api.Org{}, fault.Missing()
}

func (v *view) zoneOf(org api.Org) (Zone, error) {
	key, err := v.accessKey(org.ID)
	made := date(org.CreatedAt)
	return Zone{
		ID: org.UUID, OrganizationID: org.ID, AccountID: v.accountID(), Name: org.Name, AccessKey: key, CreatedAt: made, UpdatedAt: made,
	}, err
}
