package db_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"keystead/server/db"
)

// older is a database in the schema before that step, with a key, a token that rests on it
// and the numbers of keys that were there.
func older(t *testing.T, before string) (path string, raw *sql.DB) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "k.db")
	raw, err := sql.Open("sqlite3", path+"?_journal_mode=WAL")
	if err != nil {
		t.Fatal(err)
	}
	steps, err := filepath.Glob("migrations/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	n := slices.Index(steps, filepath.Join("migrations", before))
	for _, step := range steps[:n] {
		text, err := os.ReadFile(step)
		if err != nil {
			t.Fatal(err)
		}
		run(t, raw, string(text))
	}
	run(t, raw, fmt.Sprintf("PRAGMA user_version = %d", n))
	run(t, raw, `
		INSERT INTO keyset (id, purpose, sealed, created_at) VALUES (1, 'pepper', x'01', 0);
		INSERT INTO organizations (id, uuid, name, name_folded, short_name, created_at) VALUES (1, 'o', 'Org', 'org', 'org', 0);
		INSERT INTO users (id, uuid, email, email_folded, first_name, last_name, sort_name, state, created_at, updated_at)
		VALUES (1, 'u', 'e', 'e', 'Ada', 'Doe', 'doe ada', 'active', 0, 0);
		INSERT INTO api_keys (id, org_id, owner_id, owner_sort, name, name_folded, search, role, created_at, updated_at, public_id, hint, digest, pepper_id, ciphertext)
		VALUES (7, 1, 1, 'doe ada', 'One', 'one', 's', 'ADMIN', 1, 2, 'p', 'h', x'02', 1, x'03');
		UPDATE sqlite_sequence SET seq = 12 WHERE name = 'api_keys';
		INSERT INTO token_families (uuid, org_id, user_id, key_id, key_public_id, secret_version, created_at, expires_at)
		VALUES ('f', 1, 1, 7, 'p', 1, 0, 9)`)
	return path, raw
}

func run(t *testing.T, raw *sql.DB, text string) {
	t.Helper()
	if _, err := raw.Exec(text); err != nil {
		t.Fatal(err)
	}
}

// upgraded is the database after all steps.
func upgraded(t *testing.T, path string, raw *sql.DB) *db.DB {
	t.Helper()
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

const addKey = `
	INSERT INTO api_keys (org_id, owner_id, owner_sort, name, name_folded, search, role, created_at, updated_at, public_id, hint, digest, pepper_id)
	VALUES (1, 1, 'doe ada', ?1, ?1, 's', 'ADMIN', 1, 2, 'p', 'h', ?2, ?3)`

// The table of keys is made anew under what refers to it, and holds what it held.
func TestP66KeysOutliveTheirTable(t *testing.T) {
	path, raw := older(t, "011_fewer_pages.sql")
	d := upgraded(t, path, raw)
	var kept string
	err := d.Read(t.Context()).Get(&kept, `
		SELECT k.id || k.name || k.public_id || hex(k.digest) || hex(k.ciphertext) || f.uuid
		  FROM api_keys k
		  JOIN token_families f ON f.key_id = k.id`)
	if err != nil || kept != "7Onep0203f" {
		t.Errorf("kept is %q: %v", kept, err)
	}
	add := func(name string, digest []byte, pepper int) (id int64, err error) {
		err = d.Write(t.Context(), func(tx *db.Tx) (err error) { id, err = tx.Insert(addKey, name, digest, pepper); return err })
		return id, err
	}
	if id, err := add("two", []byte{4}, 1); err != nil || id != 13 {
		t.Errorf("the next key is %d: %v", id, err)
	}
	if _, err := add("three", []byte{2}, 1); !db.Clashes(err, "api_keys.digest") {
		t.Errorf("of two with one digest: %v", err)
	}
	if _, err := add("one", []byte{5}, 1); !db.Clashes(err, "api_keys_name") {
		t.Errorf("of two with one name: %v", err)
	}
	for _, orphan := range []string{"DELETE FROM api_keys WHERE id = 7", "UPDATE api_keys SET owner_id = 99", "UPDATE api_keys SET pepper_id = 9"} {
		err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(orphan); return err })
		if err == nil {
			t.Errorf("%s went through", orphan)
		}
	}
}

// After their indexes were made anew, a name is still taken once by one owner in each home,
// and an organization that is deleted stays a home.
func TestP66KeysOutliveTheirIndexes(t *testing.T) {
	path, raw := older(t, "013_fewer_indexes.sql")
	run(t, raw, `
		UPDATE organizations SET deleted_at = 5;
		UPDATE api_keys SET deleted_at = 5, digest = NULL, ciphertext = NULL;
		INSERT INTO api_keys (org_id, owner_id, owner_sort, name, name_folded, search, role, created_at, updated_at, public_id, hint, digest, pepper_id)
		VALUES (1, 1, 'doe ada', 'One', 'one', 's', 'ADMIN', 1, 2, 'p', 'h', x'04', 1), (NULL, 1, 'doe ada', 'One', 'one', 's', 'ADMIN', 1, 2, 'p', 'h', x'05', 1)`)
	d := upgraded(t, path, raw)
	for _, org := range []any{1, nil} {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE api_keys SET org_id = ? WHERE deleted_at IS NULL", org)
			return err
		})
		if !db.Clashes(err, "api_keys_name") {
			t.Errorf("of two with one name in home %v: %v", org, err)
		}
	}
	var found int
	err := d.Read(t.Context()).Get(&found, `
		SELECT count(*)
		  FROM api_keys
		 WHERE COALESCE(org_id, 0) IN (SELECT id FROM key_homes)
		   AND owner_id = 1
		   AND deleted_at IS NULL`)
	if err != nil || found != 2 {
		t.Errorf("%d keys of one owner are found, want 2: %v", found, err)
	}
}

// A step after which rows refer to none is not taken.
func TestP66AStepThatLeavesOrphansIsUndone(t *testing.T) {
	path, raw := older(t, "011_fewer_pages.sql")
	run(t, raw, "UPDATE token_families SET key_id = 8")
	d, err := db.Open(t.Context(), path, time.Now)
	if err == nil {
		_ = d.Close()
		t.Error("it was brought up to date")
	}
	var keys int
	if err := raw.QueryRow("SELECT count(*) FROM api_keys WHERE id = 7").Scan(&keys); err != nil || keys != 1 {
		t.Errorf("%d keys are left: %v", keys, err)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
}
