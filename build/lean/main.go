// Lean prepares go-app for the WASM without its server half. The library declares
// its HTTP handler in the same package as its components, so that every console
// carries the initialisers of net/http, TLS and X.509, and, for routes by pattern,
// the regular expressions: a quarter of what a browser would have to fetch, and
// nothing that ours calls.
//
//	go run ./build/lean
//	go build -modfile build/bin/wasm.mod ./app
//
// It copies the module, at the version in go.mod, to build/bin/lean without the files
// that import either, and puts _app/rest.go in their place. A file more or less than
// those known here stops it, so that a new version of the library is looked at first.
// The console builds with the library as it is, too: vet and tests do that.
package main

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

const module = "github.com/maxence-charriere/go-app/v10"

// heavy are the packages that the console does without.
var heavy = []string{"net/http", "regexp"}

// leftOut are the files that import them.
var leftOut = []string{"http.go", "resource.go", "route.go", "static.go"}

//go:embed _app/rest.go
var rest []byte

func main() {
	if err := run("build/bin"); err != nil {
		fmt.Fprintln(os.Stderr, "lean:", err)
		os.Exit(1)
	}
}

func run(bin string) error {
	source, err := download()
	if err != nil {
		return fmt.Errorf("find %s: %w", module, err)
	}
	lean := filepath.Join(bin, "lean")
	if err := copyModule(source, lean); err != nil {
		return err
	}
	return writeModfile(bin, lean)
}

// download is the folder of the module, fetched first where this machine has not seen
// it yet: "go list -m" names no folder then, and says so by no error.
func download() (string, error) {
	out, err := exec.Command("go", "mod", "download", "-json", module).Output()
	if err != nil {
		return "", err
	}
	var found struct{ Dir string }
	if err := json.Unmarshal(out, &found); err != nil {
		return "", err
	}
	return found.Dir, nil
}

// copyModule leaves the copy as it was if it fails.
func copyModule(from, to string) error {
	var skipped []string
	files := map[string][]byte{filepath.Join("pkg", "app", "rest.go"): rest}
	for _, pattern := range []string{"go.mod", "pkg/app/*.go", "pkg/errors/*.go"} {
		paths, err := filepath.Glob(filepath.Join(from, pattern))
		if err != nil {
			return err
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			if isHeavy, err := importsHeavy(path); err != nil {
				return err
			} else if isHeavy {
				skipped = append(skipped, filepath.Base(path))
				continue
			}
			name, err := filepath.Rel(from, path)
			if err != nil {
				return err
			}
			if files[name], err = os.ReadFile(path); err != nil {
				return err
			}
		}
	}
	if slices.Sort(skipped); !slices.Equal(skipped, leftOut) {
		return errors.New("go-app has changed: these files import too much: " + strings.Join(skipped, " "))
	}
	return replace(to, files)
}

func importsHeavy(path string) (bool, error) {
	if filepath.Ext(path) != ".go" {
		return false, nil
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		return false, err
	}
	for _, imported := range file.Imports {
		if slices.Contains(heavy, strings.Trim(imported.Path.Value, `"`)) {
			return true, nil
		}
	}
	return false, nil
}

func replace(folder string, files map[string][]byte) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// writeModfile writes go.mod again with the copy in place of the module. Go looks for
// the sums beside it.
func writeModfile(bin, lean string) error {
	mod, err := os.ReadFile("go.mod")
	if err != nil {
		return err
	}
	sum, err := os.ReadFile("go.sum")
	if err != nil {
		return err
	}
	mod = fmt.Appendf(mod, "\nreplace %s => ./%s\n", module, filepath.ToSlash(lean))
	if err := os.WriteFile(filepath.Join(bin, "wasm.mod"), mod, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(bin, "wasm.sum"), sum, 0o644)
}
