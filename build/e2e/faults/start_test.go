package faults_test

import (
	"strings"
	"sync"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
)

// Of two that start at the same moment one has the data and the other says why it has
// not. The one that has it is killed: its lock is gone with it, and the next start is as
// any other.
func TestP67OfTwoStartsOneServes(t *testing.T) {
	races := size.Of(t, 10, 200, "races")
	folder := t.TempDir()
	for range races {
		pair := []*binary.Server{binary.Prepare(t, "", folder), binary.Prepare(t, "", folder)}
		serves := make([]bool, len(pair))
		var wait sync.WaitGroup
		for i, server := range pair {
			wait.Go(func() { serves[i] = server.Begin() })
		}
		wait.Wait()
		if serves[0] == serves[1] {
			t.Fatalf("the first serves: %v, the second: %v", serves[0], serves[1])
		}
		for i, server := range pair {
			switch {
			case serves[i]:
				server.Kill()
			case server.Code() != 1 || server.Log() != "keystead: another keystead uses this data folder\n":
				t.Errorf("the one that was late ended with %d: %s", server.Code(), server.Log())
			}
		}
	}
}

// What is locked and synced on another machine may be neither: who puts the data there
// is warned.
func TestP67ANetworkFilesystemIsWarnedOf(t *testing.T) {
	for magic, want := range map[string]string{
		"6969000000000000": "NFS", "424d53fe00000000": "SMB", "424d53ff00000000": "SMB", "7b51000000000000": "SMB", "53ef000000000000": "",
	} {
		server := binary.Prepare(t, "", t.TempDir())
		server.Under = []string{"strace", "-D", "-f", "-q", "-o", "/dev/null", "-e", "trace=statfs", "-e", "inject=statfs:poke_exit=@arg2=" + magic}
		server.Run()
		warned := strings.Contains(server.Log(), "network")
		if warned != (want != "") || !strings.Contains(server.Log(), want) {
			t.Errorf("on a filesystem of the kind %s, which is %q, the server says: %s", magic, want, server.Log())
		}
		server.Kill()
	}
}
