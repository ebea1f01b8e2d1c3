package main

import (
	"path/filepath"
	"testing"
)

func TestRestoreComparesWithAFolderThatIsNamed(t *testing.T) {
	sh := shell{t: t}
	none := filepath.Join(t.TempDir(), "none")
	sh.fails(2, sh.run("", "restore", "one.backup", "--compare", ""), "--compare FOLDER")
	sh.fails(1, sh.run("", "restore", "--compare", none, "one.backup"), none, "--compare")
}
