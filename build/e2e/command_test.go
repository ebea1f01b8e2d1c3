package e2e_test

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// refuses checks that a command did not do it: exit 1, nothing on standard output, and
// one sentence, in which each of these words stands.
func refuses(t *testing.T, got binary.Result, words ...string) {
	t.Helper()
	ends(t, 1, got, words...)
}

// misused is the same for a command line that says too little or too much: exit 2.
func misused(t *testing.T, got binary.Result, words ...string) {
	t.Helper()
	ends(t, 2, got, words...)
}

func ends(t *testing.T, code int, got binary.Result, words ...string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(got.Err), "\n")
	if got.Code != code || got.Out != "" || len(lines) != 1 || !strings.HasPrefix(got.Err, "keystead: ") {
		t.Errorf("exit %d, says %q and %q", got.Code, got.Out, got.Err)
	}
	for _, word := range words {
		if !strings.Contains(got.Err, word) {
			t.Errorf("%q does not say %q", got.Err, word)
		}
	}
}

// prints checks that a command worked, and answers what it printed.
func prints(t *testing.T, got binary.Result) string {
	t.Helper()
	if got.Code != 0 || got.Err != "" {
		t.Fatalf("exit %d, says %q", got.Code, got.Err)
	}
	return strings.TrimSpace(got.Out)
}

func TestCommandsThatTell(t *testing.T) {
	t.Parallel()
	help := prints(t, binary.Command(t, "", "help"))
	for _, word := range []string{"serve", "demo", "setup-token", "user create", "user disable", "user reset-password", "openapi", "version",
		"--data", "--listen", "--public-url", "--elevation", "--insecure-http", "KEYSTEAD_"} {
		if !strings.Contains(help, word) {
			t.Errorf("help does not tell of %s", word)
		}
	}
	for _, asked := range [][]string{{"--help"}, {"-h"}, {"help", "help"}} {
		if again := prints(t, binary.Command(t, "", asked...)); again != help {
			t.Errorf("%v tells something else", asked)
		}
	}
	if version := prints(t, binary.Command(t, "", "version")); version == "" || strings.Contains(version, "\n") {
		t.Errorf("the version is %q", version)
	}
	misused(t, binary.Command(t, "", "serv"), "serv", "help")
	misused(t, binary.Command(t, "", "serve", "--colour", "red"), "colour")
	misused(t, binary.Command(t, "", "--colour"), "colour")
	misused(t, binary.Command(t, "", "serve", "red"), "red")
	misused(t, binary.CommandEnv(t, []string{"KEYSTEAD_COLOUR=red"}, "", "serve"), "KEYSTEAD_COLOUR")
	misused(t, binary.CommandEnv(t, []string{"KEYSTEAD_ELEVATION=long"}, "", "serve"), "KEYSTEAD_ELEVATION")
	misused(t, binary.Command(t, "", "serve", "--listen", "nowhere"), "--listen")
	misused(t, binary.Command(t, "", "serve", "--listen", "0.0.0.0:"+binary.FreePort(t)), "--insecure-http")
	misused(t, binary.Command(t, "", "serve", "--tls-cert", "x.pem"), "--tls-key")
	misused(t, binary.Command(t, "", "serve", "--trusted-proxies", "10.0.0.1"), "--public-url")
	misused(t, binary.Command(t, "", "user", "create", "--email", "x@example.com", "--role", "Read Only"), "--password-stdin")
	refuses(t, binary.Command(t, "", "setup-token", "--data", filepath.Join(t.TempDir(), "none")), "none")
}

func TestOpenAPIIsWhatIsServed(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	served := server.Client().Send(http.MethodGet, "/openapi.json", nil).Is(200)
	printed := prints(t, binary.Command(t, "", "openapi"))
	var a, b any
	if err := json.Unmarshal(served.Body, &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(printed), &b); err != nil {
		t.Fatal(err)
	}
	first, _ := json.Marshal(a)
	second, _ := json.Marshal(b)
	// The document names the version: the front end's where it is served.
	if strip(first) != strip(second) {
		t.Error("keystead openapi prints another document than GET /openapi.json")
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		server.Client().Send(http.MethodGet, path, nil).Is(200)
	}
}

