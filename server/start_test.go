package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// starts runs a command that serves, which has to refuse: then it returns by itself.
func starts(t *testing.T, args ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second) // one that serves ends, too
	defer cancel()
	var out, errs bytes.Buffer
	code := run(ctx, append(args, "--listen", "127.0.0.1:0"), nil, streams{strings.NewReader(""), &out, &errs})
	return result{code, out.String(), errs.String()}
}

// A folder that no backup can be written into is said at the start, and nothing is made.
func TestAFolderOfBackupsThatCannotBe(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(folder, "data")
	for _, dir := range []string{"/proc/nope", file, filepath.Join(folder, "none", "backups")} {
		shell{t: t}.fails(1, starts(t, "serve", "--data", data, "--backup-dir", dir), "--backup-dir can't be used", dir)
	}
	if _, err := os.Stat(data); !os.IsNotExist(err) {
		t.Error("a refused start made a data folder")
	}
}

// The example fills a folder once. The second time it says so, and no word of its clock.
func TestTheExampleFillsAFolderOnce(t *testing.T) {
	data := t.TempDir()
	shell{t: t}.does("setup-token", "--data", data) // fills it, too
	shell{t: t}.fails(1, starts(t, "demo", "--data", data), "holds an installation already", "keystead serve --data "+data)
}
