package e2e_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// numbers are the metrics as Prometheus reads them.
func numbers(t *testing.T, address string) string {
	t.Helper()
	client := http.Client{Timeout: binary.Patience}
	answer, err := client.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 200 {
		t.Fatalf("metrics: %d %v", answer.StatusCode, err)
	}
	return string(text)
}

// Metrics are on a listener of their own, which serves nothing else; what helps to
// debug is nowhere.
func TestP69MetricsAndDebugAreOffThePublicPort(t *testing.T) {
	t.Parallel()
	address := "127.0.0.1:" + binary.FreePort(t)
	server := binary.Start(t, "--debug", "--metrics-listen", address)
	admin := server.SetUp()
	admin.Verify(admin.AddKey("ci-runner", api.ReadOnly).Value)
	said := numbers(t, address)
	for _, line := range []string{
		`keystead_verdicts_total{code="VALID",door="verify"} 1`, `keystead_http_request_duration_seconds_count{class="2xx",route="POST /v1/keys/verify"} 1`,
		`keystead_sessions 1`, `keystead_build_info{go_version=`,
	} {
		if !strings.Contains(said, "\n"+line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
	debug := []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/goroutine?debug=2", "/debug/pprof/cmdline", "/debug/vars", "/debug/requests", "/debug/events"}
	for _, path := range debug {
		if got := server.Client().Send(http.MethodGet, path, nil); got.Status == 200 && !strings.Contains(string(got.Body), "<title>Keystead</title>") {
			t.Errorf("%s on the public port: %.200s", path, got.Body)
		}
	}
	for _, path := range []string{"/metrics", "/metrics/"} {
		server.Client().Send(http.MethodGet, path, nil).Refused(404, fault.NotFound, "")
	}
	for _, path := range append(debug, "/", "/healthz", "/v1/me") {
		answer, err := http.Get("http://" + address + path)
		if err != nil {
			t.Fatal(err)
		}
		if _ = answer.Body.Close(); answer.StatusCode != 404 {
			t.Errorf("%s beside the metrics: %d", path, answer.StatusCode)
		}
	}
	// It listens there, on the public port, and nowhere else.
	if ports := listening(t, server.PID()); len(ports) != 2 {
		t.Errorf("it listens on %v", ports)
	}
}

// listening are the TCP addresses on which a process listens, as the kernel lists them.
func listening(t *testing.T, pid int) []string {
	t.Helper()
	out, err := exec.Command("ss", "-Hltnp").Output()
	if err != nil {
		t.Skipf("no ss: %v", err)
	}
	var found []string
	for line := range strings.Lines(string(out)) {
		if regexp.MustCompile(`pid=` + strconv.Itoa(pid) + `\b`).MatchString(line) {
			found = append(found, strings.Fields(line)[3])
		}
	}
	return found
}

// Neither a core file nor another program of the same user gets at the memory: the
// kernel lets a process that can't be dumped belong to root.
func TestP07NoDumpOfTheMemory(t *testing.T) {
	t.Parallel()
	const nobody = 65534
	user := uint32(os.Getuid())
	start := func() *binary.Server { return binary.Start(t) }
	if user == 0 { // whose files are root's anyway
		user = nobody
		start = func() *binary.Server { return binary.StartAs(t, user) }
	}
	server := start()
	limits, err := os.ReadFile(server.Proc("limits"))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`Max core file size\s+0\s+0`).Match(limits) {
		t.Errorf("core files are possible:\n%s", limits)
	}
	status, err := os.ReadFile(server.Proc("status"))
	if err != nil || !strings.Contains(string(status), "\nUid:\t"+strconv.Itoa(int(user))+"\t") {
		t.Fatalf("it runs as somebody else: %v\n%s", err, status)
	}
	for _, name := range []string{"mem", "environ", "maps", "auxv"} {
		info, err := os.Stat(server.Proc(name))
		if err != nil {
			t.Fatal(err)
		}
		if owner := info.Sys().(*syscall.Stat_t).Uid; owner != 0 {
			t.Errorf("%s belongs to %d: the memory can be read", name, owner)
		}
	}
	server.SetUp().Send(http.MethodGet, api.PathMe, nil).Is(200)
}

// An absolute target, as every server must take it (RFC 9112, 3.2.2), is answered, and
// guarded, as the path in it.
func TestP18AbsoluteTargets(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	admin := server.SetUp()
	key := admin.AddKey("ci-runner", api.ReadOnly).Value.Reveal()
	ask := func(target, lines string) (int, string) {
		t.Helper()
		a := &asker{address: "127.0.0.1:" + server.Port, request: "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + lines + "\r\n"}
		conn, err := net.DialTimeout("tcp", a.address, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if _, err := io.WriteString(conn, strings.Replace(a.request, "\r\n", "\r\nConnection: close\r\n", 1)); err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(conn)
		if err != nil || len(text) < 12 {
			t.Fatalf("%s: %q %v", target, text, err)
		}
		if !strings.Contains(string(text), "Content-Security-Policy: ") || !strings.Contains(string(text), "X-Request-Id: ") {
			t.Errorf("P54: %s: %.400s", target, text)
		}
		return int(text[9]-'0')*100 + int(text[10]-'0')*10 + int(text[11]-'0'), string(text)
	}
	bearer := "Authorization: Bearer " + key + "\r\n"
	for target, want := range map[string]int{
		"http://x/v1/me": 200, "HTTP://x:8080/v1/me": 200, "https://keys.example/v1/me?": 200, "http://x": 200, "http://x?a=b": 200, "http://[::1]:80/v1/me": 200,
		"http://x/v1/me/": 404, "http://x/V1/me": 200, "http://x/v1/nothing": 404, "http://x/v1/me?token=a": 400, "http://x/v1/" + key: 400,
		"http://u:p@x/v1/me": 400, "http://u@x/v1/me": 400, "http:///v1/me": 400, "http://:80/v1/me": 400, "ftp://x/v1/me": 400, "x:80": 400, "v1/me": 400, "http:/v1/me": 400,
		"/v1/me#x": 400, "http://x/v1/me#x": 400, "*": 400, "http://" + key + "/v1/me": 400, "http://[::1/v1/me": 400, "//x/v1/me?a=http://": 400,
	} {
		if status, text := ask(target, bearer); status != want {
			t.Errorf("%s: %d, want %d: %.300s", target, status, want, text)
		}
	}
	for _, path := range []string{"/v1/me", api.PathAudit, api.PathSession, "/v1/users", api.PathOrgKeys(admin.Org().ID)} {
		for _, lines := range []string{"", bearer, "Authorization: Basic x\r\n", bearer + "X-API-Key: " + key + "\r\n"} {
			plain, _ := ask(path, lines)
			if absolute, _ := ask("http://elsewhere.example"+path, lines); absolute != plain {
				t.Errorf("%s: %d as a path, %d as an absolute target", path, plain, absolute)
			}
		}
	}
	if strings.Contains(server.Log(), secretPart(api.Hide(key))) {
		t.Error("the log shows the key")
	}
}
