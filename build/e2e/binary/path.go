package binary

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

// Root is the project's folder: the one above a test's own that holds go.mod. The
// binary's own paths are trimmed and say nothing.
var Root = func() string {
	folder, err := os.Getwd()
	for err == nil {
		if _, missing := os.Stat(filepath.Join(folder, "go.mod")); missing == nil {
			return folder
		}
		if filepath.Dir(folder) == folder {
			break
		}
		folder = filepath.Dir(folder)
	}
	panic("not within the project's folder")
}()

// Path is the binary under test: KEYSTEAD_BINARY, else build/bin/keystead, which is
// built where it is missing.
var Path = sync.OnceValues(func() (string, error) {
	if path := os.Getenv("KEYSTEAD_BINARY"); path != "" {
		return filepath.Abs(path)
	}
	path := filepath.Join(Root, "build", "bin", "keystead")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if out, err := exec.Command("make", "-C", Root, "build").CombinedOutput(); err != nil {
		return "", fmt.Errorf("make build: %w\n%s", err, out)
	}
	return path, nil
})
