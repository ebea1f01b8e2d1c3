package backups_test

import (
	"context"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"keystead/server/audit"
	"keystead/server/config"
	"keystead/server/house"
	"keystead/server/testkit"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// stage is an installation with a value of every kind, and a folder for its backups.
type stage struct {
	*testkit.Kit
	dir   string
	org   api.OrgID
	admin api.UserID
	key   api.KeyID
	value string
}

func newStage(t *testing.T, change func(*config.Config)) *stage {
	t.Helper()
	s := &stage{dir: t.TempDir()}
	s.Kit = testkit.New(t, func(c *config.Config) {
		c.BackupDir = filepath.Join(s.dir, "scheduled")
		c.MaxKeysPerUser = 1_000_000
		if change != nil {
			change(c)
		}
	})
	s.Account()
	s.org, s.admin = s.Org("Ops X"), s.Person("Ada")
	s.Join(s.admin, 0, perm.FullAdministrator)
	_, err := s.Secrets.Add(t.Context(), s.As(s.admin), s.org)
	s.Must(err)
	var credential testkit.Credential
	s.key, credential = s.Key(s.admin, s.org, api.Admin, "first")
	s.value = strings.TrimPrefix(credential[0], "Authorization: Bearer ")
	s.Key(s.admin, 0, api.Admin, "global")
	return s
}

// make makes a backup and is its path.
func (s *stage) make(name string, recipients ...age.Recipient) string {
	s.T.Helper()
	path := filepath.Join(s.dir, name)
	_, err := s.Backups.Make(context.Background(), audit.Console(), path, recipients)
	s.Must(err)
	return path
}

// target is a fresh data folder with the master key in it.
func (s *stage) target() config.Config {
	s.T.Helper()
	cfg := config.Default()
	cfg.Data = s.T.(*testing.T).TempDir()
	master, err := os.ReadFile(s.Config.MasterKey())
	s.Must(err)
	s.Must(os.WriteFile(cfg.MasterKey(), master, 0o600))
	return cfg
}

func options() house.Options {
	return house.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler), Version: "test"}
}

// restored restores a backup into a fresh folder and opens that.
func (s *stage) restored(in house.Restore) (*house.House, string) {
	s.T.Helper()
	cfg := s.target()
	said, err := in.Do(context.Background(), cfg, options())
	s.Must(err)
	h, err := house.Open(context.Background(), cfg, options())
	s.Must(err)
	s.T.Cleanup(func() { s.Must(h.Close(context.Background())) })
	return h, said
}

// refused demands that a restore fails by one sentence that holds want, and that it
// leaves the data folder as it was.
func refused(t *testing.T, cfg config.Config, in house.Restore, want string) {
	t.Helper()
	before := listing(t, cfg.Data)
	said, err := in.Do(t.Context(), cfg, options())
	switch {
	case err == nil:
		t.Errorf("restored: %s", said)
	case !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n"):
		t.Errorf("refused by %q, want %q", err, want)
	}
	if after := listing(t, cfg.Data); after != before {
		t.Errorf("the folder was\n%s\nand is\n%s", before, after)
	}
}

// listing is every file of a folder with what it holds, "" where there is no folder.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		b.WriteString(path + " " + string(text) + "\n")
		return err
	})
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return b.String()
}

// identity is a new age identity and the file that holds it.
func identity(t *testing.T) (*age.X25519Identity, string) {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "identity")
	if err := os.WriteFile(path, []byte("# made for a test\n"+id.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return id, path
}

// names are the files in a folder.
func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func (s *stage) status() api.Backup {
	s.T.Helper()
	now, err := s.Backups.Now(context.Background())
	s.Must(err)
	return now
}
