package backups_test

import (
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"keystead/server/audit"
	"keystead/server/backups"
	"keystead/server/config"
	"keystead/server/db"
	"keystead/server/house"
	"keystead/server/verify"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// says demands lines in what a command said.
func says(t *testing.T, said string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(said, want) {
			t.Errorf("it does not say %q:\n%s", want, said)
		}
	}
}

func TestP65ARestoreSaysWhatItFoundAndWhatWasRevokedSince(t *testing.T) {
	s := newStage(t, nil)
	off := s.Person("Otto")
	s.Join(off, s.org, perm.ReadOnly)
	path := s.make("one.backup")
	_, said := s.restored(house.Restore{File: path, Compare: s.Config.Data})
	says(t, said, "that is 1 act; nothing was taken away that the backup gives back.\n")
	s.Pass(time.Hour)
	no := false
	_, err := s.Keys.Edit(t.Context(), s.As(s.admin), s.key, api.EditKey{Enabled: &no})
	s.Must(err)
	_, err = s.House.Do(t.Context(), house.Command{Name: "user disable", Args: map[string]string{"email": "otto@northwind.example"}})
	s.Must(err)
	s.Key(s.admin, s.org, api.Admin, "added since")

	_, said = s.restored(house.Restore{File: path, Compare: s.Config.Data})
	says(t, said,
		`holds      "Northwind" (`, "as of 2026-05-04 12:00:00 UTC", "file       whole and unchanged, not encrypted", "database   sound",
		"values     2 API keys, 1 agent access key, 1 API shared secret: each opened", "audit log  ",
		"done after 2026-05-04 12:00:00 UTC is not in it",
		"4 acts; 2 of them took something away", // the backup's own row is one
		`2026-05-04 13:00:00 UTC  api_key.disable "first" (id 1) by ada@northwind.example`,
		`user.disable "otto@northwind.example"`, "by command line",
		"Every session, one-time link and token was ended")
	if strings.Contains(said, "added since") {
		t.Errorf("it lists what took nothing away:\n%s", said)
	}

	// With nothing but the head file of the lost folder it can count.
	lost := t.TempDir()
	head, err := os.ReadFile(s.Config.AuditHead())
	s.Must(err)
	s.Must(os.WriteFile(filepath.Join(lost, "audit.head"), head, 0o600))
	_, said = s.restored(house.Restore{File: path, Compare: lost})
	says(t, said, "that is 4 acts; without their database nobody knows which")
	other := newStage(t, nil)
	_, said = s.restored(house.Restore{File: path, Compare: other.Config.Data})
	says(t, said, "What that was is not known", "does not go on from this backup")
}

// A slip in the path to the lost folder reads like nothing was revoked since.
func TestP65WhatIsToBeComparedWithIsThere(t *testing.T) {
	s := newStage(t, nil)
	path, folder := s.make("one.backup"), t.TempDir()
	s.Must(os.Mkdir(filepath.Join(folder, "keystead.db"), 0o700))
	for _, lost := range []string{filepath.Join(folder, "none"), t.TempDir(), folder, path} {
		for _, check := range []bool{true, false} {
			refused(t, s.target(), house.Restore{File: path, Compare: lost, Check: check}, "compare")
		}
	}
}

func TestP65TheDrillProvesAndLeavesTheDataAlone(t *testing.T) {
	s := newStage(t, nil)
	id, file := identity(t)
	path := s.make("one.backup.age", id.Recipient())
	cfg := s.target()
	s.Must(os.WriteFile(cfg.Database(), []byte("in use"), 0o600))
	before := listing(t, cfg.Data)
	said, err := house.Restore{File: path, Identity: file, Check: true}.Do(t.Context(), cfg, options())
	s.Must(err)
	says(t, said, path+" can be restored.", "encrypted by age", "values     2 API keys")
	if after := listing(t, cfg.Data); after != before {
		t.Errorf("the folder was\n%s\nand is\n%s", before, after)
	}
}

// A name that ends in .age is no plain file: whoever sends it elsewhere counts on it.
func TestANamePromisesEncryption(t *testing.T) {
	id, file := identity(t)
	s := newStage(t, nil)
	for _, name := range []string{"one.backup.age", "two.AGE"} {
		path := filepath.Join(s.dir, name)
		if _, err := s.Backups.Make(t.Context(), audit.Console(), path, nil); err == nil || !strings.Contains(err.Error(), "--backup-recipient") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Lstat(path); !os.IsNotExist(err) {
			t.Errorf("%s was written", name)
		}
	}
	s.Reopen(func(c *config.Config) { c.BackupRecipient = id.Recipient().String() })
	s.restored(house.Restore{File: s.make("server.backup.age"), Identity: file})
}

