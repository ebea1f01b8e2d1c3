package faults_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/shared/perm"
)

// Whatever closes a descriptor of the database in the server's process lets go of all locks
// that SQLite has on it there: then another program that has a look would take the server for
// gone, and the WAL away.
// https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_
func TestP63P67NothingLetsGoOfTheDatabase(t *testing.T) {
	server := binary.StartIn(t, t.TempDir(), roomy...)
	server.SetUp()
	backup := filepath.Join(t.TempDir(), "backup")
	server.AddUser("sam.reed@example.com", perm.FullAdministrator, "")
	for _, command := range []string{
		"backup " + backup, "audit verify", "pepper rotate", "master-key rotate", "signing-key rotate", "clock follow",
		"user reset-password --email sam.reed@example.com --password-stdin", "user disable --email sam.reed@example.com",
	} {
		if got := server.Command(binary.Password+"\n", strings.Fields(command)...); got.Code != 0 {
			t.Errorf("%s: %+v", command, got)
		}
		if !locked(t, server) {
			t.Errorf("after %s the database is not locked any more", command)
		}
	}
}

// locked reports whether a process holds what SQLite calls a shared lock.
// https://www.sqlite.org/src/file?name=src/os.h&ci=trunk
func locked(t *testing.T, server *binary.Server) bool {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(server.Data, "keystead.db"), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	asked := syscall.Flock_t{Type: syscall.F_WRLCK, Start: 1<<30 + 2, Len: 510}
	if err := syscall.FcntlFlock(f.Fd(), syscall.F_GETLK, &asked); err != nil {
		t.Fatal(err)
	}
	return asked.Type != syscall.F_UNLCK
}
