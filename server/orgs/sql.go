package orgs

import (
	"encoding/json"
	"fmt"
	"strings"

	"keystead/server/db"
	"keystead/server/fold"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// row is an organization as it is stored.
type row struct {
	ID             api.OrgID `db:"id"`
	UUID           string    `db:"uuid"`
	Name           string    `db:"name"`
	ShortName      string    `db:"short_name"`
	Reveal         string    `db:"reveal"`
	DefaultDays    *int      `db:"default_lifetime_days"`
	MaxDays        *int      `db:"max_lifetime_days"`
	AllowNoExpiry  bool      `db:"allow_no_expiry"`
	KeysManageKeys bool      `db:"keys_manage_keys"`
	CreatedAt      db.Stamp  `db:"created_at"`
}

const columns = `id, uuid, name, short_name, reveal, default_lifetime_days, max_lifetime_days, allow_no_expiry, keys_manage_keys, created_at`

func (r row) org() api.Org {
	return api.Org{
		ID: r.ID, UUID: r.UUID, Name: r.Name, ShortName: r.ShortName, CreatedAt: r.CreatedAt.Time,
		Policy: api.Policy{
			Reveal: r.Reveal, DefaultLifetimeDays: r.DefaultDays, MaxLifetimeDays: r.MaxDays,
			AllowNoExpiry: r.AllowNoExpiry, KeysManageKeys: r.KeysManageKeys,
		},
	}
}

// one reads an organization. Fault: not_found.
func one(r db.Reader, id api.OrgID) (o row, err error) {
	err = r.Get(&o, "SELECT "+columns+" FROM organizations WHERE id = ? AND deleted_at IS NULL", id)
	switch {
	case db.IsNone(err):
		return row{}, fault.Missing()
	case err != nil:
		return row{}, fmt.Errorf("read an organization: %w", err)
	}
	return o, nil
}

// page reads a page of the organizations in sight, and how many there are.
func page(r db.Reader, s sight, l api.List) (rows []row, total int, err error) {
	list, err := json.Marshal(s.orgs)
	if err != nil {
		return nil, 0, err
	}
	const where = `
		  FROM organizations
		 WHERE deleted_at IS NULL
		   AND (?1 OR id IN (SELECT value FROM json_each(?2)))
		   AND (instr(name_folded, ?3) > 0 OR instr(short_name, ?3) > 0)`
	q := fold.Text(l.Q)
	if err := r.Get(&total, "SELECT count(*)"+where, s.all, string(list), q); err != nil {
		return nil, 0, fmt.Errorf("count organizations: %w", err)
	}
	column := "name_folded"
	if l.Sort == api.SortCreated {
		column = "created_at"
	}
	err = r.Select(&rows, "SELECT "+columns+where+`
		 ORDER BY `+column+direction(l.Order)+`, id
		 LIMIT ?4 OFFSET ?5`, s.all, string(list), q, l.Limit, (l.Page-1)*l.Limit)
	return rows, total, err
}

func direction(order string) string {
	if order == api.Descending {
		return " DESC"
	}
	return " ASC"
}

// insert stores a new organization, with the policy that the schema gives, and
// learns its id. Fault: name_taken at short_name.
func insert(tx *db.Tx, r *row) error {
	err := tx.Get(&r.ID, `
		INSERT INTO organizations (uuid, name, name_folded, short_name, created_at)
		VALUES (?, ?, ?, ?, ?)
		RETURNING id`, r.UUID, r.Name, fold.Text(r.Name), r.ShortName, r.CreatedAt)
	return shortNamed(err)
}

func shortNamed(err error) error {
	if db.Clashes(err, "organizations.short_name") {
		return fault.At("short_name", fault.NameTaken, "Another organization has this short name.")
	}
	if err != nil {
		return fmt.Errorf("store an organization: %w", err)
	}
	return nil
}

func shortNameTaken(r db.Reader, short string) (taken bool, err error) {
	err = r.Get(&taken, "SELECT EXISTS (SELECT 1 FROM organizations WHERE short_name = ? AND deleted_at IS NULL)", strings.ToLower(short))
	if err != nil {
		return false, fmt.Errorf("look for a short name: %w", err)
	}
	return taken, nil
}
