package main

import (
	"debug/buildinfo"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"keystead/build/e2e/binary"
)

// TestP71TheBillNamesWhatIsInTheBinary reads this test's own binary, which is built of
// modules as the server is.
func TestP71TheBillNamesWhatIsInTheBinary(t *testing.T) {
	t.Chdir("../..")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	bill := filepath.Join(t.TempDir(), "bom.json")
	list := filepath.Join(t.TempDir(), "licences.txt")
	if err := run(self, "v1", bill, list); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(bill)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var bom cdx.BOM
	if err := cdx.NewBOMDecoder(f, cdx.BOMFileFormatJSON).Decode(&bom); err != nil {
		t.Fatal(err)
	}
	in := map[string]string{}
	for _, c := range *bom.Components {
		in[c.Name] = (*c.Properties)[1].Value
		if c.Licenses == nil || c.Version == "" || c.Name != "std" && (*c.Properties)[0].Value == "" {
			t.Errorf("%s lacks a licence, a version or a sum", c.Name)
		}
	}
	for name, where := range map[string]string{
		"std": "server console", "github.com/google/licensecheck": "server", "github.com/maxence-charriere/go-app/v10": "console",
	} {
		if in[name] != where {
			t.Errorf("%s is said to be in %q, not in %q", name, in[name], where)
		}
	}
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(string(text), "\n"); lines != len(*bom.Components) {
		t.Errorf("%d licences of %d modules", lines, len(*bom.Components))
	}
}

func TestALicenceThatDoesNotLetUsShipIsRefused(t *testing.T) {
	mit := `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`
	if name, err := licenceOf([]byte(mit)); err != nil || name != "MIT" {
		t.Errorf("MIT is taken for %q: %v", name, err)
	}
	for _, text := range []string{
		"", "All rights reserved.",
		"This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any later version.",
	} {
		if name, err := licenceOf([]byte(text)); err == nil {
			t.Errorf("%q is taken for %s", text, name)
		}
	}
}

func TestAModuleThatIsNotInTheSumsIsRefused(t *testing.T) {
	part := material{Path: "example.org/x", Version: "v1.0.0"}
	if err := part.describe("example.org/x v1.0.1 h1:a=\n"); err == nil || !strings.Contains(err.Error(), "go.sum") {
		t.Errorf("it is taken: %v", err)
	}
	if !slices.IsSorted(allowed) {
		t.Error("the licences are not in order")
	}
}

// TestP70TheLicencesOfTheServerAreListed: each module of the binary that is shipped has a
// licence that lets us.
func TestP70TheLicencesOfTheServerAreListed(t *testing.T) {
	server, err := binary.Path()
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("../..")
	list := filepath.Join(t.TempDir(), "licences.txt")
	if err := run(server, "v1", "", list); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	built, err := buildinfo.ReadFile(server)
	if err != nil {
		t.Fatal(err)
	}
	for _, dep := range built.Deps {
		line := regexp.MustCompile(`(?m)^\S+( AND \S+)* +` + regexp.QuoteMeta(dep.Path+" "+dep.Version) + `$`)
		if !line.Match(text) {
			t.Errorf("no licence of %s %s is listed", dep.Path, dep.Version)
		}
	}
	if len(built.Deps) < 20 {
		t.Errorf("the server has %d modules", len(built.Deps))
	}
}
