package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"

	"keystead/server/config"
	"keystead/server/db"
	"keystead/server/fold"
	"keystead/server/house"
	"keystead/server/seal"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// crowd is who fills an organization.
type crowd struct {
	people int
	keys   int // of each
}

// adminKey is which of a person’s is an ADMIN key, enabled and without an end, see plant.
const adminKey = 3

// values are what a crowd’s keys are presented by.
type values struct {
	admin   []string // an ADMIN key of each
	enabled []string // all that are not disabled
}

var (
	firstNames = []string{"Ada", "Bram", "Chidi", "Dilnoza", "Esra", "Femi", "Grace", "Hugo", "Ines", "Jun", "Katja", "Luis", "Mara", "Nadia", "Omar", "Priya"}
	lastNames  = []string{"Achterberg", "Brandt", "Castillo", "Duarte", "Eriksen", "Fofana", "Gruber", "Haddad", "Ivanova", "Jansen", "Kowalski", "Larsen", "Moreau"}
	uses       = []string{"deploy", "backup", "metrics", "billing export", "staging", "cron on build-7", "terraform", "on-call phone"}
)

// fill gives an organization that nobody serves its members with real keys, past the
// acts: through them it would take as many fsyncs.
func (c crowd) fill(ctx context.Context, data string, org api.OrgID) (all values, err error) {
	cfg := config.Default()
	cfg.Data = data
	h, err := house.Open(ctx, cfg, house.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return all, err
	}
	err = c.pour(ctx, h, org, &all)
	return all, errors.Join(err, h.Close(ctx))
}

// pour writes on a connection of its own, in one transaction without savepoints, which
// get slow where thousands of rows are in one. Its cache holds all that is written:
// digests and ids lie in their indexes wherever chance puts them.
func (c crowd) pour(ctx context.Context, h *house.House, org api.OrgID, all *values) error {
	own, err := sqlx.ConnectContext(ctx, "sqlite3", "file:"+h.DB.Path+"?_foreign_keys=on&_stmt_cache_size=8")
	if err != nil {
		return err
	}
	defer func() { _ = own.Close() }()
	own.SetMaxOpenConns(1)
	if _, err := own.ExecContext(ctx, "PRAGMA cache_size = -1000000"); err != nil { // KiB
		return err
	}
	tx, err := own.BeginTxx(ctx, nil)
	if err != nil {
		return err
	}
	if err := c.add(pouring{tx, h.DB.Now()}, h.Seal, org, all); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// pouring is the transaction, and when its rows say that it was.
type pouring struct {
	*sqlx.Tx
	now time.Time
}

// add adds the people.
func (c crowd) add(tx pouring, sealer *seal.Sealer, org api.OrgID, all *values) error {
	var place string
	if err := tx.Get(&place, "SELECT uuid FROM organizations WHERE id = ?", org); err != nil {
		return err
	}
	var role int64
	if err := tx.Get(&role, "SELECT id FROM roles WHERE name = ? AND built_in = 1", perm.ReadOnly); err != nil {
		return err
	}
	for n := range c.people {
		owner, err := member(tx, org, role, n, n*7%c.people)
		if err != nil {
			return err
		}
		for k := range c.keys {
			number := n*c.keys + k
			value, err := plant(tx, sealer, org, place, owner, number)
			if err != nil {
				return err
			}
			if k == adminKey {
				all.admin = append(all.admin, value)
			}
			if enabled(number) {
				all.enabled = append(all.enabled, value)
			}
		}
	}
	return nil
}

// enabled are four keys of five.
func enabled(n int) bool { return n%5 > 0 }

func member(tx pouring, org api.OrgID, role int64, n, place int) (id int64, err error) {
	first, last := firstNames[n*7%len(firstNames)], lastNames[n*5%len(lastNames)]
	address := fmt.Sprintf("person%04d@example.com", place)
	err = tx.Get(&id, `
		INSERT INTO users (uuid, email, email_folded, first_name, last_name, sort_name, state, created_at, updated_at)
		VALUES (?, ?, ?, ?, ?, ?, 'active', ?, ?)
		RETURNING id`,
		uuid.NewString(), address, fold.Email(address), first, last, fold.Text(last+" "+first), db.At(tx.now), db.At(tx.now))
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec("INSERT INTO memberships (user_id, org_id, role_id) VALUES (?, ?, ?)", id, org, role)
	return id, err
}

// plant stores a key as keys.Add does, with a past: some are used, some end, some are
// disabled.
func plant(tx pouring, sealer *seal.Sealer, org api.OrgID, place string, owner int64, n int) (value string, err error) {
	parts := seal.New(keyfmt.APIKey)
	value = parts.Value()
	digest := sealer.Digest(value)
	ciphertext, err := sealer.Seal(value, seal.Place{Table: "api_keys", Column: "ciphertext", Row: parts.PublicID, Org: place})
	if err != nil {
		return "", err
	}
	name := fmt.Sprintf("%s %05d", uses[n%len(uses)], n*31%10007)
	description := "Runs on host " + fmt.Sprint(n*13%997)
	made := tx.now.Add(-time.Duration(n*37%9973+1) * time.Hour)
	var ends, used, from any
	if n%10%3 > 0 {
		ends = db.At(tx.now.Add(time.Duration(n*101%9000+1) * time.Hour))
	}
	if n%4 > 0 {
		used, from = db.At(made.Add(time.Duration(n*77%9001)*time.Second)), fmt.Sprintf("198.51.100.%d", n%251)
	}
	search := fold.Text(name) + "\n" + fold.Text(description) + "\n" + fold.Text(parts.PublicID) + "\n" + fold.Text(parts.Secret[len(parts.Secret)-4:])
	_, err = tx.Exec(`
		INSERT INTO api_keys (org_id, owner_id, owner_sort, name, name_folded, description, search, role, enabled, expires_at,
		                      created_at, updated_at, last_login_at, last_login_ip, public_id, hint, digest, pepper_id, ciphertext)
		SELECT ?, id, sort_name, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
		  FROM users
		 WHERE id = ?`,
		org, name, fold.Text(name), description, search, api.KeyRoles[n%2], enabled(n), ends,
		db.At(made), db.At(made), used, from, parts.PublicID, parts.Hint(), digest.Sum, digest.Pepper, ciphertext, owner)
	return value, err
}
