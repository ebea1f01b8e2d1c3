package keys_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/go-json-experiment/json"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/perm"
)

var sorts = []string{api.SortName, api.SortUser, api.SortRole, api.SortExpires, api.SortLastLogin, api.SortEnabled, api.SortCreated}

// crowd is an organization of a thousand people with ten keys each, and one who
// may list them all.
func crowd(b *testing.B) (*house, caller.Caller, api.OrgID) {
	h := newHouse(b)
	org := h.Org("Crowd")
	me := h.admin("Ada")
	role := h.Number("SELECT id FROM roles WHERE name = ?", perm.ReadOnly)
	h.Must(h.DB.Write(h.ctx, func(tx *db.Tx) error {
		for u := range 1000 {
			var user int64
			err := tx.Get(&user, `
				INSERT INTO users (uuid, email, email_folded, first_name, last_name, sort_name, state, created_at, updated_at)
				VALUES (?1, ?1, ?1, ?1, 'Doe', ?1, 'active', 0, 0) RETURNING id`, fmt.Sprintf("user%04d@example.com", u*7%1000))
			if err != nil {
				return err
			}
			if _, err := tx.Exec("INSERT INTO memberships (user_id, org_id, role_id) VALUES (?, ?, ?)", user, org, role); err != nil {
				return err
			}
			for n := range 10 {
				if err := plant(tx, org, user, u*10+n); err != nil {
					return err
				}
			}
		}
		return nil
	}))
	return h, h.As(me), org
}

func plant(tx *db.Tx, org api.OrgID, user int64, n int) error {
	name := fmt.Sprintf("key %05d", n*31%10007)
	_, err := tx.Exec(`
		INSERT INTO api_keys (org_id, owner_id, owner_sort, name, name_folded, description, search, role, enabled,
		                      created_at, updated_at, expires_at, last_login_at, public_id, hint, digest, pepper_id)
		SELECT ?, id, sort_name, ?, ?, 'what it is for', ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, (SELECT max(id) FROM keyset WHERE purpose = 'pepper')
		  FROM users WHERE id = ?`,
		org, name, name, name+"\nwhat it is for", api.KeyRoles[n%2], n%5 > 0, n*37%9973,
		nullable(n%3 > 0, 1_900_000_000_000+n*101%9000), nullable(n%4 > 0, 1_700_000_000_000+n*77%9001),
		fmt.Sprintf("p%09d", n), fmt.Sprintf("ks_p%09d…abcd", n), fmt.Appendf(nil, "%032d", n), user)
	return err
}

func nullable(is bool, n int) any {
	if is {
		return n
	}
	return nil
}

func benchmarkPage(b *testing.B, page int, before func(*house)) {
	h, who, org := crowd(b)
	for _, sort := range sorts {
		b.Run(sort, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				before(h)
				p, err := h.keys.List(h.ctx, who, &org, api.KeyList{List: api.List{Page: page, Limit: 25, Sort: sort, Order: api.Descending}})
				if err != nil || len(p.Items) != 25 || p.Total != 10_000 {
					b.Fatal(len(p.Items), p.Total, err)
				}
				if _, err := json.Marshal(p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkListPage1(b *testing.B)   { benchmarkPage(b, 1, func(*house) {}) }
func BenchmarkListPage200(b *testing.B) { benchmarkPage(b, 200, func(*house) {}) }

// BenchmarkListCold lists after a write each time.
func BenchmarkListCold(b *testing.B) {
	benchmarkPage(b, 1, func(h *house) {
		h.Must(h.DB.Note(h.ctx, func(tx *db.Tx) error { return nil }))
	})
}

// BenchmarkAdd has a thousand people add keys, 32 of them at once.
func BenchmarkAdd(b *testing.B) {
	h, _, org := crowd(b)
	var ids []api.UserID
	h.Must(h.DB.Read(h.ctx).Select(&ids, "SELECT user_id FROM memberships WHERE org_id = ?", org))
	people := make([]caller.Caller, len(ids))
	for i, id := range ids {
		people[i] = h.As(id)
	}
	h.keys = h.roomy()
	before := h.DB.Commits()
	b.SetParallelism(32 / runtime.GOMAXPROCS(0))
	b.ResetTimer()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			n := h.next()
			req := api.AddKey{Name: fmt.Sprint("load ", n), Description: "Runs on host 7", Role: api.ReadOnly}
			if _, err := h.keys.Add(h.ctx, people[n%int64(len(people))], &org, req); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/float64(h.DB.Commits()-before), "acts/commit")
}
