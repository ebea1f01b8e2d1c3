package rules_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tracked are the files of the project as git knows them.
func tracked(t *testing.T) []string {
	t.Helper()
	list := exec.Command("git", "ls-files", "-z")
	list.Dir = top(t)
	out, err := list.Output()
	if err != nil {
		t.Skip("not a git clone: ", err)
	}
	return strings.Split(strings.TrimRight(string(out), "\x00"), "\x00")
}

func TestTopLevel(t *testing.T) {
	allowed := []string{"app", "server", "shared", "web", "build", "go.mod", "go.sum", "Makefile", "README.md"}
	for _, name := range tracked(t) {
		first, _, _ := strings.Cut(name, "/")
		if !slices.Contains(allowed, first) && !strings.HasPrefix(first, ".") {
			t.Errorf("the top level knows no %s (%s)", first, name)
		}
	}
}

func TestPackagesAreNamedForWhatTheyHold(t *testing.T) {
	empty := []string{"utils", "util", "common", "helpers", "models", "types", "service", "controller"}
	for _, target := range []func(*testing.T) ([]pkg, map[string]bool){native, browser} {
		all, _ := target(t)
		for _, p := range all {
			if slices.Contains(empty, p.Name) || slices.Contains(empty, filepath.Base(p.Dir)) {
				t.Errorf("%s says nothing by its name", p.ImportPath)
			}
			if p.Doc == "" && len(p.GoFiles) > 0 {
				t.Errorf("%s has no package comment", p.ImportPath)
			}
		}
	}
}

// What the CSP turns into nothing (styles) or into a panic of the whole console
// (markup from strings), without a word at compile time.
var unsafeUnderPolicy = regexp.MustCompile(`\.Style\(|\bapp\.Raw\(|\.StyleAttr\b|\.Styles\(|\binnerHTML\b`)

var unfinished = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

func TestSourcesSayNothingForbidden(t *testing.T) {
	for _, name := range tracked(t) {
		switch filepath.Ext(name) {
		case ".go", ".js", ".css", ".html", ".sql", ".sh", ".md", "":
		default:
			continue
		}
		text, err := os.ReadFile(filepath.Join(top(t), name))
		if os.IsNotExist(err) {
			continue // deleted, not yet committed
		}
		if err != nil {
			t.Fatal(err)
		}
		for number, line := range bytes.Split(text, []byte("\n")) {
			if strings.HasPrefix(name, "app/") && unsafeUnderPolicy.Match(line) {
				t.Errorf("%s:%d: %s does not work under the CSP", name, number+1, unsafeUnderPolicy.Find(line))
			}
			if unfinished.Match(line) {
				t.Errorf("%s:%d: %s", name, number+1, unfinished.Find(line))
			}
		}
	}
}
