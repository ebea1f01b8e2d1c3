package backups_test

import (
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"keystead/server/config"
	"keystead/server/house"
	"keystead/server/testkit"
	"keystead/shared/api"
)

func every(d time.Duration, keep int) func(*config.Config) {
	return func(c *config.Config) { c.BackupEvery, c.BackupKeep = d, keep }
}

func TestP65TheScheduleMakesAndThinsOut(t *testing.T) {
	s := newStage(t, every(6*time.Hour, 3))
	dir := s.Config.BackupDir
	s.Backups.Tick(t.Context())
	if got := names(t, dir); len(got) != 1 || !strings.HasSuffix(got[0], "-20260504T120000Z.backup") {
		t.Fatalf("after the first tick: %v", got)
	}
	// What is not a scheduled backup of this account stays, however old.
	account := names(t, dir)[0][len("keystead-"):][:8]
	others := []string{"keystead-00000000-20200101T000000Z.backup", "keystead-" + account + "-20200101T000000Z-asked.backup", "notes.txt", "keystead-" + account + "-by-hand.backup"}
	for _, name := range others {
		s.Must(os.WriteFile(filepath.Join(dir, name), nil, 0o600))
	}
	half := filepath.Join(dir, ".keystead-"+account+"-20200101T000000Z.backup.part")
	s.Must(os.WriteFile(half, nil, 0o600))
	for range 20 {
		s.Pass(2 * time.Hour)
		s.Backups.Tick(t.Context())
	}
	got := slices.DeleteFunc(names(t, dir), func(n string) bool { return slices.Contains(others, n) })
	want := []string{}
	for _, at := range []string{"20260505T120000Z", "20260505T180000Z", "20260506T000000Z"} {
		want = append(want, "keystead-"+account+"-"+at+".backup")
	}
	if !slices.Equal(got, want) {
		t.Errorf("there are %v, want %v", got, want)
	}
	if n := len(names(t, dir)); n != len(want)+len(others) {
		t.Errorf("others went: %v", names(t, dir))
	}
	now := s.status()
	if now.Last == nil || !now.Last.At.Equal(time.Date(2026, 5, 6, 0, 0, 0, 0, time.UTC)) || now.Last.File != want[2] || now.Failed != nil || now.Running {
		t.Errorf("%+v", now)
	}
	if n := s.Number("SELECT count(*) FROM audit WHERE act = 'backup.make' AND caller = 'keystead'"); n != 7 {
		t.Errorf("%d backups in the audit log", n)
	}
}

// TestP65WhoAsksForBackupsPushesNoScheduledOneOut: by asking again and again.
func TestP65WhoAsksForBackupsPushesNoScheduledOneOut(t *testing.T) {
	s := newStage(t, every(24*time.Hour, 2))
	s.Backups.Tick(t.Context())
	scheduled := names(t, s.Config.BackupDir)
	for range 4 {
		s.Pass(time.Minute)
		_, err := s.Backups.Ask(t.Context(), s.As(s.admin))
		s.Must(err)
		s.rest()
	}
	got := names(t, s.Config.BackupDir)
	if len(got) != 3 || !slices.Contains(got, scheduled[0]) {
		t.Errorf("there are %v", got)
	}
}

// rest waits until no backup is being made.
func (s *stage) rest() {
	s.T.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(20 * time.Second); s.status().Running; <-look.C {
		if time.Now().After(deadline) {
			s.T.Fatal("it does not end")
		}
	}
}

func TestP65AClockThatWasSetBackMakesNoBackupWait(t *testing.T) {
	s := newStage(t, every(6*time.Hour, 9))
	s.Backups.Tick(t.Context())
	s.Pass(-48 * time.Hour)
	_, err := s.Do(t.Context(), house.Command{Name: "clock follow"}) // else time stays where it was
	s.Must(err)
	s.Backups.Tick(t.Context())
	if got := names(t, s.Config.BackupDir); len(got) != 2 {
		t.Errorf("%v", got)
	}
}

