package backups_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keystead/server/config"
	"keystead/server/house"
)

// parts are the three lines of a backup and the database behind them.
func parts(t *testing.T, file string) [][]byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.SplitN(text, []byte("\n"), 4)
}

// put writes a file that is no backup any more.
func put(t *testing.T, text []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "damaged.backup")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestP65NoBitOfABackupMayFlip flips one in each byte of the lines in front, and in
// many places of the rest, plain and encrypted.
func TestP65NoBitOfABackupMayFlip(t *testing.T) {
	s := newStage(t, nil)
	id, file := identity(t)
	random := rand.New(rand.NewPCG(65, 0))
	cfg := s.target()
	for path, in := range map[string]house.Restore{
		s.make("plain.backup"):                     {},
		s.make("crypt.backup.age", id.Recipient()): {Identity: file},
	} {
		good, err := os.ReadFile(path)
		s.Must(err)
		lines := 0
		for range 3 {
			lines += bytes.IndexByte(good[lines:], '\n') + 1
		}
		var places []int
		for at := range min(lines, 800) {
			places = append(places, at)
		}
		for range 60 {
			places = append(places, random.IntN(len(good)))
		}
		places = append(places, len(good)-1)
		in.File = put(t, good)
		f, err := os.OpenFile(in.File, os.O_WRONLY, 0)
		s.Must(err)
		for _, at := range places {
			bad := good[at] ^ 1<<random.IntN(8)
			_, err := f.WriteAt([]byte{bad}, int64(at))
			s.Must(err)
			if said, err := in.Do(t.Context(), cfg, options()); err == nil || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s with %#x for %#x at %d: %q %v", filepath.Base(path), bad, good[at], at, said, err)
			}
			_, err = f.WriteAt(good[at:at+1], int64(at))
			s.Must(err)
		}
		s.Must(f.Close())
		if got := names(t, cfg.Data); len(got) != 1 {
			t.Fatalf("in the folder lie %v", got)
		}
		in.Check = true
		if _, err := in.Do(t.Context(), cfg, options()); err != nil {
			t.Errorf("put right again: %v", err)
		}
	}
}

func TestP65ACutOrLongerBackupIsRefused(t *testing.T) {
	s := newStage(t, nil)
	id, file := identity(t)
	for path, in := range map[string]house.Restore{
		s.make("plain.backup"):                     {},
		s.make("crypt.backup.age", id.Recipient()): {Identity: file},
	} {
		good, err := os.ReadFile(path)
		s.Must(err)
		for _, keep := range []int{0, 1, 10, 17, 18, 19, 60, 300, 500, 4096, len(good) / 2, len(good) - 4096, len(good) - 1} {
			in.File = put(t, good[:keep])
			refused(t, s.target(), in, "")
		}
		in.File = put(t, append(bytes.Clone(good), 'x'))
		refused(t, s.target(), in, "damaged")
	}
}

func TestP65WhatDoesNotOpenIsSaidInOneSentence(t *testing.T) {
	s, other := newStage(t, nil), newStage(t, nil)
	id, right := identity(t)
	_, wrong := identity(t)
	plain, crypt := s.make("plain.backup"), s.make("crypt.backup.age", id.Recipient())
	cfg := func(change func(*config.Config)) config.Config { c := s.target(); change(&c); return c }
	same := func(*config.Config) {}
	for name, c := range map[string]struct {
		cfg  config.Config
		in   house.Restore
		want string
	}{
		"another master key":       {other.target(), house.Restore{File: plain}, "the master key does not open this database"},
		"another one, encrypted":   {other.target(), house.Restore{File: crypt, Identity: right}, "the master key does not open this database"},
		"no master key":            {cfg(func(c *config.Config) { s.Must(os.Remove(c.MasterKey())) }), house.Restore{File: plain}, "there is no master key at"},
		"a readable master key":    {cfg(func(c *config.Config) { s.Must(os.Chmod(c.MasterKey(), 0o644)) }), house.Restore{File: plain}, "others can read the master key"},
		"no folder, no master key": {cfg(func(c *config.Config) { c.Data += "/new" }), house.Restore{File: plain}, "there is no master key at"},
		"no folder, a wrong one": {cfg(func(c *config.Config) { c.MasterKeyFile = other.Config.MasterKey(); c.Data += "/new" }),
			house.Restore{File: plain}, "the master key does not open this database"},
		"no identity":              {cfg(same), house.Restore{File: crypt}, "name the file with your age identity"},
		"another identity":         {cfg(same), house.Restore{File: crypt, Identity: wrong}, "encrypted for somebody else"},
		"an identity that is none": {cfg(same), house.Restore{File: crypt, Identity: plain}, "holds no age identity"},
		"no such identity":         {cfg(same), house.Restore{File: crypt, Identity: "nowhere"}, "can't read the identity"},
		"no such file":             {cfg(same), house.Restore{File: "nowhere"}, "can't read the backup"},
		"a folder":                 {cfg(same), house.Restore{File: t.TempDir()}, "not a backup"},
		"a database":               {cfg(same), house.Restore{File: s.Config.Database()}, "not a backup"},
		"the folder of a server":   {s.Config, house.Restore{File: plain}, "another keystead uses this data folder"},
		"a folder with a database": {cfg(func(c *config.Config) { s.Must(os.WriteFile(c.Database(), []byte("old"), 0o600)) }),
			house.Restore{File: plain}, "holds a database already"},
		"a folder with a WAL": {cfg(func(c *config.Config) { s.Must(os.WriteFile(c.Database()+"-wal", []byte("old"), 0o600)) }),
			house.Restore{File: plain}, "holds a database already"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, c.cfg, c.in, c.want) })
	}
}

