package devices

import (
	"context"
	"encoding/json"
	"fmt"

	"keystead/server/caller"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// sight is the devices of which organizations somebody may see.
type sight struct {
	all  bool
	orgs []api.OrgID // unless all
}

func seen(who caller.Caller) sight {
	s := sight{all: who.EveryOrg && who.Account.Has(perm.DevicesRead)}
	for org := range who.Orgs {
		if who.In(org).Has(perm.DevicesRead) {
			s.orgs = append(s.orgs, org)
		}
	}
	return s
}

func (s sight) nothing() bool { return !s.all && len(s.orgs) == 0 }

// where is the clause on devices d. One organization has its range of the index.
func (s sight) where() (string, []any) {
	const there = "\n WHERE d.deleted_at IS NULL"
	switch {
	case s.all:
		return there, nil
	case len(s.orgs) == 1:
		return there + "\n   AND d.org_id = ?", []any{s.orgs[0]}
	}
	list, err := json.Marshal(s.orgs)
	if err != nil {
		panic(err) // of numbers
	}
	return there + "\n   AND d.org_id IN (SELECT value FROM json_each(?))", []any{string(list)}
}

// Get is one device. Faults: not_found, also where the caller sees no devices;
// permission_required for who may delete it unseen.
func (d *Devices) Get(ctx context.Context, who caller.Caller, id api.DeviceID) (api.Device, error) {
	device, err := one(d.db.Read(ctx), id)
	if err != nil {
		return api.Device{}, err
	}
	may := who.In(device.OrgID)
	switch {
	case may.Has(perm.DevicesRead):
	case may.Has(perm.DevicesManage):
		return api.Device{}, caller.Lacks(perm.DevicesRead)
	default:
		return api.Device{}, fault.Missing()
	}
	d.overlay(&device)
	return device.shown(), nil
}

// Counts says how many devices there are in each organization in which the caller sees
// them; where there are none, it has no entry.
func (d *Devices) Counts(ctx context.Context, who caller.Caller) (map[api.OrgID]int, error) {
	s := seen(who)
	if s.nothing() {
		return nil, nil
	}
	where, args := s.where()
	var rows []struct {
		Org   api.OrgID `db:"org_id"`
		Count int       `db:"n"`
	}
	if err := d.db.Read(ctx).Select(&rows, "SELECT d.org_id, count(*) AS n FROM devices d"+where+"\n GROUP BY d.org_id", args...); err != nil {
		return nil, fmt.Errorf("count devices: %w", err)
	}
	counts := make(map[api.OrgID]int, len(rows))
	for _, row := range rows {
		counts[row.Org] = row.Count
	}
	return counts, nil
}
