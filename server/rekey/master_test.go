package rekey_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keystead/server/audit"
	"keystead/server/config"
	"keystead/server/db"
	"keystead/server/house"
	"keystead/server/seal"
)

var (
	testClock = time.Now
	quiet     = slog.New(slog.DiscardHandler)
)

// TestP03NothingIsLeftUnderTheOldMasterKey rotates twice while keys are added and judged.
func TestP03NothingIsLeftUnderTheOldMasterKey(t *testing.T) {
	s := newStage(t, 300)
	for range 2 {
		before := s.sealed()
		end := s.load(2)
		old := s.rotate()
		added, judged := end()
		if added == 0 || judged == 0 {
			t.Errorf("during the rotation %d were added, %d judged", added, judged)
		}
		s.shut(old)
		s.Must(s.DB.Checkpoint(ctx))
		s.gone("a key sealed by the old master key", before)
		s.whole("after the rotation")
	}
	s.Reopen(nil)
	s.whole("after a restart with the new master key")
	for act, want := range map[string]int64{"master_key.rotate": 2, "master_key.delete": 2, "data_key.delete": 2} {
		if n := s.Number("SELECT count(*) FROM audit WHERE act = ?", act); n != want {
			t.Errorf("%d rows of %s", n, act)
		}
	}
	if said, err := s.Rekey.MasterStatus(ctx); err != nil || !strings.Contains(said, "One master key") {
		t.Errorf("%s %v", said, err)
	}
}

// TestP03EveryCrashPointOpens: wherever a rotation is cut off, the next start opens with
// the key that it finds, brings it to its end, and the old key opens nothing more.
func TestP03EveryCrashPointOpens(t *testing.T) {
	s := newStage(t, 100)
	old, next := s.master(), seal.NewMaster()
	file := s.Config.MasterKey()
	check := func(point string, ended bool) {
		t.Helper()
		at := s.image()
		if ended {
			at.kept(point, old)
		}
		if ended == at.master().Equal(old) {
			t.Errorf("%s: the start ended the rotation: %v", point, !ended)
		}
		at.whole(point)
		if !ended {
			return
		}
		at.Must(at.Rekey.Round(ctx))
		at.shut(old)
		at.whole(point + ", carried over")
		if _, err := os.Stat(at.Config.MasterKey() + ".new"); !os.IsNotExist(err) {
			t.Errorf("%s: the file beside lies on", point)
		}
		at.Reopen(nil)
		at.whole(point + ", started again")
	}
	check("before the new master key", false)
	s.write(func(tx *db.Tx) error { return s.Seal.Rotate(tx, next, true) })
	check("after everything was sealed anew", true)
	name := file + ".until-" + s.Seal.Bridge().At.Format("20060102T150405Z")
	s.Must(os.WriteFile(name+".new", []byte(old.Text().Reveal()[:17]), 0o600))
	check("half of the old one kept", true)
	_, err := old.Keep(name)
	s.Must(err)
	check("the old one kept", true)
	s.Must(os.WriteFile(file+".new", []byte(next.Text().Reveal()[:17]), 0o600))
	check("half of the file beside written", true)
	s.Must(os.WriteFile(file+".new", []byte(next.Text().Reveal()+"\n"), 0o600))
	check("the file beside written", true)
	s.Must(next.Replace(file))
	check("the file replaced", true)
	s.write(s.Seal.Burn)
	check("the bridge burnt", true)
	part := s.Rekey.Parts[0]
	ids, err := part.Stale(s.DB.Read(ctx), 0, 40)
	s.Must(err)
	s.write(func(tx *db.Tx) error {
		for _, id := range ids {
			if err := part.Renew(tx, id); err != nil {
				return err
			}
		}
		return nil
	})
	check("some values carried over", true)
	for _, part := range s.Rekey.Parts[:2] {
		ids, err := part.Stale(s.DB.Read(ctx), 0, 1000)
		s.Must(err)
		s.write(func(tx *db.Tx) error {
			for _, id := range ids {
				s.Must(part.Renew(tx, id))
			}
			return nil
		})
	}
	check("all values carried over", true)
	s.write(func(tx *db.Tx) error { return s.Seal.DropDataKeys(tx, s.Seal.Prefix()) })
	check("the old data key dropped", true)
}

