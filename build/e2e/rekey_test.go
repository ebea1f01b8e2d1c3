package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/shared/api"
)

// The keys under everything, replaced by the commands: by the running server, and on a
// folder that none serves.
func TestP03KeysAreReplacedByCommand(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	admin := server.SetUp()
	added := admin.AddKey("ci-runner", api.Admin)
	file := filepath.Join(server.Data, "master.key")
	read := func() string {
		t.Helper()
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(text))
	}
	whole := func(when string) {
		t.Helper()
		if v := server.Bearer(added.Value).Verify(added.Value); !v.Valid {
			t.Errorf("%s: the key is %s", when, v.Code)
		}
		admin := server.SignIn(binary.Email)
		if got := binary.Post[api.Revealed](admin, api.PathKeyReveal(added.Key.ID), nil, 200); got.Value.Reveal() != added.Value.Reveal() {
			t.Errorf("%s: another value is shown", when)
		}
	}
	says := func(got binary.Result, words ...string) {
		t.Helper()
		if got.Code != 0 || strings.Contains(got.Out, read()) {
			t.Fatalf("exit %d: %s%s", got.Code, got.Out, got.Err)
		}
		for _, word := range words {
			if !strings.Contains(got.Out, word) {
				t.Errorf("%q does not say %q", got.Out, word)
			}
		}
	}

	keys := []string{read()}
	says(server.Command("", "master-key", "rotate"), "holds a new master key", file+".until-", "All stored values are sealed by the newest data key")
	keys = append(keys, read())
	says(server.Command("", "pepper", "rotate"), "is the one in use")
	says(server.Command("", "master-key", "status"), "One master key")
	whole("by the running server")
	admin.Send(http.MethodGet, api.PathMe, nil).Is(200) // the session goes on

	server.Stop()
	says(server.Command("", "master-key", "rotate"), "holds a new master key")
	keys = append(keys, read())
	says(server.Command("", "pepper", "rotate"), "is the one in use")
	server.Run()
	whole("on the folder")
	if keys[0] == keys[1] || keys[1] == keys[2] {
		t.Error("the file holds an old master key")
	}

	next := filepath.Join(t.TempDir(), "new.key")
	if err := os.WriteFile(next, base64Of(32), 0o644); err != nil {
		t.Fatal(err)
	}
	refuses(t, server.Command("", "master-key", "rotate", "--new-master-key-file", next), "others can read")
	refuses(t, server.Command("", "master-key", "rotate", "--new-master-key-file", next+"x"), "no master key")
	misused(t, server.Command("", "master-key", "rotate", "more"), "--new-master-key-file")
	if err := os.Chmod(next, 0o600); err != nil {
		t.Fatal(err)
	}
	says(server.Command("", "master-key", "rotate", "--new-master-key-file", next), "--master-key-file", "until then the old one still opens")
	refuses(t, server.Command("", "master-key", "rotate"), "waits for its new master key")
	server.Kill()
	server.Run() // still with the old file
	whole("between two master keys")
	server.Stop()
	server.Args = []string{"--master-key-file", next}
	server.Run()
	whole("with the file elsewhere")
	says(server.Command("", "master-key", "status"), "One master key")
	server.Stop()
	server.Args = nil
	refuses(t, binary.Command(t, "", "serve", "--data", server.Data, "--listen", "127.0.0.1:"+binary.FreePort(t)), "does not open this database")
	server.Args = []string{"--master-key-file", next}
	server.Run()
	prints(t, server.Command("", "audit", "verify"))
}