func TestP65AnInstallationThatIsNotSetUpIsNotBackedUp(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "scheduled")
	k := testkit.New(t, func(c *config.Config) { c.BackupDir, c.BackupEvery = dir, time.Hour })
	k.Backups.Tick(t.Context())
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%v", err)
	}
}

func TestP65AFailedBackupIsToldAndTriedAgain(t *testing.T) {
	s := newStage(t, every(6*time.Hour, 3))
	s.Backups.Tick(t.Context())
	last := s.status().Last
	s.Must(os.RemoveAll(s.Config.BackupDir))
	s.Must(os.WriteFile(s.Config.BackupDir, nil, 0o600)) // a file where the folder should be
	s.Pass(6 * time.Hour)
	s.Backups.Tick(t.Context())
	now := s.status()
	if now.Failed == nil || !now.Failed.At.Equal(s.DB.Now()) || now.Failed.Why == "" || *now.Last != *last {
		t.Fatalf("%+v", now)
	}
	scrape := httptest.NewRecorder()
	s.Metrics.Handler().ServeHTTP(scrape, httptest.NewRequest("GET", "/metrics", nil))
	says(t, scrape.Body.String(), "\nkeystead_backup_failing 1\n", fmt.Sprintf("\nkeystead_backup_proven_timestamp_seconds %g\n", float64(last.At.Unix())))
	s.Must(os.Remove(s.Config.BackupDir))
	s.Pass(9 * time.Minute)
	s.Backups.Tick(t.Context())
	if s.status().Failed == nil {
		t.Error("tried again within ten minutes")
	}
	s.Pass(time.Minute)
	s.Backups.Tick(t.Context())
	if now := s.status(); now.Failed != nil || !now.Last.At.Equal(s.DB.Now()) {
		t.Errorf("after ten minutes: %+v", now)
	}
}

// TestP65AMasterKeyThatIsGoneFailsTheNextProof: the file that restoring will take is
// read anew each time.
func TestP65AMasterKeyThatIsGoneFailsTheNextProof(t *testing.T) {
	s := newStage(t, every(6*time.Hour, 3))
	s.Must(os.Remove(s.Config.MasterKey()))
	s.Backups.Tick(t.Context())
	if now := s.status(); now.Failed == nil || now.Last != nil {
		t.Errorf("%+v", now)
	}
	if got := names(t, s.Config.BackupDir); len(got) != 0 {
		t.Errorf("%v", got)
	}
}

func TestP65TheDoorsOfBackups(t *testing.T) {
	s := newStage(t, nil)
	session := s.Session(s.admin)
	got := testkit.Read[api.Backup](s.Kit, s.Send(session, "GET "+api.PathBackup, ""), 200)
	if !got.Folder || got.EverySeconds == nil || *got.EverySeconds != 86400 || got.Last != nil || got.Failed != nil || got.Running || got.Encrypted {
		t.Errorf("before: %+v", got)
	}
	if asked := testkit.Read[api.Backup](s.Kit, s.Send(session, "POST "+api.PathBackup, ""), 202); !asked.Running && asked.Last == nil {
		t.Errorf("asked: %+v", asked)
	}
	s.rest()
	got = testkit.Read[api.Backup](s.Kit, s.Send(session, "GET "+api.PathBackup, ""), 200)
	if got.Last == nil || got.Last.Size == 0 || !strings.HasSuffix(got.Last.File, "-asked.backup") {
		t.Errorf("after: %+v", got)
	}
	if n := s.Number("SELECT count(*) FROM audit WHERE act = 'backup.make' AND user_id = ? AND caller = 'session'", s.admin); n != 1 {
		t.Errorf("%d rows of the audit log", n)
	}
	s.Exec("UPDATE sessions SET elevated_until = NULL")
	if got := s.Send(session, "POST "+api.PathBackup, ""); got.Code() != "elevation_required" {
		t.Errorf("without a fresh proof of identity: %d %s", got.Status, got.Body)
	}
	off := testkit.NewCast(testkit.New(t, nil))
	if got := off.Send(off.Session(off.Admin), "POST "+api.PathBackup, ""); got.Status != 409 || got.Code() != "backup_off" {
		t.Errorf("without a folder: %d %s", got.Status, got.Body)
	}
}
