package verify_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"keystead/server/testkit"
	"keystead/shared/api"
)

// free is an address that nobody listens on.
func free(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

// start runs a proxy until the test ends, and waits until it listens.
func start(t *testing.T, address string, cmd *exec.Cmd) {
	t.Helper()
	var said strings.Builder
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(said.String())
		}
	})
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		if c, err := net.DialTimeout("tcp", address, 100*time.Millisecond); err == nil {
			_ = c.Close()
			return
		}
	}
	t.Fatalf("%s does not listen", cmd.Path)
}

// TestP34RealProxiesHandOnOurDecision puts nginx and Caddy, as build/proxy has them, in
// front of a service that tells what it was sent.
func TestP34RealProxiesHandOnOurDecision(t *testing.T) {
	run := map[string]func(dir, config string) *exec.Cmd{
		"nginx.conf": func(dir, config string) *exec.Cmd {
			main := "daemon off; master_process off; pid " + dir + "/pid; error_log stderr; events {} http { access_log off; client_body_temp_path " + dir + "; proxy_temp_path " + dir +
				"; fastcgi_temp_path " + dir + "; uwsgi_temp_path " + dir + "; scgi_temp_path " + dir + "; include " + config + "; }"
			_ = os.WriteFile(dir+"/main.conf", []byte(main), 0o600)
			return exec.Command("/usr/sbin/nginx", "-c", dir+"/main.conf", "-p", dir, "-e", "stderr")
		},
		"Caddyfile": func(dir, config string) *exec.Cmd {
			cmd := exec.Command("/usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", config)
			cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
			return cmd
		},
	}
	for name, command := range run {
		t.Run(name, func(t *testing.T) {
			s := newStage(t)
			id, key := s.Key(s.Member, s.X, api.ReadOnly, "k")
			want := map[string]string{"X-Keystead-Key-Id": text(id), "X-Keystead-User": "mia@northwind.example", "X-Keystead-Organization": "ops-x", "X-Keystead-Role": "READONLY"}
			var arrived atomic.Pointer[http.Header]
			echo := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				sent := r.Header.Clone()
				arrived.Store(&sent)
			}))
			t.Cleanup(echo.Close)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			s.Must(err)
			go func() { _ = s.Router.App.Listener(l) }()
			t.Cleanup(func() { _ = s.Router.App.Shutdown() })

			raw, err := os.ReadFile("../../build/proxy/" + name)
			s.Must(err)
			at, dir := free(t), t.TempDir()
			config := strings.NewReplacer("PROXY_KEY", value(s.asker), "127.0.0.1:8080", l.Addr().String(), "127.0.0.1:8081", at,
				"127.0.0.1:9000", echo.Listener.Addr().String()).Replace(string(raw))
			if name == "Caddyfile" {
				config = "{\n\tadmin off\n}\n" + config
			}
			path := filepath.Join(dir, name)
			s.Must(os.WriteFile(path, []byte(config), 0o600))
			cmd := command(dir, path)
			if _, err := os.Stat(cmd.Path); err != nil {
				t.Skip(err)
			}
			start(t, at, cmd)

			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			ask := func(as testkit.Credential) int {
				arrived.Store(nil)
				req, _ := http.NewRequestWithContext(t.Context(), "POST", "http://"+at+"/anything?key=theirs", strings.NewReader("body"))
				for _, line := range as {
					field, text, _ := strings.Cut(line, ": ")
					req.Header[field] = []string{text}
				}
				for field := range want {
					for _, twin := range []string{field, strings.ToLower(field), strings.ReplaceAll(field, "-", "_"), strings.Replace(field, "-", "_", 1), "x-keystead_" + field[11:]} {
						req.Header[twin] = []string{"spoofed"}
					}
				}
				req.Header["X-Keystead-Proxy"] = []string{"spoofed"}
				// What stands in Connection is for the next hop only (RFC 9110, section 7.6.1).
				req.Header["Connection"] = []string{"close, X-Keystead-User,x-keystead-role , X-KEYSTEAD-ORGANIZATION, X-Keystead-Key-Id"}
				req.Header.Set("Content-Encoding", "gzip")
				res, err := client.Do(req)
				s.Must(err)
				_ = res.Body.Close()
				return res.StatusCode
			}
			if got := ask(key); got != 200 || arrived.Load() == nil {
				t.Fatalf("a good key: %d", got)
			}
			for field, values := range *arrived.Load() {
				ours := strings.HasPrefix(strings.ReplaceAll(strings.ToLower(field), "_", "-"), "x-keystead")
				if ours && (len(values) != 1 || values[0] != want[field]) {
					t.Errorf("%s: %q arrived", field, values)
				}
			}
			for field, value := range want {
				if arrived.Load().Get(field) != value {
					t.Errorf("%s: %q, want %q", field, arrived.Load().Get(field), value)
				}
			}
			if name == "Caddyfile" { // which hands on what else stands in Connection, for WebSockets
				req, _ := http.NewRequestWithContext(t.Context(), "GET", "http://"+at+"/socket", nil)
				req.Header = http.Header{"Authorization": {"Bearer " + value(key)}, "Connection": {"Upgrade, X-Keystead-User"}, "Upgrade": {"websocket"}}
				res, err := client.Do(req)
				s.Must(err)
				_ = res.Body.Close()
				if got := *arrived.Load(); got.Get("Upgrade") != "websocket" || got.Get("X-Keystead-User") != want["X-Keystead-User"] {
					t.Errorf("a WebSocket: %d, %v", res.StatusCode, got)
				}
			}
			if got := ask(nil); got != 401 || arrived.Load() != nil {
				t.Errorf("no key: %d", got)
			}
			off := false
			s.edit(s.Member, id, api.EditKey{Enabled: &off})
			if got := ask(key); got != 401 || arrived.Load() != nil {
				t.Errorf("a disabled key: %d", got)
			}
		})
	}
}

// TestTheReadmeShowsTheTestedConfigurations holds the README to build/proxy.
func TestTheReadmeShowsTheTestedConfigurations(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"nginx.conf", "Caddyfile", "traefik.yaml"} {
		config, err := os.ReadFile("../../build/proxy/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(readme), "\n"+string(config)+"```") {
			t.Errorf("the README does not show build/proxy/%s as it is", name)
		}
	}
}
