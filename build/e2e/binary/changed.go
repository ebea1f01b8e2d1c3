package binary

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Changed builds the binary from the same sources but for one that says something else:
// what a test of the binary must notice.
func Changed(t testing.TB, source, old, next string) (path string) {
	t.Helper()
	folder := t.TempDir()
	text, err := os.ReadFile(filepath.Join(Root, source))
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%s does not say %q: %v", source, old, err)
	}
	changed := filepath.Join(folder, filepath.Base(source))
	if err := os.WriteFile(changed, []byte(strings.Replace(string(text), old, next, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{filepath.Join(Root, source): changed}})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(folder, "overlay.json")
	if err := os.WriteFile(list, overlay, 0o600); err != nil {
		t.Fatal(err)
	}
	path = filepath.Join(folder, "keystead")
	tool(t, "build", "-overlay", list, "-ldflags", "-s -w -X main.version=changed", "-o", path, "./server")
	return path
}
