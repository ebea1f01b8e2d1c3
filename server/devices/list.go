package devices

import (
	"context"
	"fmt"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// columnOf maps a sort to its column.
var columnOf = map[string]string{
	api.SortHostname:     "d.hostname_folded",
	api.SortOS:           "d.os",
	api.SortAgentVersion: "d.agent_version",
	api.SortEnrolled:     "d.enrolled_at",
	api.SortLastCheckIn:  "d.last_check_in_at",
}

// List is a page of the devices of an organization. A page after the last is empty.
// Faults: not_found; permission_required.
func (d *Devices) List(ctx context.Context, who caller.Caller, org api.OrgID, l api.DeviceList) (api.Page[api.Device], error) {
	if err := who.May(perm.DevicesRead, org); err != nil {
		return api.Page[api.Device]{}, err
	}
	read := d.db.Read(ctx)
	if err := exists(read, org); err != nil {
		return api.Page[api.Device]{}, err
	}
	return d.page(read, sight{orgs: []api.OrgID{org}}, l)
}

// ListAll is a page of the devices of all organizations in which the caller sees them.
// Fault: permission_required, where that is none.
func (d *Devices) ListAll(ctx context.Context, who caller.Caller, l api.DeviceList) (api.Page[api.Device], error) {
	s := seen(who)
	if s.nothing() {
		return api.Page[api.Device]{}, caller.Lacks(perm.DevicesRead)
	}
	return d.page(d.db.Read(ctx), s, l)
}

func (d *Devices) page(read db.Reader, s sight, l api.DeviceList) (api.Page[api.Device], error) {
	page := api.Page[api.Device]{Items: []api.Device{}, Page: max(l.Page, 1), Limit: l.Limit}
	where, args := s.clauses(l)
	if err := read.Get(&page.Total, "SELECT count(*) FROM devices d"+where, args...); err != nil {
		return page, fmt.Errorf("count devices: %w", err)
	}
	if page.Page > page.Total/page.Limit+1 {
		return page, nil // also pages so far that the product would overflow
	}
	var rows []row
	err := read.Select(&rows, `
		SELECT `+columns+`
		  FROM (SELECT d.id FROM devices d`+where+order(l)+` LIMIT ? OFFSET ?) few
		  JOIN devices d ON d.id = few.id`+order(l), append(args, page.Limit, (page.Page-1)*page.Limit)...)
	if err != nil {
		return page, fmt.Errorf("list devices: %w", err)
	}
	for _, device := range rows {
		d.overlay(&device)
		page.Items = append(page.Items, device.shown())
	}
	return page, nil
}

// exists refuses an organization that is not there: holders of an account role are
// members of every one that anybody could think of. Fault: not_found.
func exists(r db.Reader, org api.OrgID) error {
	var one int
	err := r.Get(&one, "SELECT 1 FROM organizations WHERE id = ? AND deleted_at IS NULL", org)
	switch {
	case db.IsNone(err):
		return fault.Missing()
	case err != nil:
		return fmt.Errorf("find the organization: %w", err)
	}
	return nil
}

// clauses puts the WHERE together from constants; what a user sent is in the
// arguments only.
func (s sight) clauses(l api.DeviceList) (string, []any) {
	where, args := s.where()
	and := func(clause string, values ...any) {
		where += "\n   AND " + clause
		args = append(args, values...)
	}
	if l.OldKey {
		and("d.old_key = 1")
	}
	if l.AgentKeyVersion != 0 {
		and("d.agent_key_version = ?", l.AgentKeyVersion)
	}
	for _, word := range fold.Words(l.Q) {
		and("instr(d.search, ?) > 0", word)
	}
	return where, args
}

func order(l api.DeviceList) string {
	column, ok := columnOf[l.Sort]
	if !ok {
		column = columnOf[api.SortHostname]
	}
	direction := " ASC"
	if l.Order == api.Descending {
		direction = " DESC"
	}
	return "\n ORDER BY " + column + direction + " NULLS LAST, d.id"
}
