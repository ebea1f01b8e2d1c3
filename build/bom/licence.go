package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// allowed are the licences under which we may ship what we did not write, in one file
// with what we did.
var allowed = []string{"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "Unlicense"}

// sure is how much of a file, in percent, has to be the licence's text.
const sure = 75

// licenceIn reads the licence of the module in a folder.
func licenceIn(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	for _, entry := range entries {
		name := strings.ToUpper(entry.Name())
		if entry.IsDir() || !strings.HasPrefix(name, "LICENSE") && !strings.HasPrefix(name, "LICENCE") && !strings.HasPrefix(name, "COPYING") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, filepath.Base(entry.Name())))
		if err != nil {
			return "", err
		}
		return licenceOf(text)
	}
	return "", errors.New("it has no licence")
}

// licenceOf is the SPDX name of a licence by its text, or the expression that names
// several.
func licenceOf(text []byte) (string, error) {
	found := licensecheck.Scan(text)
	if len(found.Match) == 0 || found.Percent < sure {
		return "", fmt.Errorf("its licence is not one that is known (%.0f %% of %d)", found.Percent, len(text))
	}
	var names []string
	for _, match := range found.Match {
		if !slices.Contains(allowed, match.ID) {
			return "", fmt.Errorf("its licence %s is not one of %s", match.ID, strings.Join(allowed, ", "))
		}
		if !slices.Contains(names, match.ID) {
			names = append(names, match.ID)
		}
	}
	return strings.Join(names, " AND "), nil
}
