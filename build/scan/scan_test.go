package scan_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
)

// finds runs a tool from the top of the tree, and fails where it finds something.
func finds(t *testing.T, env []string, name string, args ...string) {
	t.Helper()
	visit(t)
	tool := exec.Command(name, args...)
	tool.Dir, tool.Env = binary.Root, append(os.Environ(), env...)
	out, err := tool.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", strings.Join(tool.Args, " "), err, out)
	} else if len(out) > 0 {
		t.Logf("%s", out)
	}
}

// visit opens every folder of ours: "go test" then takes a former result only where the
// sources are the same.
func visit(t *testing.T) {
	t.Helper()
	for _, room := range []string{"app", "server", "shared", "web", "build"} {
		err := filepath.WalkDir(filepath.Join(binary.Root, room), func(_ string, entry fs.DirEntry, err error) error {
			if err == nil && slices.Contains([]string{"bin", "dist", "node_modules"}, entry.Name()) {
				return filepath.SkipDir
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

var (
	native  = []string{"./..."}
	console = []string{"./app/...", "./shared/..."}
	browser = []string{"GOOS=js", "GOARCH=wasm"}
)

func TestP70VetIsClean(t *testing.T) {
	finds(t, nil, "go", append([]string{"vet"}, native...)...)
	finds(t, browser, "go", append([]string{"vet"}, console...)...)
}

func TestP70StaticcheckIsClean(t *testing.T) {
	path, err := exec.Command("go", "tool", "-n", "staticcheck").Output() // "go tool" itself would build it for js
	if err != nil {
		t.Fatal(err)
	}
	staticcheck := strings.TrimSpace(string(path))
	finds(t, nil, staticcheck, native...)
	finds(t, browser, staticcheck, console...)
}

// scan runs a part of build/scan.sh.
func scan(t *testing.T, part string) {
	t.Helper()
	if !size.Full() {
		t.Skip("SIZE=full: what looks is fetched and takes minutes")
	}
	finds(t, []string{"ONLY=" + part}, "build/scan.sh")
}

func TestP70GosecIsClean(t *testing.T) { scan(t, "gosec") }

func TestP70TheHistoryHoldsNoSecret(t *testing.T) { scan(t, "history") }

func TestP70NoKnownVulnerabilityIsCalled(t *testing.T) {
	if os.Getenv("VULNDB") == "" {
		t.Skip("VULNDB names no database of vulnerabilities: nobody looked")
	}
	scan(t, "vulnerabilities")
}