var infoVersion = regexp.MustCompile(`"version":"[^"]*"`)

func strip(document []byte) string { return infoVersion.ReplaceAllString(string(document), "") }

func TestSetupToken(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	printed := server.SetupToken()
	second := prints(t, server.Command("", "setup-token"))
	if second == "" || second == printed || strings.ContainsAny(second, " \n") {
		t.Errorf("setup-token prints %q", second)
	}
	server.Client().Send(http.MethodPost, api.PathSetup, setupWith(printed)).Refused(401, fault.BadCredentials, "token")
	server.Stop()
	third := prints(t, server.Command("", "setup-token"))
	server.Run()
	for _, void := range []string{printed, second, third} {
		if server.SetupToken() == void {
			t.Error("the start printed an old token")
		}
	}
	server.Client().Send(http.MethodPost, api.PathSetup, setupWith(server.SetupToken())).Is(201)
	refuses(t, server.Command("", "setup-token"), "set up already")
	if strings.Count(server.Out(), "/setup#token=") != 2 {
		t.Error("a server that is set up prints a link")
	}
	server.Stop()
	server.Run()
	if strings.Count(server.Out(), "/setup#token=") != 2 {
		t.Error("a server that is set up prints a link at its next start")
	}
}

// The commands about users do the same through a running server and on the folder.
func TestUserCommands(t *testing.T) {
	t.Parallel()
	for _, running := range []bool{true, false} {
		server := binary.Start(t)
		admin := server.SetUp()
		offline := func(act func()) {
			t.Helper()
			if running {
				act()
				return
			}
			server.Stop()
			act()
			server.Run()
		}
		offline(func() { server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort) })
		sam := server.SignIn("SAM.REED@example.com")
		key := sam.AddKey("sams-report", api.ReadOnly)
		offline(func() {
			again := server.Command(binary.Password+"\n", "user", "create", "--email", "Sam.Reed@example.com", "--role", "Read Only", "--organization", binary.OrgShort, "--password-stdin")
			refuses(t, again, "There is a user with this e-mail address.")
			if strings.Contains(again.Err, "name_taken") {
				t.Errorf("a code for programs: %q", again.Err)
			}
			refuses(t, server.Command("short\n", "user", "create", "--email", "x@example.com", "--role", "Read Only", "--organization", binary.OrgShort, "--password-stdin"), "15")
			refuses(t, server.Command(binary.Password+"\n", "user", "create", "--email", "x@example.com", "--role", "King", "--password-stdin"))
			refuses(t, server.Command("", "user", "disable", "--email", "x@example.com"))
			refuses(t, server.Command("", "user", "disable", "--email", binary.Email), "Full Administrator")
		})
		offline(func() {
			prints(t, server.Command("another long phrase 91\n", "user", "reset-password", "--email", "sam.reed@example.com", "--password-stdin"))
		})
		sam.Send(http.MethodGet, api.PathMe, nil).Refused(401, fault.NotSignedIn, "")
		server.Bearer(key.Value).Send(http.MethodGet, api.PathMe, nil).Is(200)
		server.Client().Send(http.MethodPost, api.PathSession, binary.JSON{"email": "sam.reed@example.com", "password": binary.Password}).
			Refused(401, fault.BadCredentials, "")
		sam = server.Client()
		binary.Post[api.Session](sam, api.PathSession, binary.JSON{"email": "sam.reed@example.com", "password": "another long phrase 91"}, 200)
		sam.Send(http.MethodPost, api.PathKeyReveal(key.Key.ID), nil).Refused(409, fault.ValueErased, "")

		offline(func() { prints(t, server.Command("", "user", "disable", "--email", "sam.reed@example.com")) })
		sam.Send(http.MethodGet, api.PathMe, nil).Refused(401, fault.NotSignedIn, "")
		server.Bearer(key.Value).Send(http.MethodGet, api.PathMe, nil).Refused(401, fault.BadCredentials, "")
		if v := binary.Post[api.Verdict](server.SignIn(binary.Email), api.PathVerify, binary.JSON{"key": key.Value.Reveal()}, 200); v.Code != api.OwnerDisabled {
			t.Errorf("the key of a disabled user is %s", v.Code)
		}
		_ = admin
	}
}

