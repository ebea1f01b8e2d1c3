package faults_test

import (
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
	"keystead/shared/api"
)

// Bits of the database or its WAL are flipped. The server then starts or says in one
// sentence why not; it takes no bad key for a good one, shows no value but the right
// one, prints no secret, and ends when it is told to.
func TestP64FlippedBits(t *testing.T) {
	copies := size.Of(t, 24, 2000, "damaged copies")
	server := binary.StartIn(t, t.TempDir(), roomy...)
	h := open(t, server)
	for i := range 20 { // so that the WAL and more than one page of each table hold something
		h.admin.AddKey(strings.Repeat("x", 200)+string(rune('a'+i)), api.ReadOnly)
	}
	server.Stop() // all that is carried into the file
	server.Run()
	h.admin = h.admin.At(server.URL(), &http.Transport{DisableCompression: true})
	h.admin.Send(http.MethodDelete, api.PathKey(h.bad.Key.ID), nil).Is(http.StatusNoContent)
	server.Kill() // with the WAL still there
	random := rand.New(rand.NewPCG(64, 0))
	refused := 0
	for i := range copies {
		folder := t.TempDir()
		copyFolder(t, server.Data, folder)
		name := []string{"keystead.db", "keystead.db-wal"}[i%2]
		damage(t, filepath.Join(folder, name), 1+random.IntN(30), random)
		again := binary.Prepare(t, "", folder, roomy...)
		if !again.Begin() {
			refused++
			if lines := strings.Split(strings.TrimSpace(again.Log()), "\n"); again.Code() != 1 || !strings.HasPrefix(lines[len(lines)-1], "keystead: ") {
				t.Errorf("it ended with %d: %s", again.Code(), again.Log())
			}
		} else {
			h.askDamaged(t, again)
			again.Kill()
		}
		for _, secret := range []string{h.good.Value.Reveal(), h.bad.Value.Reveal(), binary.Password} {
			if strings.Contains(again.Log()+again.Out(), secret) {
				t.Error("it prints a secret")
			}
		}
	}
	t.Logf("%d of %d were not started with", refused, copies)
}

// damage flips bits, half of them in the first pages, which lead to all others.
func damage(t *testing.T, path string, bits int, random *rand.Rand) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range bits {
		n := len(text)
		if random.IntN(2) == 0 {
			n = min(n, 3*4096)
		}
		text[random.IntN(n)] ^= 1 << random.IntN(8)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// askDamaged asks a server on damaged data. Any refusal will do. Where the end of the WAL
// is unreadable SQLite takes the database as it was before: then a deleted key is back,
// and the log of the start says so.
func (h *opened) askDamaged(t *testing.T, server *binary.Server) {
	t.Helper()
	c := server.ClientFor(t)
	older := strings.Contains(server.Log(), "the audit log does not end where it should")
	for _, by := range []api.Secret{h.good.Value, h.bad.Value} {
		c := c.With("Authorization", "Bearer "+by.Reveal())
		if me := c.Send(http.MethodGet, api.PathMe, nil); me.Status == http.StatusOK && by.Reveal() == h.bad.Value.Reveal() && !older {
			t.Error("a deleted key opens the door")
		}
		verdict := c.Send(http.MethodPost, api.PathVerify, binary.JSON{"key": h.bad.Value.Reveal()})
		if verdict.Status == http.StatusOK && binary.Into[api.Verdict](verdict, http.StatusOK).Valid && !older {
			t.Error("a deleted key is good")
		}
		shown := c.Send(http.MethodPost, api.PathKeyReveal(h.good.Key.ID), nil)
		if shown.Status == http.StatusOK && binary.Into[api.Revealed](shown, http.StatusOK).Value.Reveal() != h.good.Value.Reveal() {
			t.Error("a key shows a value that was never its own")
		}
	}
	if in := c.Send(http.MethodPost, api.PathSession, binary.JSON{"email": binary.Email, "password": "another lantern quarry 52"}); in.Status == http.StatusOK {
		t.Error("a wrong password signs in")
	}
}
