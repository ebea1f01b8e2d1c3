package main

import (
	"errors"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const top = "../.."

// TestEachMutantCanBeMade holds the list to the sources as they are now.
func TestEachMutantCanBeMade(t *testing.T) {
	if len(mutants) < 40 {
		t.Errorf("%d mutants, want 40 at least", len(mutants))
	}
	names := map[string]bool{}
	for _, m := range mutants {
		if names[m.name] {
			t.Errorf("two are called %q", m.name)
		}
		names[m.name] = true
		text, err := os.ReadFile(filepath.Join(top, m.file))
		if err != nil {
			t.Error(err)
			continue
		}
		changed, err := m.change(string(text))
		if err != nil {
			t.Error(err)
			continue
		}
		if changed == string(text) {
			t.Errorf("%s changes nothing", m.name)
		}
		if filepath.Ext(m.file) != ".go" {
			continue
		}
		if _, err := parser.ParseFile(token.NewFileSet(), m.file, changed, parser.SkipObjectResolution); err != nil {
			t.Errorf("%s is no Go: %v", m.name, err)
		}
	}
}

var testName = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)

// TestEachMutantHasItsTest: there is one of the name, in the package that is named.
func TestEachMutantHasItsTest(t *testing.T) {
	for _, m := range mutants {
		run, err := regexp.Compile(m.run)
		if err != nil || m.run == "" {
			t.Errorf("%s: %q, %v", m.name, m.run, err)
			continue
		}
		files, err := filepath.Glob(filepath.Join(top, m.pkg, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range testName.FindAllStringSubmatch(string(text), -1) {
				found = found || run.MatchString(name[1])
			}
		}
		if !found {
			t.Errorf("%s: %s has no test %s", m.name, m.pkg, m.run)
		}
	}
}

func TestWhatTestsSayIsJudged(t *testing.T) {
	red := &exec.ExitError{}
	for said, row := range map[string]struct {
		err  error
		want outcome
	}{
		"--- FAIL: TestX": {red, caught},
		"PASS":            {nil, survived},
		"testing: warning: no tests to run\nPASS": {nil, broken},
		"panic: test timed out after 1s":          {red, broken},
		"":                                        {errors.New("no such file"), broken},
	} {
		if got, _ := judge(said, row.err); got != row.want {
			t.Errorf("%q: %s, want %s", said, got, row.want)
		}
	}
}

func TestTheCopyIsWhole(t *testing.T) {
	dir := t.TempDir()
	if err := copyTree(top, dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "server/main.go", "build/mutants/mutants_test.go"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if text, err := os.ReadFile(filepath.Join(dir, "go.mod")); err != nil || !strings.HasPrefix(string(text), "module keystead\n") {
		t.Error(err)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "build/bin/*")); len(found) > 0 {
		t.Errorf("what is built is copied, too: %q", found)
	}
}
