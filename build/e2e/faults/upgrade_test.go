package faults_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
	"keystead/shared/api"
)

// A database of each older schema is brought up to date by the next start, wherever the
// starts before it were killed on the way, with everything that was in it.
func TestP66AnUpgradeIsKilledAtAnyWrite(t *testing.T) {
	steps := migrations(t)
	full := t.TempDir()
	server := binary.StartIn(t, full, roomy...)
	h := open(t, server)
	server.Stop()
	kills := 0
	for version := 1; version < len(steps); version++ {
		old := older(t, full, steps[:version])
		for k := 1; ; k += size.Step(11) {
			folder := t.TempDir()
			copyFolder(t, old, folder)
			again := binary.Prepare(t, "", folder, roomy...)
			again.Under = []string{"strace", "-D", "-f", "-q", "-o", "/dev/null", "-e", "trace=pwrite64", "-e", fmt.Sprintf("inject=pwrite64:signal=SIGKILL:when=%d", k)}
			if again.Begin() {
				again.Kill()
				break // so many writes it does not take
			}
			kills++
			again.Under = nil
			again.Run()
			h.checkUpgraded(t, again, len(steps))
			again.Kill()
		}
	}
	size.Ran(t, len(steps)-1, "older schemas")
	size.Ran(t, kills, "kills")
	if kills == 0 {
		t.Error("no upgrade was killed")
	}
}

// checkUpgraded looks for everything of the older database.
func (h *opened) checkUpgraded(t *testing.T, server *binary.Server, version int) {
	t.Helper()
	d := database(t, server.Data)
	defer func() { _ = d.Close() }()
	var got int
	if err := d.QueryRow("PRAGMA user_version").Scan(&got); err != nil || got != version {
		t.Errorf("the schema is %d, want %d: %v", got, version, err)
	}
	sound(t, server, nil)
	key := server.Bearer(h.good.Value)
	if v := key.Verify(h.good.Value); !v.Valid || v.Name == nil || *v.Name != "good" {
		t.Errorf("a good key is %+v", v)
	}
	if v := key.Verify(h.bad.Value); v.Valid || v.Code != "DISABLED" {
		t.Errorf("a disabled key is %s", v.Code)
	}
	c := server.SignIn(binary.Email)
	if got := binary.Get[api.Role](c, api.PathRole(h.role)); got.Name != "Auditor of all" || len(got.Permissions) != 1 {
		t.Errorf("the role is %+v", got)
	}
	shown := binary.Post[api.Revealed](c, api.PathKeyReveal(h.good.Key.ID), nil, http.StatusOK)
	if shown.Value.Reveal() != h.good.Value.Reveal() {
		t.Error("the good key shows another value")
	}
}

// migrations are the files of the schema, the oldest first.
func migrations(t *testing.T) []string {
	t.Helper()
	steps, err := filepath.Glob(filepath.Join(binary.Root, "server/db/migrations/*.sql"))
	if err != nil || len(steps) < 2 {
		t.Fatalf("%d migrations: %v", len(steps), err)
	}
	slices.Sort(steps)
	return steps
}

// older is the data folder as a server with only these steps of the schema would have
// left it: its tables, with what they know to keep of the rows of today.
func older(t *testing.T, today string, steps []string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	copyFolder(t, today, folder)
	if err := os.Rename(filepath.Join(folder, "keystead.db"), filepath.Join(folder, "today.db")); err != nil {
		t.Fatal(err)
	}
	d := database(t, folder)
	defer func() { _ = d.Close() }()
	exec := func(query string) {
		t.Helper()
		if _, err := d.Exec(query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	exec("PRAGMA journal_mode = WAL")
	for _, step := range steps {
		text, err := os.ReadFile(step)
		if err != nil {
			t.Fatal(err)
		}
		exec(string(text))
	}
	exec(fmt.Sprintf("PRAGMA user_version = %d", len(steps)))
	exec("ATTACH '" + filepath.Join(folder, "today.db") + "' AS today")
	// First the peppers, without which no digest is taken.
	for _, table := range list(t, d, "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name IN (SELECT name FROM today.sqlite_schema) ORDER BY name <> 'keyset'") {
		columns := strings.Join(list(t, d, fmt.Sprintf(
			"SELECT name FROM pragma_table_info('%s', 'main') WHERE name IN (SELECT name FROM pragma_table_info('%s', 'today'))", table, table)), ", ")
		exec(fmt.Sprintf("INSERT OR IGNORE INTO main.%s (%s) SELECT %s FROM today.%s", table, columns, columns, table))
	}
	exec("DETACH today")
	if err := os.Remove(filepath.Join(folder, "today.db")); err != nil {
		t.Fatal(err)
	}
	return folder
}

// database opens that of a folder, on one connection.
func database(t *testing.T, folder string) *sql.DB {
	t.Helper()
	d, err := sql.Open("sqlite3", "file:"+filepath.Join(folder, "keystead.db")+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	d.SetMaxOpenConns(1)
	return d
}

func list(t *testing.T, d *sql.DB, query string) (names []string) {
	t.Helper()
	rows, err := d.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

// copyFolder copies the files that hold data.
func copyFolder(t *testing.T, from, to string) {
	t.Helper()
	for _, name := range []string{"keystead.db", "keystead.db-wal", "master.key", "audit.head"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if os.IsNotExist(err) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, name), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