// TestTheOldMasterKeyIsKept: backups of its time need it, so it lies beside the new one
// under its time, and the answer says where.
func TestTheOldMasterKeyIsKept(t *testing.T) {
	s := newStage(t, 3)
	var olds []seal.Master
	for n := range 3 { // within a second, perhaps
		backup := filepath.Join(t.TempDir(), "keystead.backup")
		_, err := s.Backups.Make(ctx, audit.Console(), backup, nil)
		s.Must(err)
		before := s.master()
		olds = append(olds, before)
		said, err := s.Rekey.RotateMaster(ctx, nil)
		s.Must(err)
		if strings.Contains(said, before.Text().Reveal()) || !strings.Contains(said, "Backups made until now need the old one") {
			t.Errorf("rotation %d says %q", n, said)
		}
		kept := s.kept("after it", olds...)
		path := kept[before.Text().Reveal()]
		if !strings.Contains(said, path) {
			t.Errorf("%q does not say %s", said, path)
		}
		cfg := s.Config
		cfg.MasterKeyFile = path
		if _, err := (house.Restore{File: backup, Check: true}).Do(ctx, cfg, house.Options{Now: testClock, Log: quiet, Version: "test"}); err != nil {
			t.Errorf("the backup of before: %v", err)
		}
	}
}

// A file that can't be kept stops the rotation before anything is changed; one that is
// gone is mended by it.
func TestAMasterKeyThatCannotBeKept(t *testing.T) {
	s := newStage(t, 3)
	old, file := s.master(), s.Config.MasterKey()
	s.Must(os.Chmod(file, 0o644))
	if _, err := s.Rekey.RotateMaster(ctx, nil); err == nil || !strings.Contains(err.Error(), "others can read") {
		t.Errorf("it was rotated: %v", err)
	}
	s.Must(os.Chmod(file, 0o600))
	if !s.master().Equal(old) || s.Seal.Bridge() != nil {
		t.Error("something was changed")
	}
	s.Must(os.Remove(file))
	if said, err := s.Rekey.RotateMaster(ctx, nil); err != nil || strings.Contains(said, "old one") {
		t.Errorf("%s %v", said, err)
	}
	s.shut(old)
	s.whole("with a file that was gone")
}

// TestAMasterKeyOfTheOperators: Keystead seals by it and leaves the files alone. Until
// the first start with it either key opens the database.
func TestAMasterKeyOfTheOperators(t *testing.T) {
	s := newStage(t, 5)
	folder := t.TempDir()
	first, second, third := filepath.Join(folder, "first"), filepath.Join(folder, "second"), filepath.Join(folder, "third")
	made := map[string]seal.Master{}
	for _, path := range []string{first, second, third} {
		m, err := seal.MakeMaster(path)
		s.Must(err)
		made[path] = m
	}
	inUse := s.master()
	if _, err := s.Rekey.RotateMaster(ctx, &inUse); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("the key in use was taken: %v", err)
	}
	in := func(path string) func(*config.Config) { return func(c *config.Config) { c.MasterKeyFile = path } }
	give := func(path string) string {
		t.Helper()
		m := made[path]
		said, err := s.Rekey.RotateMaster(ctx, &m)
		s.Must(err)
		return said
	}

	// Out of the data folder.
	old := s.master()
	if said := give(first); !strings.Contains(said, "--master-key-file") || strings.Contains(said, made[first].Text().Reveal()) {
		t.Errorf("it says %q", said)
	}
	s.Reopen(nil) // not yet changed
	s.whole("with the old file")
	if !s.master().Equal(old) || s.Seal.Bridge() == nil || !strings.Contains(s.Logged(), "this is the old master key") {
		t.Error("a start with the old file was no start between the keys")
	}
	other := made[second]
	if _, err := s.Rekey.RotateMaster(ctx, &other); err == nil || !strings.Contains(err.Error(), "has not ended") {
		t.Errorf("another rotation began: %v", err)
	}
	if _, err := s.Rekey.RotateMaster(ctx, nil); err == nil || !strings.Contains(err.Error(), "waits for its new master key") {
		t.Errorf("it ended: %v", err)
	}
	if _, err := s.Rekey.RotatePepper(ctx); err != nil { // sealed by the new one, found over the bridge
		t.Error(err)
	}
	s.Reopen(nil)
	s.whole("with a pepper from between the keys")
	s.Reopen(in(first))
	s.Must(s.Rekey.Round(ctx))
	s.whole("with the new file")
	s.shut(old)

	// The file is the operator's: none is made.
	if _, err := s.Rekey.RotateMaster(ctx, nil); err == nil || !strings.Contains(err.Error(), "--new-master-key-file") {
		t.Errorf("the operator's key was replaced: %v", err)
	}
	// In its place, and ended without a restart.
	give(second)
	if said, err := s.Rekey.MasterStatus(ctx); err != nil || !strings.Contains(said, "the old one opens the database until") {
		t.Errorf("%s %v", said, err)
	}
	s.Must(os.Rename(second, first))
	if said, err := s.Rekey.RotateMaster(ctx, nil); err != nil || !strings.Contains(said, "opens nothing") {
		t.Errorf("%s %v", said, err)
	}
	s.shut(made[first])
	s.Reopen(nil)
	s.whole("with the file replaced")

	cfg := s.Config
	cfg.MasterKeyFile = third
	s.Must(s.Close(ctx))
	if said := refused(t, cfg); !strings.Contains(said, "does not open this database") {
		t.Error(said)
	}
	s.Kit.Start()
}

