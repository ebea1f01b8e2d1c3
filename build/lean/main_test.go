package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// library writes a module whose package app has these files, each with one import.
func library(t *testing.T, imports map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "pkg", "app"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, imported := range imports {
		text := "package app\n\nimport _ \"" + imported + "\"\n"
		if err := os.WriteFile(filepath.Join(folder, "pkg", "app", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func known() map[string]string {
	return map[string]string{
		"http.go": "net/http", "resource.go": "net/http", "static.go": "net/http", "route.go": "regexp",
		"app.go": "net/url", "app_test.go": "net/http",
	}
}

func TestCopyLeavesOut(t *testing.T) {
	to := filepath.Join(t.TempDir(), "lean")
	if err := copyModule(library(t, known()), to); err != nil {
		t.Fatal(err)
	}
	copied, err := filepath.Glob(filepath.Join(to, "pkg", "app", "*"))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, path := range copied {
		names = append(names, filepath.Base(path))
	}
	if got, want := strings.Join(names, " "), "app.go rest.go"; got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
}

func TestChangedLibraryIsRefused(t *testing.T) {
	more := known()
	more["push.go"] = "net/http"
	fewer := known()
	delete(fewer, "route.go")
	for _, imports := range []map[string]string{more, fewer} {
		to := filepath.Join(t.TempDir(), "lean")
		if err := copyModule(library(t, imports), to); err == nil {
			t.Errorf("%v was copied", imports)
		}
		if _, err := os.Stat(to); err == nil {
			t.Errorf("%v left something behind", imports)
		}
	}
}
