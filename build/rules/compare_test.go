package rules_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// shortcut is a comparison that ends at the first difference, and so tells by its time how
// far a guess was right.
var shortcut = regexp.MustCompile(`bytes\.(Equal|Compare)\(|reflect\.DeepEqual\(|string\([\w.]+\) [=!]= string\(|\.Reveal\(\) [=!]= [^"]|[=!]= \w+(\.\w+)*\.Reveal\(\)`)

// plainComparisons are such lines of the server that compare what nobody guesses at: the
// file, a part of the line, and why.
var plainComparisons = [][3]string{
	{"server/seal/rotate.go", "prefix(dataKeys(handle)[0])", "ids of data keys, which stand in front of every ciphertext"},
	{"server/backups/since.go", "mac, p.Head.MAC", "two rows of the log, both in the operator's hands"},
	{"server/verify/oauth.go", "with != in.Token.Reveal()", "two values of one request"},
	{"server/router/receive.go", "uri.PathOriginal()", "the path of a request"},
}

// TestSecretsAreComparedInConstantTime: on the server whatever could be guessed at is
// compared by crypto/subtle or hmac.Equal.
func TestSecretsAreComparedInConstantTime(t *testing.T) {
	used := map[string]bool{}
	all, _ := native(t)
	for _, p := range all {
		if !in(p.ImportPath, "server") {
			continue
		}
		for _, name := range p.GoFiles {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			file := strings.TrimPrefix(p.ImportPath, module) + "/" + name
			for line := range strings.SplitSeq(string(text), "\n") {
				if shortcut.MatchString(line) && !isPlain(file, line, used) {
					t.Errorf("%s ends a comparison at the first difference: %s", file, strings.TrimSpace(line))
				}
			}
		}
	}
	for _, plain := range plainComparisons {
		if !used[plain[0]] {
			t.Errorf("%s is on the list and not in the sources", plain[0])
		}
	}
}

func isPlain(file, line string, used map[string]bool) bool {
	for _, plain := range plainComparisons {
		if plain[0] == file && strings.Contains(line, plain[1]) {
			used[file] = true
			return true
		}
	}
	return false
}