// TestACommandEndsNoRotation: until the server starts with the new master key either one
// opens the database, whatever is asked meanwhile with the new one.
func TestACommandEndsNoRotation(t *testing.T) {
	s := newStage(t, 5)
	path := filepath.Join(t.TempDir(), "new.key")
	next, err := seal.MakeMaster(path)
	s.Must(err)
	_, err = s.Rekey.RotateMaster(ctx, &next)
	s.Must(err)
	s.Must(s.Close(ctx))
	with := s.Config
	with.MasterKeyFile = path
	options := house.Options{Now: testClock, Log: quiet, Version: "test"}
	for command, want := range map[string]string{"master-key status": "the old one opens the database until", "audit verify": "holds"} {
		if said, err := house.Run(ctx, with, options, house.Command{Name: command}); err != nil || !strings.Contains(said, want) {
			t.Errorf("%s: %s %v", command, said, err)
		}
	}
	s.Kit.Start()
	s.whole("with the old file, after commands with the new one")
	old := s.master()
	s.Reopen(func(c *config.Config) { c.MasterKeyFile = path })
	s.shut(old)
	s.whole("with the new file")
}

// TestADamagedValueKeepsTheOldDataKey: it is named and stops nothing else.
func TestADamagedValueKeepsTheOldDataKey(t *testing.T) {
	s := newStage(t, 3)
	id, _ := s.add("damaged")
	var ciphertext []byte
	s.Must(s.DB.Read(ctx).Get(&ciphertext, "SELECT ciphertext FROM api_keys WHERE id = ?", id))
	ciphertext[20] ^= 1
	s.Exec("UPDATE api_keys SET ciphertext = ? WHERE id = ?", ciphertext, id)
	delete(s.values, id)
	said, err := s.Rekey.RotateMaster(ctx, nil)
	if err != nil || !strings.Contains(said, "1 stored value waits") || !strings.Contains(s.Logged(), "does not open and keeps its old data key") {
		t.Errorf("%s %v", said, err)
	}
	s.whole("beside a damaged value")
	ciphertext[20] ^= 1 // somebody had moved it, and puts it back
	s.Exec("UPDATE api_keys SET ciphertext = ? WHERE id = ?", ciphertext, id)
	s.Must(s.Rekey.Round(ctx))
	if _, dataKeys := s.Seal.Old(); dataKeys != 0 {
		t.Error("the old data key is still there")
	}
	s.whole("after all")
}
