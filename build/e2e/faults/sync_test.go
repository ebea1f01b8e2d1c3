package faults_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// A disk that once failed to sync has lost what nobody knows: the kernel forgets the
// pages and the next sync succeeds. So no change is taken until a restart has read what
// is there; keys are verified on.
func TestP63P64AFailedSyncIsNeverTriedAgain(t *testing.T) {
	server := binary.StartIn(t, t.TempDir(), roomy...)
	h := open(t, server)
	lift := inject(t, server, "fsync,fdatasync:error=EIO")
	first := h.edit(h.admin).Refused(503, fault.ReadOnlyStorage, "")
	if strings.Contains(first.Detail, "Nothing was changed") {
		t.Errorf("it can't know that: %s", first.Detail)
	}
	lift()
	for range 5 {
		h.edit(h.admin).Refused(503, fault.ReadOnlyStorage, "")
	}
	h.checkRefusals(t)
	server.Kill()
	server.Run()
	sound(t, server, nil)
	if got := h.edit(h.admin.At(server.URL(), &http.Transport{})); got.Status != http.StatusOK {
		t.Errorf("after a restart: %d %s", got.Status, got.Body)
	}
}

// A disk that failed to sync what the WAL held has lost pages of the file. Nothing writes
// over the WAL from then on, a stop neither: the next start carries all of it again.
func TestP63P64AFailedSyncOfTheFileKeepsTheWAL(t *testing.T) {
	server := binary.Prepare(t, short(t), t.TempDir(), roomy...)
	server.Run()
	h := open(t, server)
	database := filepath.Join(server.Data, "keystead.db")
	lift := inject(t, server, "fsync,fdatasync:error=EIO", database)
	const many = 500 // edits fill it
	for n := 0; h.edit(h.admin).Status == http.StatusOK; n++ {
		if n == many {
			t.Fatal("no sync failed, or nobody cared")
		}
	}
	lift()
	h.edit(h.admin).Refused(503, fault.ReadOnlyStorage, "")
	before := bytesOf(t, database+"-wal")
	_ = h.reads.Close()
	if code := server.End(); code != 1 {
		t.Errorf("a stop that loses something ends with %d", code)
	}
	if after := bytesOf(t, database+"-wal"); after == 0 || after != before {
		t.Errorf("of %d bytes in the WAL the stop left %d", before, after)
	}
	server.Run()
	sound(t, server, nil)
	if got := h.edit(h.admin.At(server.URL(), &http.Transport{})); got.Status != http.StatusOK {
		t.Errorf("after a restart: %d %s", got.Status, got.Body)
	}
}

// One write or sync of many fails, each time another one: what was answered as done is
// there after a kill, what was refused is not there or was said to be unknown.
func TestP64ASingleWriteFails(t *testing.T) {
	tries := size.Of(t, 8, 500, "failed writes and syncs")
	server := binary.Prepare(t, short(t), t.TempDir(), roomy...)
	server.Run()
	admin := server.SetUp()
	org := admin.Org().ID
	acked, refused := map[string]bool{}, 0
	for k := 1; k <= tries; k++ {
		call := "pwrite64"
		if k%4 == 0 {
			call = "fsync"
		}
		lift := inject(t, server, fmt.Sprintf("%s:error=EIO:when=%d", call, 1+k/2))
		for n := range 1 + k/2 {
			answer := admin.Send(http.MethodPost, api.PathOrgKeys(org), binary.JSON{"name": fmt.Sprintf("key %d %d", k, n), "role": "READONLY"})
			if answer.Status == http.StatusCreated {
				acked[answer.Header.Get("X-Request-Id")] = true
				continue
			}
			p := answer.Refused(503, fault.ReadOnlyStorage, "")
			if refused++; strings.Contains(p.Detail, "Nothing was changed") {
				acked[answer.Header.Get("X-Request-Id")] = false
			}
		}
		lift()
		server.Kill()
		server.Run()
		admin = admin.At(server.URL(), &http.Transport{DisableCompression: true})
		sound(t, server, acked)
		if t.Failed() {
			return
		}
	}
	if refused == 0 {
		t.Error("no write failed")
	}
}

// bytesOf is how long a file is, 0 where there is none.
func bytesOf(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0
	}
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}
