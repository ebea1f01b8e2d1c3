package netography_test

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"keystead/server/testkit"
	"keystead/shared/api"
)

// TestTheReadmesRecipeWorks runs it as it stands there, with the shell, openssl and curl.
func TestTheReadmesRecipeWorks(t *testing.T) {
	for _, tool := range []string{"sh", "openssl", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("there is no %s here", tool)
		}
	}
	readme, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, recipe, _ := strings.Cut(string(readme), "<!-- token request -->\n```sh\n")
	recipe, _, found := strings.Cut(recipe, "```\n<!-- /token request -->")
	if !found {
		t.Fatal("the README has no recipe")
	}
	s := newStage(t, nil)
	s.Pass(time.Since(s.DB.Now())) // the recipe asks the real clock
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.Must(err)
	go func() { _ = s.Router.App.Listener(listener) }()
	t.Cleanup(func() { s.Must(s.Router.Stop(context.Background(), listener, 0)) })
	cmd := exec.CommandContext(t.Context(), "sh", "-euc", recipe)
	cmd.Env = append(os.Environ(), "KEYSTEAD_URL=http://"+listener.Addr().String(), "APPNAME=myapp", "SHORTNAME=ops-x",
		"APPKEY="+testkit.Value(s.key), "SHAREDSECRET="+s.SharedSecret(s.X).Reveal())
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var said struct {
		Token string `json:"access_token"`
	}
	if err := json.Unmarshal(out, &said); err != nil || said.Token == "" {
		t.Fatalf("%s", out)
	}
	if got := s.Send(testkit.Bearer(api.Hide(said.Token)), "GET /api/v1/api-keys", ""); got.Status != 200 {
		t.Errorf("%d %s", got.Status, got.Body)
	}
}
