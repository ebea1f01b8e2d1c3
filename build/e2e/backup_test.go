package e2e_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"filippo.io/age"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/build/e2e/leak"
	"keystead/shared/api"
)

// The whole drill with the binary: a backup by the command line while the server
// works, restored into another folder, served, signed in to, a key revealed.
func TestP65BackUpRestoreAndServe(t *testing.T) {
	t.Parallel()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	identity := filepath.Join(t.TempDir(), "identity")
	if err := os.WriteFile(identity, []byte(id.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	server := binary.Start(t, "--max-keys-per-user", "100000", "--backup-recipient", id.Recipient().String())
	admin := server.SetUp()
	known := admin.AddKey("known", api.Admin)
	admin.AddKey("idle", api.ReadOnly)

	var work sync.WaitGroup
	done := make(chan struct{})
	work.Go(func() {
		busy := server.ClientFor(t).Session(admin.Cookie().Name, admin.Cookie().Value)
		for i := 0; ; i++ {
			select {
			case <-done:
				return
			default:
				busy.Send(http.MethodPost, api.PathOrgKeys(1), binary.JSON{"name": fmt.Sprint("busy-", i), "role": "READONLY"}).Is(201)
			}
		}
	})
	folder := t.TempDir()
	backup := filepath.Join(folder, "keystead.backup.age")
	said := prints(t, server.Command("", "backup", backup))
	close(done)
	work.Wait()
	for _, word := range []string{backup, "read back and proven", "API keys", "does not hold the master key"} {
		if !strings.Contains(said, word) {
			t.Errorf("it does not say %q: %s", word, said)
		}
	}
	if strings.Contains(said, "not encrypted") {
		t.Errorf("the server's recipient is not taken: %s", said)
	}
	canary := []leak.Canary{{What: "the key", Value: secretPart(known.Value)[:32]}, {What: "the address", Value: binary.Email}}
	if found, read, err := leak.InFolder(folder, canary); err != nil || read < 10_000 || len(found) > 0 {
		t.Errorf("%v in %d bytes, %v", found, read, err)
	}
	refuses(t, server.Command("", "backup", backup), "already")

	off := false
	if err := offKey(admin, known.Key.ID, &off); err != nil {
		t.Fatal(err)
	}
	master := filepath.Join(server.Data, "master.key")
	drill := []string{"restore", "--check", backup, "--identity", identity, "--master-key-file", master}
	if said := prints(t, binary.Command(t, "", drill...)); !strings.Contains(said, "can be restored") {
		t.Errorf("the drill says %s", said)
	}
	refuses(t, binary.Command(t, "", "restore", backup, "--identity", identity, "--data", filepath.Join(t.TempDir(), "none")), "master key")
	refuses(t, server.Command("", "restore", backup, "--identity", identity), "another keystead")
	server.Stop()
	refuses(t, server.Command("", "restore", backup, "--identity", identity), "holds a database already")

	fresh := filepath.Join(t.TempDir(), "fresh")
	said = prints(t, binary.Command(t, "", "restore", backup, "--identity", identity, "--data", fresh, "--master-key-file", master, "--compare", server.Data))
	for _, word := range []string{"Restored " + backup, `"` + binary.OrgName + `"`, "none missing", `api_key.disable "known"`, "Every session"} {
		if !strings.Contains(said, word) {
			t.Errorf("it does not say %q: %s", word, said)
		}
	}
	again := binary.StartIn(t, fresh, "--master-key-file", master)
	again.ClientFor(t).Session("keystead_"+again.Port, admin.Cookie().Value).Send(http.MethodGet, api.PathMe, nil).Is(401)
	back := again.SignIn(binary.Email)
	shown := binary.Post[api.Revealed](back, api.PathKeyReveal(known.Key.ID), nil, 200)
	if shown.Value.Reveal() != known.Value.Reveal() {
		t.Error("the restored key shows another value")
	}
	if v := back.Verify(known.Value); !v.Valid {
		t.Errorf("the restored key is %s", v.Code)
	}
	if rows := prints(t, again.Command("", "audit", "verify")); !strings.Contains(rows, "none missing") {
		t.Error(rows)
	}
}

// offKey switches a key on or off.
func offKey(c *binary.Client, id api.KeyID, on *bool) error {
	if got := binary.Patch[api.Key](c, api.PathKey(id), binary.JSON{"enabled": *on}); got.Enabled != *on {
		return fmt.Errorf("the key stays %v", got.Enabled)
	}
	return nil
}

// Without a server the command opens the folder itself, and in it lies no secret.
func TestP65BackUpAStoppedServer(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	admin := server.SetUp()
	known := admin.AddKey("known", api.Admin)
	server.Stop()
	folder := t.TempDir()
	path := filepath.Join(folder, "plain.backup")
	if said := prints(t, server.Command("", "backup", path, "--master-key-file", filepath.Join(server.Data, "master.key"))); !strings.Contains(said, "not encrypted") {
		t.Error(said)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info.Mode(), err)
	}
	canary := []leak.Canary{{What: "the key", Value: secretPart(known.Value)[:32]}, {What: "the password", Value: binary.Password}}
	if found, read, err := leak.InFolder(folder, canary); err != nil || read < 10_000 || len(found) > 0 {
		t.Errorf("%v in %d bytes, %v", found, read, err)
	}
	misused(t, server.Command("", "backup"), "takes a file")
	refuses(t, server.Command("", "backup", filepath.Join(folder, "none", "x")), "none")
	misused(t, server.Command("", "backup", filepath.Join(folder, "x"), "--backup-recipient", "me"), "--backup-recipient")
	misused(t, server.Command("", "restore"), "keystead restore")
}

// The console tells how backups stand, and has one made.
func TestP65TheConsoleTellsOfBackups(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "backups")
	d := signedIn(t, "--backup-dir", folder, "--backup-every", "6h")
	d.visit(orgsScreen)
	d.Shows("The first backup is on its way.")
	d.Click(browser.Button("Back up now"))
	d.Shows("Last proven backup")
	d.Shows("just now")
	d.Shows("One is made every 6 hours, read back and proven.")
	d.Look("backups")
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(folder, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d.Click(browser.Button("Back up now"))
	d.Shows("The last backup failed just now.")
	d.Shows("Last proven backup")
	d.Look("backups-failed")
	if strings.Contains(d.Document(), folder) {
		t.Error("the document names a path of the server")
	}
}

func TestP65AConsoleWithoutBackupsSaysSo(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.visit(orgsScreen)
	d.Shows("Nothing is backed up.")
	d.Look("backups-none")
	d.server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort)
	if got := d.server.SignIn("sam.reed@example.com").Send(http.MethodGet, api.PathBackup, nil); got.Status != 403 {
		t.Errorf("without account:read: %d", got.Status)
	}
}

