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
)

// Add makes an organization with its agent access key. Faults: permission_required;
// key_too_weak; invalid_value at name or short_name; name_taken at short_name.
func (o *Orgs) Add(ctx context.Context, who caller.Caller, req api.AddOrg) (api.Org, error) {
	var added row
	err := o.DB.Write(ctx, func(tx *db.Tx) error {
		who, err := mayMakeAndDelete(tx, who)
		if err != nil {
			return err
		}
		id, err := o.AddIn(tx, who, req.Name, req.ShortName)
		if err != nil {
			return err
		}
		added, err = one(tx, id)
		return err
	})
	if err != nil {
		return api.Org{}, fmt.Errorf("add an organization: %w", err)
	}
	return added.org(), nil
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
