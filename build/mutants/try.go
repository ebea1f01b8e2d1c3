package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// copyTree copies what belongs to the tree, committed or not, and nothing that is built.
func copyTree(from, to string) error {
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = from
	out, err := list.Output()
	if err != nil {
		return err
	}
	for _, name := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, os.ErrNotExist) {
			continue // deleted, and not committed yet
		}
		if err != nil {
			return err
		}
		copied := filepath.Join(to, name)
		if err := os.MkdirAll(filepath.Dir(copied), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(copied, text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// change is the text with the bug in it.
func (m mutant) change(text string) (string, error) {
	if n := strings.Count(text, m.old); n != 1 {
		return "", fmt.Errorf("%s: what it changes stands in %s %d times, not once", m.name, m.file, n)
	}
	return strings.Replace(text, m.old, m.new, 1), nil
}

// try makes the bug in the copy at dir, runs the tests that must see it, and takes the
// bug out again. The build cache is everyone's: with -trimpath it does not know in which
// folder a package lies, so that only what the bug touches is built.
func (m mutant) try(ctx context.Context, dir string, limit time.Duration) (outcome, string) {
	path := filepath.Join(dir, m.file)
	text, err := os.ReadFile(path)
	if err != nil {
		return broken, err.Error()
	}
	changed, err := m.change(string(text))
	if err != nil {
		return broken, err.Error()
	}
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		return broken, err.Error()
	}
	defer func() { _ = os.WriteFile(path, text, 0o600) }()
	binary := filepath.Join(dir, "mutant.test")
	build := exec.CommandContext(ctx, "go", "test", "-c", "-vet=off", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", binary, m.pkg)
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		return broken, "it does not compile:\n" + string(out)
	}
	test := exec.CommandContext(ctx, binary, "-test.run", m.run, "-test.timeout", limit.String())
	test.Dir = filepath.Join(dir, m.pkg)
	out, err := test.CombinedOutput()
	return judge(string(out), err)
}

// judge reads what the tests said.
func judge(said string, err error) (outcome, string) {
	var exit *exec.ExitError
	switch {
	case strings.Contains(said, "panic: test timed out"):
		return broken, "its tests ran out of time"
	case strings.Contains(said, "no tests to run"):
		return broken, "no test has such a name"
	case err == nil:
		return survived, "no test turned red"
	case errors.As(err, &exit):
		return caught, ""
	}
	return broken, err.Error()
}
