package rules_test

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "keystead/"
	goApp  = "github.com/maxence-charriere/go-app/"
	fiber  = "github.com/gofiber/fiber/"
)

// pkg is what go list says of a package. Imports are direct, Deps are all.
type pkg struct {
	ImportPath string
	Dir        string
	Name       string
	Doc        string
	Standard   bool
	GoFiles    []string
	Imports    []string
	Deps       []string
}

// listed are our packages as they are built for a target, and which of all
// packages are of the standard library.
func listed(t *testing.T, goos, goarch string, patterns ...string) (ours []pkg, standard map[string]bool) {
	t.Helper()
	fields := "-json=ImportPath,Dir,Name,Doc,Standard,GoFiles,Imports,Deps"
	list := exec.Command("go", append([]string{"list", "-deps", fields}, patterns...)...)
	list.Dir = top(t)
	list.Env = append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch)
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	standard = map[string]bool{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return ours, standard
		} else if err != nil {
			t.Fatal(err)
		}
		standard[p.ImportPath] = p.Standard
		if strings.HasPrefix(p.ImportPath, module) {
			ours = append(ours, p)
		}
	}
}

func native(t *testing.T) ([]pkg, map[string]bool) {
	return listed(t, runtime.GOOS, runtime.GOARCH, "./...")
}

func browser(t *testing.T) ([]pkg, map[string]bool) {
	return listed(t, "js", "wasm", "./app/...", "./shared/...")
}

func top(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// in reports whether a package is one of those named or below one.
func in(path string, rooms ...string) bool {
	return slices.ContainsFunc(rooms, func(room string) bool {
		return path == module+room || strings.HasPrefix(path, module+room+"/")
	})
}

func refuse(t *testing.T, p pkg, imports []string, why string, forbidden func(string) bool) {
	t.Helper()
	for _, path := range imports {
		if forbidden(path) {
			t.Errorf("%s imports %s: %s", p.ImportPath, path, why)
		}
	}
}

func TestConsoleAndServerAreApart(t *testing.T) {
	console, _ := browser(t)
	for _, p := range console {
		refuse(t, p, p.Deps, "the console knows app and shared only", func(path string) bool {
			return strings.HasPrefix(path, module) && !in(path, "app", "shared")
		})
		refuse(t, p, p.Imports, "it costs 850 KB of WASM; package client has fetch", func(path string) bool {
			return path == "net/http" || path == "crypto/tls"
		})
	}
	all, _ := native(t)
	for _, p := range all {
		if in(p.ImportPath, "server", "web") {
			refuse(t, p, p.Deps, "the server knows nothing of the console's code", func(path string) bool {
				return in(path, "app") || strings.HasPrefix(path, goApp)
			})
		}
	}
}

func TestSharedIsStandardOnly(t *testing.T) {
	for _, target := range []func(*testing.T) ([]pkg, map[string]bool){native, browser} {
		all, standard := target(t)
		for _, p := range all {
			if in(p.ImportPath, "shared") {
				refuse(t, p, p.Deps, "shared is the standard library and itself", func(path string) bool {
					return !standard[path] && !in(path, "shared")
				})
			}
		}
	}
}

func TestConsoleLayers(t *testing.T) {
	console, _ := browser(t)
	for _, p := range console {
		if p.ImportPath != module+"app" && !in(p.ImportPath, "app/pages") {
			refuse(t, p, p.Imports, "only main knows the pages", func(path string) bool { return in(path, "app/pages") })
		}
		if in(p.ImportPath, "app/ui") {
			refuse(t, p, p.Deps, "parts know no word of ours", func(path string) bool {
				return in(path, "app/client", "app/session", "app/shell", "shared/api")
			})
		}
		if in(p.ImportPath, "app/client", "app/session") {
			refuse(t, p, p.Deps, "what knows the API draws nothing", func(path string) bool {
				return in(path, "app/shell", "app/ui")
			})
		}
	}
}

// The rooms of the server that are no features: what stands on the features, and
// what they stand on.
var (
	above = []string{"server/house", "server/router", "server/testkit", "server/config"}
	below = []string{"server/rest", "server/audit", "server/caller", "server/seal", "server/db", "server/fold", "server/clock", "server/disk", "server/worker", "server/lately", "server/metrics"}
)

func feature(path string) bool {
	return in(path, "server") && path != module+"server" && !in(path, above...) && !in(path, below...)
}

func TestServerLayers(t *testing.T) {
	all, _ := native(t)
	for _, p := range all {
		switch {
		case in(p.ImportPath, "server/compat"):
			// A translation: it may import the features that it translates.
		case feature(p.ImportPath):
			refuse(t, p, p.Imports, "a feature reads another's table, and gets another's act from main", func(path string) bool {
				return feature(path) && path != p.ImportPath || in(path, above...)
			})
		case in(p.ImportPath, below...):
			refuse(t, p, p.Deps, "features stand on it", func(path string) bool { return feature(path) || in(path, above...) })
		case in(p.ImportPath, "web"):
			refuse(t, p, p.Deps, "the front end knows no server", func(path string) bool { return in(path, "server") })
		}
	}
}

// Only rest, router and http.go files know Fiber.
func TestFiberStaysAtTheDoor(t *testing.T) {
	all, _ := native(t)
	for _, p := range all {
		if !in(p.ImportPath, "server") || in(p.ImportPath, "server/rest", "server/router") {
			continue
		}
		for _, name := range p.GoFiles {
			if name == "http.go" {
				continue
			}
			for _, path := range importsOf(t, filepath.Join(p.Dir, name)) {
				if strings.HasPrefix(path, fiber) {
					t.Errorf("%s/%s imports Fiber", p.ImportPath, name)
				}
			}
		}
	}
}

func importsOf(t *testing.T, file string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, spec := range parsed.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}