// A full disk leaves no half of a backup, is told of, and harms nothing.
func TestP65AFullDiskOfBackupsIsTold(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=64k,mode=0700"); err != nil {
		t.Skipf("only root can make a small disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(folder, syscall.MNT_DETACH) })
	server := binary.Start(t, "--backup-dir", folder)
	admin := server.SetUp()
	admin.Send(http.MethodPost, api.PathBackup, nil).Is(202)
	chromium.Open(t).Eventually("the failure", func() string {
		now := binary.Get[api.Backup](admin, api.PathBackup)
		if now.Failed == nil || now.Last != nil || now.Running {
			return fmt.Sprintf("it is %+v", now)
		}
		return want(now.Failed.Why, "There is no room for it.")
	})
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("there is %v, %v", left, err)
	}
	admin.AddKey("after", api.Admin)
	refuses(t, server.Command("", "backup", filepath.Join(folder, "x")), "no space left")
}

// A disk of backups that is away says so in the log and keeps nobody from verifying.
func TestP65ServesWithoutTheDiskOfItsBackups(t *testing.T) {
	server := binary.Start(t)
	admin := server.SetUp()
	key := admin.AddKey("k", api.ReadOnly)
	server.Stop()
	server = binary.StartIn(t, server.Data, "--backup-dir", filepath.Join(t.TempDir(), "away", "backups"))
	if v := server.SignIn(binary.Email).Verify(key.Value); !v.Valid {
		t.Errorf("%+v", v)
	}
	if !strings.Contains(server.Log(), "level=ERROR msg=\"backups can't be written\"") {
		t.Error("the log does not say so")
	}
}
