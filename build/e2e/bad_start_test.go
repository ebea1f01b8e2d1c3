package e2e_test

import (
	"bytes"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/mattn/go-sqlite3" // to spoil databases

	"keystead/build/e2e/binary"
	"keystead/shared/api"
)

// base64Of is a file with so many bytes in base64.
func base64Of(n int) []byte {
	bytes := make([]byte, n)
	for i := range bytes {
		bytes[i] = byte(i)
	}
	return []byte(base64.StdEncoding.EncodeToString(bytes) + "\n")
}

// alter changes a database that no server has open.
func alter(path, statement string) error {
	d, err := sql.Open("sqlite3", "file:"+path)
	if err != nil {
		return err
	}
	_, err = d.Exec(statement)
	return errors.Join(err, d.Close())
}

// Each bad day with the master key or the database ends the start with one sentence,
// exit 1, and nothing changed.
func TestP04BadStarts(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	server.SetUp().AddKey("ci-runner", api.ReadOnly)
	server.Stop()
	other := binary.Start(t)
	other.Stop()
	read := func(path string) []byte {
		t.Helper()
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	master, foreign := read(filepath.Join(server.Data, "master.key")), read(filepath.Join(other.Data, "master.key"))
	for name, c := range map[string]struct {
		spoil func(folder, key string) error
		says  string
	}{
		"missing":  {func(_, key string) error { return os.Remove(key) }, "no master key"},
		"wrong":    {func(_, key string) error { return os.WriteFile(key, foreign, 0o600) }, "master key"},
		"readable": {func(_, key string) error { return os.Chmod(key, 0o644) }, "chmod 600"},
		"short":    {func(_, key string) error { return os.WriteFile(key, []byte("c2hvcnQ=\n"), 0o600) }, "32 bytes"},
		"group":    {func(_, key string) error { return os.Chmod(key, 0o660) }, "chmod 600"},
		"31 bytes": {func(_, key string) error { return os.WriteFile(key, base64Of(31), 0o600) }, "32 bytes"},
		"33 bytes": {func(_, key string) error { return os.WriteFile(key, base64Of(33), 0o600) }, "32 bytes"},
		"zeros": {func(_, key string) error {
			return os.WriteFile(key, []byte(base64.StdEncoding.EncodeToString(make([]byte, 32))), 0o600)
		}, "openssl rand"},
		"raw": {func(_, key string) error { return os.WriteFile(key, bytes.Repeat([]byte{0xff}, 32), 0o600) }, "32 bytes"},
		"of another kind": {func(_, key string) error {
			return os.WriteFile(key, []byte("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n"), 0o600)
		}, "32 bytes"},
		"a folder": {func(_, key string) error { return errors.Join(os.Remove(key), os.Mkdir(key, 0o700)) }, "plain file"},
		"a keyset of another kind": {func(folder, _ string) error {
			return alter(filepath.Join(folder, "keystead.db"), "UPDATE keyset SET sealed = x'00112233' WHERE purpose = 'values'")
		}, "master key"},
		"half a keyset": {func(folder, _ string) error {
			return alter(filepath.Join(folder, "keystead.db"), "DELETE FROM keyset WHERE purpose = 'audit'")
		}, "not whole"},
		"empty": {func(_, key string) error { return os.WriteFile(key, nil, 0o600) }, "32 bytes"},
		"a link": {func(folder, key string) error {
			aside := filepath.Join(folder, "aside")
			if err := os.Rename(key, aside); err != nil {
				return err
			}
			return os.Symlink(aside, key)
		}, "plain file"},
		"newer database": {func(folder, _ string) error {
			db, err := os.OpenFile(filepath.Join(folder, "keystead.db"), os.O_RDWR, 0)
			if err != nil {
				return err
			}
			_, err = db.WriteAt([]byte{0, 0, 0x7f, 0xff}, 60) // user_version, SQLite file format section 1.3
			if closed := db.Close(); err == nil {
				err = closed
			}
			return err
		}, "newer keystead"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			if err := os.CopyFS(folder, os.DirFS(server.Data)); err != nil {
				t.Fatal(err)
			}
			key := filepath.Join(folder, "master.key")
			if err := os.Chmod(key, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := c.spoil(folder, key); err != nil {
				t.Fatal(err)
			}
			database := filepath.Join(folder, "keystead.db")
			before := sha256.Sum256(read(database))
			got := binary.Command(t, "", "serve", "--data", folder, "--listen", "127.0.0.1:"+binary.FreePort(t))
			refuses(t, got, c.says)
			if sha256.Sum256(read(database)) != before {
				t.Error("the database changed")
			}
			if strings.Contains(got.Err, strings.TrimSpace(string(master))) || strings.Contains(got.Err, strings.TrimSpace(string(foreign))) {
				t.Error("the sentence holds a master key")
			}
		})
	}
	t.Run("elsewhere and missing", func(t *testing.T) {
		refuses(t, binary.Command(t, "", "serve", "--data", t.TempDir(), "--master-key-file", filepath.Join(t.TempDir(), "none")), "no master key")
	})
	t.Run("two master keys", func(t *testing.T) {
		credentials := t.TempDir()
		if err := os.WriteFile(filepath.Join(credentials, "keystead.master-key"), master, 0o400); err != nil {
			t.Fatal(err)
		}
		refuses(t, binary.CommandEnv(t, []string{"CREDENTIALS_DIRECTORY=" + credentials}, "", "serve", "--data", server.Data,
			"--master-key-file", filepath.Join(server.Data, "master.key")), "two master keys")
	})
	t.Run("a credential that is not there", func(t *testing.T) {
		folder := t.TempDir()
		if err := os.CopyFS(folder, os.DirFS(server.Data)); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(folder, "master.key")); err != nil {
			t.Fatal(err)
		}
		before := sha256.Sum256(read(filepath.Join(folder, "keystead.db")))
		refuses(t, binary.CommandEnv(t, []string{"CREDENTIALS_DIRECTORY=" + t.TempDir()}, "", "serve", "--data", folder), "no master key")
		refuses(t, binary.Command(t, "", "serve", "--data", folder, "--master-key-file", filepath.Join(t.TempDir(), "keystead.master-key")), "no master key")
		if sha256.Sum256(read(filepath.Join(folder, "keystead.db"))) != before {
			t.Error("the database changed")
		}
	})
	t.Run("elsewhere", func(t *testing.T) {
		elsewhere := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(elsewhere, master, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(server.Data, "master.key")); err != nil {
			t.Fatal(err)
		}
		server.Args = []string{"--master-key-file", elsewhere}
		server.Run()
		admin := server.SignIn(binary.Email)
		admin.Send(http.MethodPost, api.PathKeyReveal(admin.Keys("").Items[0].ID), nil).Is(200)
	})
}
