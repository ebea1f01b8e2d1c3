package orgs

import (
	"context"
	"fmt"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// Needs is what organizations stand on. The functions are other features' parts of
// acts on organizations, in the same transaction.
type Needs struct {
	DB             *db.DB
	Audit          *audit.Log
	AddAgentKey    func(tx *db.Tx, who caller.Caller, org api.OrgID) error
	EraseOrgValues func(tx *db.Tx, org api.OrgID) (int64, error)
	Parts          []Part // in the order in which they are deleted
}

// Orgs does every act on the account and its organizations.
type Orgs struct{ Needs }

// New is organizations over what they need.
func New(n Needs) *Orgs { return &Orgs{n} }

// Get is one organization, for who may delete it with what goes with it.
// Faults: not_found; permission_required.
func (o *Orgs) Get(ctx context.Context, who caller.Caller, id api.OrgID) (api.OrgDetail, error) {
	if err := who.May(perm.OrgsRead, id); err != nil {
		return api.OrgDetail{}, err
	}
	read := o.DB.Read(ctx)
	row, err := one(read, id)
	if err != nil {
		return api.OrgDetail{}, err
	}
	contents, err := o.contents(read, who, id)
	return api.OrgDetail{Org: row.org(), Contents: contents}, err
}

// Exists refuses an organization that is not there, or no more. Whoever belongs to it was
// told of it, and holders of an account role belong to every number. Fault: not_found.
func (o *Orgs) Exists(ctx context.Context, id api.OrgID) error {
	_, err := one(o.DB.Read(ctx), id)
	return err
}

// List is a page of the organizations that the caller may see.
func (o *Orgs) List(ctx context.Context, who caller.Caller, l api.List) (api.Page[api.Org], error) {
	rows, total, err := page(o.DB.Read(ctx), seen(who), l)
	if err != nil {
		return api.Page[api.Org]{}, fmt.Errorf("list organizations: %w", err)
	}
	p := api.Page[api.Org]{Items: make([]api.Org, len(rows)), Total: total, Page: l.Page, Limit: l.Limit}
	for i, row := range rows {
		p.Items[i] = row.org()
	}
	return p, nil
}

// sight is which organizations somebody may see.
type sight struct {
	all  bool
	orgs []api.OrgID // unless all
}

func seen(who caller.Caller) sight {
	s := sight{all: who.EveryOrg && who.Account.Has(perm.OrgsRead), orgs: []api.OrgID{}}
	for org := range who.Orgs {
		if who.In(org).Has(perm.OrgsRead) {
			s.orgs = append(s.orgs, org)
		}
	}
	return s
}

// note writes the audit row of an act on an organization.
func (o *Orgs) note(tx *db.Tx, who caller.Caller, act audit.Act, row row, facts audit.Facts) error {
	return o.Audit.Write(tx, who, act, audit.Target{Kind: "organization", ID: int64(row.ID), Name: row.Name, Org: row.ID}, facts)
}
