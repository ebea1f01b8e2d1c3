package orgs

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
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

// AddIn makes an organization with its agent access key, inside the act that asks
// for it, which also judged whether the caller may. An empty short name is made of
// the name, with a number where that one is taken.
// Faults: invalid_value at name or short_name; name_taken at short_name.
func (o *Orgs) AddIn(tx *db.Tx, who caller.Caller, name, short string) (api.OrgID, error) {
	name, err := cleanName(name)
	if err != nil {
		return 0, err
	}
	if short == "" {
		if short, err = freeShortName(tx, name); err != nil {
			return 0, err
		}
	}
	if why := keyfmt.ShortNameFault(short); why != "" {
		return 0, fault.At("short_name", fault.InvalidValue, "%s", why)
	}
	row := row{UUID: uuid.NewString(), Name: name, ShortName: short, CreatedAt: db.At(tx.Now())}
	if err := insert(tx, &row); err != nil {
		return 0, err
	}
	if err := o.note(tx, who, audit.OrgAdd, row, nil); err != nil {
		return 0, err
	}
	return row.ID, o.AddAgentKey(tx, who, row.ID)
}

func cleanName(text string) (string, error) {
	name := fold.Clean(text)
	if why := keyfmt.NameFault(name); why != "" {
		return "", fault.At("name", fault.InvalidValue, "%s", why)
	}
	return name, nil
}

// freeShortName derives a short name that nobody has.
func freeShortName(tx *db.Tx, name string) (string, error) {
	short := keyfmt.ShortName(name)
	free := short
	for n := 2; ; n++ {
		taken, err := shortNameTaken(tx, free)
		if err != nil || !taken {
			return free, err
		}
		suffix := "-" + strconv.Itoa(n)
		free = short[:min(len(short), keyfmt.MaxShortName-len(suffix))] + suffix
	}
}

// note writes the audit row of an act on an organization.
func (o *Orgs) note(tx *db.Tx, who caller.Caller, act audit.Act, row row, facts audit.Facts) error {
	return o.Audit.Write(tx, who, act, audit.Target{Kind: "organization", ID: int64(row.ID), Name: row.Name, Org: row.ID}, facts)
}