func TestP65RecipientsOfBothKindsOpenABackup(t *testing.T) {
	s := newStage(t, nil)
	one, _ := identity(t)
	two, second := identity(t)
	s.restored(house.Restore{File: s.make("two.backup.age", one.Recipient(), two.Recipient()), Identity: second})
	later, err := age.GenerateHybridIdentity()
	s.Must(err)
	path := filepath.Join(t.TempDir(), "identity")
	s.Must(os.WriteFile(path, []byte(later.String()+"\n"), 0o600))
	s.restored(house.Restore{File: s.make("pq.backup.age", later.Recipient()), Identity: path})
}

// good demands that the first key is good in a house.
func (s *stage) good(h *house.House) {
	s.T.Helper()
	verdict, err := h.Verify.Check(s.T.Context(), s.value, verify.Target{})
	if err != nil || !verdict.Valid() {
		s.T.Errorf("the key is %s, %v", verdict.Code, err)
	}
}

// TestP65WhatEndedStaysEnded: sessions, links and tokens of the backup are not good again; the
// keys are.
func TestP65WhatEndedStaysEnded(t *testing.T) {
	s := newStage(t, nil)
	session := s.Session(s.admin)
	s.Exec("INSERT INTO one_time_tokens (digest, purpose, user_id, created_at, expires_at) VALUES (x'00', 'reset', ?, 0, 99999999999999)", s.admin)
	s.Exec("INSERT INTO token_families (uuid, org_id, user_id, password, created_at, expires_at) VALUES ('x', ?, ?, x'00', 0, 99999999999999)", s.org, s.admin)
	s.Exec("INSERT INTO refresh_tokens (digest, family_id, expires_at) SELECT x'00', id, 99999999999999 FROM token_families")
	h, _ := s.restored(house.Restore{File: s.make("one.backup")})
	var left int
	s.Must(h.DB.Read(t.Context()).Get(&left, "SELECT (SELECT count(*) FROM sessions) + (SELECT count(*) FROM one_time_tokens) + (SELECT count(*) FROM refresh_tokens)"))
	if left != 0 {
		t.Errorf("%d sessions, links and tokens", left)
	}
	if got := s.Send(session, "GET /v1/me", ""); got.Status != 200 {
		t.Errorf("in the installation that goes on: %d", got.Status)
	}
	s.good(h)
	var row struct {
		Act   string `db:"act"`
		Facts string `db:"facts"`
	}
	s.Must(h.DB.Read(t.Context()).Get(&row, "SELECT act, facts FROM audit ORDER BY id DESC LIMIT 1"))
	if row.Act != "backup.restore" || !strings.Contains(row.Facts, "2026-05-04T12:00:00Z") {
		t.Errorf("the log ends with %+v", row)
	}
	if rows, err := h.Trail.Verify(t.Context()); err != nil {
		t.Errorf("%d rows, %v", rows, err)
	}
}

// older is a backup in the schema before the newest: the migrations but the last,
// with the keys and the account of the stage.
func (s *stage) older() string {
	s.T.Helper()
	migrations, err := filepath.Glob("../db/migrations/*.sql")
	s.Must(err)
	path := filepath.Join(s.T.(*testing.T).TempDir(), "older.db")
	raw, err := sql.Open("sqlite3", path)
	s.Must(err)
	for _, m := range migrations[:len(migrations)-1] {
		text, err := os.ReadFile(m)
		s.Must(err)
		_, err = raw.Exec(string(text))
		s.Must(err)
	}
	_, err = raw.Exec(fmt.Sprintf("ATTACH %q AS now; INSERT INTO keyset SELECT * FROM now.keyset; INSERT INTO account SELECT * FROM now.account; PRAGMA user_version = %d",
		s.Config.Database(), len(migrations)-1))
	s.Must(err)
	s.Must(raw.Close())
	database, err := os.ReadFile(path)
	s.Must(err)
	line, err := json.Marshal(backups.Header{
		Version: "0.9", Schema: len(migrations) - 1, MadeAt: s.DB.Now(), AuditHead: audit.Head{}.String(),
		Size: int64(len(database)), SHA256: fmt.Sprintf("%x", sha256.Sum256(database)),
	})
	s.Must(err)
	head := fmt.Appendf(nil, "keystead backup 1\n%s\n", line)
	return put(s.T.(*testing.T), fmt.Appendf(nil, "%s%x %x\n%s", head, sha256.Sum256(head), s.Seal.Vouch(head), database))
}

func TestP65OlderBackupsAreBroughtUpToDate(t *testing.T) {
	s := newStage(t, nil)
	_, said := s.restored(house.Restore{File: s.older()})
	says(t, said, fmt.Sprintf("schema %d, brought to %d", db.Newest()-1, db.Newest()), `holds      "Northwind"`)
}

// TestP65ABackupComesBackByHandToo as the documents say: tail -n +4.
func TestP65ABackupComesBackByHandToo(t *testing.T) {
	s := newStage(t, nil)
	database := parts(t, s.make("one.backup"))[3]
	cfg := s.target()
	s.Must(os.WriteFile(cfg.Database(), database, 0o600))
	h, err := house.Open(t.Context(), cfg, options())
	s.Must(err)
	defer func() { s.Must(h.Close(t.Context())) }()
	s.good(h)
}