// resummed is a backup after somebody without the master key changed it with care: the
// sums are right again.
func resummed(t *testing.T, file string, change func(lines [][]byte)) string {
	t.Helper()
	lines := parts(t, file)
	had := fmt.Sprintf("%x", sha256.Sum256(lines[3]))
	change(lines)
	lines[1] = bytes.Replace(lines[1], []byte(had), fmt.Appendf(nil, "%x", sha256.Sum256(lines[3])), 1)
	head := append(bytes.Join(lines[:2], []byte("\n")), '\n')
	_, mac, _ := bytes.Cut(lines[2], []byte(" "))
	lines[2] = fmt.Appendf(nil, "%x %s", sha256.Sum256(head), mac)
	return put(t, bytes.Join(lines, []byte("\n")))
}

func TestP65AForgedOrNewerBackupIsRefused(t *testing.T) {
	s := newStage(t, nil)
	path := s.make("one.backup")
	change := func(line int, from, to string) func([][]byte) {
		return func(lines [][]byte) {
			if !bytes.Contains(lines[line], []byte(from)) {
				t.Fatalf("there is no %q", from)
			}
			lines[line] = bytes.Replace(lines[line], []byte(from), []byte(to), 1)
		}
	}
	schema := fmt.Sprintf(`"schema":%d`, s.Number("PRAGMA user_version"))
	for name, c := range map[string]struct {
		change func([][]byte)
		want   string
	}{
		"nothing":                  {func([][]byte) {}, ""},
		"a newer schema":           {change(1, schema, `"schema":9999`), "newer keystead (schema 9999"},
		"a newer format":           {change(0, "backup 1", "backup 2"), "of a newer one, or damaged"},
		"a number that is none":    {change(0, "backup 1", "backup !"), "the backup is damaged"},
		"a line that is longer":    {change(0, "backup 1", "backup 1."), "the backup is damaged"},
		"a word that is another":   {change(0, "keystead", "kexstead"), "or its first line is damaged"},
		"an older schema":          {change(1, schema, `"schema":1`), "was changed after it was made"},
		"another time":             {change(1, `"made_at":"2026-`, `"made_at":"2025-`), "was changed after it was made"},
		"a name in the database":   {change(3, "ada@northwind.example", "eve@northwind.example"), "was changed after it was made"},
		"a page of the database":   {func(l [][]byte) { copy(l[3][len(l[3])-4096:], make([]byte, 4096)) }, "is not sound"},
		"the head of the database": {func(l [][]byte) { copy(l[3], "something else, 100 bytes") }, "is not sound"},
	} {
		t.Run(name, func(t *testing.T) {
			in := house.Restore{File: resummed(t, path, c.change)}
			if c.want == "" {
				s.restored(in)
				return
			}
			refused(t, s.target(), in, c.want)
		})
	}
}

// TestP65AValueThatDoesNotOpenIsNoBackup: what is stored must open and be what its
// digest finds, else the backup gets no name.
func TestP65AValueThatDoesNotOpenIsNoBackup(t *testing.T) {
	for name, damage := range map[string]string{
		"a ciphertext of another row": "UPDATE api_keys SET ciphertext = (SELECT ciphertext FROM api_keys WHERE name = 'global') WHERE name = 'first'",
		"another digest":              "UPDATE api_keys SET digest = zeroblob(32) WHERE name = 'first'",
		"the agent access key":        "UPDATE secrets SET ciphertext = zeroblob(80) WHERE kind = 'agent-access-key'",
		"the shared secret":           "UPDATE secrets SET uuid = 'moved' WHERE kind = 'shared-secret'",
		"an audit row":                "DROP TRIGGER audit_stays; UPDATE audit SET act = 'user.add' WHERE id = 2",
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage(t, nil)
			s.Exec(damage)
			path := filepath.Join(s.dir, "bad.backup")
			_, err := s.Backups.Make(t.Context(), s.As(s.admin), path, nil)
			if err == nil || !strings.Contains(err.Error(), "does not hold") {
				t.Errorf("made: %v", err)
			}
			if got := names(t, s.dir); len(got) != 0 {
				t.Errorf("there is %v", got)
			}
		})
	}
}
