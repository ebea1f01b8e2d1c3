package binary

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Second builds the next version of the binary: the same server with a front end of
// which one page says something else. It is linked with the packed files of that
// version laid over those in web/dist, which stay as they are.
func Second(t testing.TB, page, old, next string) (path, version string) {
	t.Helper()
	folder := t.TempDir()
	web := filepath.Join(folder, "web")
	if err := os.CopyFS(web, os.DirFS(filepath.Join(Root, "web"))); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(web, page))
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%s does not say %q: %v", page, old, err)
	}
	if err := os.WriteFile(filepath.Join(web, page), []byte(strings.Replace(string(text), old, next, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	dist := filepath.Join(folder, "dist")
	tool(t, "run", "./build/pack", "-fast", "-web", web, "-cache", filepath.Join(folder, "cache"), "-o", dist)
	path = filepath.Join(folder, "keystead")
	tool(t, "build", "-overlay", overlay(t, folder, dist), "-ldflags", "-s -w -X main.version=second", "-o", path, "./server")

	var listed struct{ Version string }
	index, err := os.ReadFile(filepath.Join(dist, "manifest.json"))
	if err != nil || json.Unmarshal(index, &listed) != nil {
		t.Fatalf("read the list of the second version: %v", err)
	}
	return path, listed.Version
}

// overlay tells the linker which files stand for those of web/dist.
func overlay(t testing.TB, folder, dist string) string {
	t.Helper()
	built := filepath.Join(Root, "web", "dist")
	replace := map[string]string{}
	for _, name := range names(t, built) {
		if name != ".gitkeep" {
			replace[filepath.Join(built, name)] = "" // gone
		}
	}
	for _, name := range names(t, dist) {
		replace[filepath.Join(built, name)] = filepath.Join(dist, name)
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func names(t testing.TB, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, entry := range entries {
		list = append(list, entry.Name())
	}
	return list
}

func tool(t testing.TB, args ...string) {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = Root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}
