package router_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"keystead/server/config"
	"keystead/server/db"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// stored is a row with a ciphertext, and the door at which its value is shown.
type stored struct {
	table  string
	id     int64
	door   string
	sealed []byte
	value  string
}

// vault is fifty of them: keys of an organization and global ones, agent access keys
// and shared secrets of five organizations.
type vault struct {
	*testkit.Kit
	admin testkit.Credential
	rows  []stored
}

func newVault(t *testing.T) *vault {
	k := testkit.New(t, func(c *config.Config) { c.MaxKeysPerUser = 100 })
	root := k.Person("Root")
	k.Join(root, 0, perm.FullAdministrator)
	v := &vault{Kit: k, admin: k.Session(root)}
	var orgs []api.OrgID
	for n := range 5 {
		org := k.Org(fmt.Sprint("Org ", n))
		orgs = append(orgs, org)
		_, err := k.Secrets.Add(t.Context(), k.As(root), org)
		k.Must(err)
	}
	for n := range 40 {
		org := orgs[n%2]
		if n >= 30 {
			org = 0
		}
		id, _ := k.Key(root, org, api.Admin, fmt.Sprint("key ", n))
		v.rows = append(v.rows, stored{table: "api_keys", id: int64(id), door: "POST " + api.PathKeyReveal(id)})
	}
	for _, org := range orgs {
		for _, kind := range []api.SecretKind{api.AgentKey, api.SharedSecret} {
			id := k.Number("SELECT id FROM secrets WHERE org_id = ? AND kind = ?", org, kind)
			v.rows = append(v.rows, stored{table: "secrets", id: id, door: "POST " + api.PathSecret(org, kind) + "/reveal"})
		}
	}
	for i := range v.rows {
		r := &v.rows[i]
		k.Must(k.DB.Read(t.Context()).Get(&r.sealed, "SELECT ciphertext FROM "+r.table+" WHERE id = ?", r.id))
		r.value = testkit.Read[api.Revealed](k, k.Send(v.admin, r.door, ""), 200).Value.Reveal()
	}
	return v
}

func (v *vault) put(r stored, sealed []byte) {
	v.T.Helper()
	v.Exec("UPDATE "+r.table+" SET ciphertext = ? WHERE id = ?", sealed, r.id)
}

// shut checks that a row is not shown, that nothing of a value is, and that the log
// tells why.
func (v *vault) shut(what string, r stored) {
	v.T.Helper()
	before := strings.Count(v.Logged(), "what is stored does not open")
	got := v.Send(v.admin, r.door, "")
	if got.Status != 500 || got.Code() != "internal" {
		v.T.Errorf("%s: %s is answered %d %s", what, r.door, got.Status, got.Body)
	}
	for _, prefix := range []string{"ks_", "ksa_", "kss_"} {
		if strings.Contains(got.Body, prefix) {
			v.T.Errorf("%s: %s shows something", what, r.door)
		}
	}
	if strings.Count(v.Logged(), "what is stored does not open") == before {
		v.T.Errorf("%s: %s is not in the log", what, r.door)
	}
}

// TestP02NoValueIsShownFromAnotherRow swaps every pair of fifty ciphertexts, and damages
// twenty in every way.
func TestP02NoValueIsShownFromAnotherRow(t *testing.T) {
	v := newVault(t)
	for shift := 1; shift < len(v.rows); shift++ {
		v.Must(v.DB.Write(t.Context(), func(tx *db.Tx) error {
			for i, r := range v.rows {
				if _, err := tx.Exec("UPDATE "+r.table+" SET ciphertext = ? WHERE id = ?", v.rows[(i+shift)%len(v.rows)].sealed, r.id); err != nil {
					return err
				}
			}
			return nil
		}))
		for _, r := range v.rows {
			v.shut(fmt.Sprint("moved by ", shift), r)
		}
	}
	for i, r := range v.rows {
		v.put(r, r.sealed)
		if i%5 > 1 {
			continue
		}
		for _, cut := range []int{0, 1, 5, len(r.sealed) / 2, len(r.sealed) - 1} {
			v.put(r, r.sealed[:cut])
			v.shut(fmt.Sprintf("cut to %d bytes", cut), r)
		}
		v.put(r, append(bytes.Clone(r.sealed), 0))
		v.shut("longer", r)
		for bit := i % 8; bit < 8*len(r.sealed); bit += 61 {
			damaged := bytes.Clone(r.sealed)
			damaged[bit/8] ^= 1 << (bit % 8)
			v.put(r, damaged)
			v.shut(fmt.Sprintf("bit %d flipped", bit), r)
		}
		v.put(r, r.sealed)
	}
	for _, r := range v.rows {
		if got := testkit.Read[api.Revealed](v.Kit, v.Send(v.admin, r.door, ""), 200).Value.Reveal(); got != r.value {
			t.Errorf("%s shows another value than at first", r.door)
		}
	}
	for _, r := range v.rows {
		if strings.Contains(v.Logged(), r.value) {
			t.Errorf("the log holds the value of %s", r.door)
		}
	}
}
