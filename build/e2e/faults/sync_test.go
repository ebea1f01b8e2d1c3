package faults_test

import (
	"fmt"
	"net/http"
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

// One write or sync of many fails, each time another one: what was answered as done is
// there after a kill, what was refused is not there or was said to be unknown.
func TestP64ASingleWriteFails(t *testing.T) {
	tries := size.Of(t, 8, 500, "failed writes and syncs")
	server := binary.StartIn(t, t.TempDir(), roomy...)
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