func TestP67SecondServer(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	server.SetUp()
	refuses(t, binary.Command(t, "", "serve", "--data", server.Data, "--listen", "127.0.0.1:"+binary.FreePort(t)), "another keystead")
	refuses(t, binary.Command(t, "", "serve", "--data", t.TempDir(), "--listen", "127.0.0.1:"+server.Port), server.Port, "in use")
	server.Client().Send(http.MethodGet, "/readyz", nil).Is(200)

	// A server that was killed leaves a socket and a lock that nobody holds.
	server.Kill()
	server.Run()
	server.SignIn(binary.Email)
	if info, err := os.Stat(filepath.Join(server.Data, "keystead.sock")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v", info, err)
	}
}

func TestP68GracefulStop(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	admin := server.SetUp()
	key := admin.AddKey("ci-runner", api.ReadOnly)
	server.Bearer(key.Value).Send(http.MethodGet, api.PathMe, nil).Is(200)
	server.Stop()
	for _, left := range []string{"keystead.db-wal", "keystead.db-shm", "keystead.sock"} {
		if _, err := os.Stat(filepath.Join(server.Data, left)); err == nil {
			t.Errorf("%s is left behind", left)
		}
	}
	server.Run()
	again := server.SignIn(binary.Email)
	if k := again.Keys("").Items[0]; k.LastLoginAt == nil || k.LastLoginIP == nil || *k.LastLoginIP != "127.0.0.1" {
		t.Errorf("the last login was not written at the stop: %+v", k)
	}
}

// keystead demo prints how to sign in and fills what product.md 2.3 names.
func TestDemo(t *testing.T) {
	t.Parallel()
	server := binary.StartDemo(t)
	tab := chromium.Open(t)
	signIn := regexp.MustCompile(`sign in as\s+(\S+)\s+password\s+(\S.*)`).FindStringSubmatch(server.Out())
	if signIn == nil {
		t.Fatalf("it prints %q", server.Out())
	}
	d := desk{t: t, Tab: tab, server: server}
	d.Go(d.server.Site() + apiKeys + "?limit=100")
	d.At("/sign-in?next=")
	fillSignInAs(tab, signIn[1], strings.TrimSpace(signIn[2]))
	d.Press(browser.Enter)
	d.At(apiKeys)
	d.drawn()
	for _, row := range [][]string{
		{"tcross_ro", "READONLY", "2024-07-29"}, {"srdkn", "ADMIN", "2024-12-12"}, {"rharman_automation_rw", "ADMIN", "Never"},
		{"rharman_automation_ro", "READONLY", "2024-12-16"}, {"productreport", "READONLY", "2024-12-09"}, {"djm_dash", "ADMIN", "2024-09-27"},
		{"chris_ro", "READONLY", "2024-01-08"}, {"accountd", "ADMIN", "2024-12-16"},
	} {
		for _, word := range row {
			if text := d.row(row[0]); !strings.Contains(text, word) {
				t.Errorf("%s says %q, not %s", row[0], text, word)
			}
		}
	}
	d.Look("demo-api-keys")
	d.Find(browser.Link("status-page"))
	d.visit(secretsKeys)
	d.Look("demo-secrets-keys")
	d.visit("/settings/devices")
	d.Shows("ops-gateway-1")
	d.Look("demo-devices")
	d.visit("/settings/user-management/users")
	d.Shows("mika@northwind.example")
	d.Hides("Never")
	d.Look("demo-users")
}
