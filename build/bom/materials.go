package main

import (
	"cmp"
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// material is a module that a release is made of.
type material struct {
	Path, Version string
	Sum           string   // as in go.sum; "" for Go's own library
	Licence       string   // by its SPDX name
	In            []string // "server", "console"
}

// url is the module's package URL.
func (m material) url() string { return "pkg:golang/" + m.Path + "@" + m.Version }

// module is what the go command says of one.
type module struct {
	Path, Version, Sum, Dir string
	Main                    bool
	Replace                 *module
}

// materials are the modules in the binary and in the console that it carries, sorted,
// each with its licence.
func materials(binary string) ([]material, error) {
	info, err := buildinfo.ReadFile(binary)
	if err != nil {
		return nil, fmt.Errorf("read what the server was built of: %w", err)
	}
	found := map[string]*material{}
	add := func(path, version, in string) {
		part := found[path]
		if part == nil {
			part = &material{Path: path, Version: version}
			found[path] = part
		}
		part.In = append(part.In, in)
	}
	for _, dep := range info.Deps {
		add(dep.Path, dep.Version, "server")
	}
	console, err := consoleModules()
	if err != nil {
		return nil, err
	}
	for _, m := range console {
		add(m.Path, m.Version, "console")
	}
	parts := []material{{Path: "std", Version: strings.TrimPrefix(info.GoVersion, "go"), Licence: "BSD-3-Clause", In: []string{"server", "console"}}}
	sums, err := os.ReadFile("go.sum")
	if err != nil {
		return nil, err
	}
	for _, part := range found {
		if err := part.describe(string(sums)); err != nil {
			return nil, err
		}
		parts = append(parts, *part)
	}
	slices.SortFunc(parts, func(a, b material) int { return cmp.Compare(a.Path, b.Path) })
	return parts, nil
}

// consoleModules are the modules whose packages are in the WASM.
func consoleModules() ([]module, error) {
	list := exec.Command("go", "list", "-deps", "-json=Module", "./app")
	list.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("ask what the console is built of: %w", err)
	}
	var modules []module
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct{ Module *module }
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return modules, nil
		} else if err != nil {
			return nil, err
		}
		known := func(m module) bool { return m.Path == p.Module.Path }
		if p.Module != nil && !p.Module.Main && !slices.ContainsFunc(modules, known) {
			modules = append(modules, *p.Module)
		}
	}
}

// describe finds the module's sum and licence.
func (m *material) describe(sums string) error {
	line := m.Path + " " + m.Version + " "
	_, rest, ok := strings.Cut(sums, line)
	if !ok {
		return fmt.Errorf("%s %s is not in go.sum", m.Path, m.Version)
	}
	m.Sum, _, _ = strings.Cut(rest, "\n")
	out, err := exec.Command("go", "mod", "download", "-json", m.Path+"@"+m.Version).Output()
	if err != nil {
		return fmt.Errorf("find %s: %w", m.Path, err)
	}
	var got module
	if err := json.Unmarshal(out, &got); err != nil {
		return err
	}
	if got.Sum != m.Sum {
		return fmt.Errorf("%s %s is %s here, and %s in go.sum", m.Path, m.Version, got.Sum, m.Sum)
	}
	m.Licence, err = licenceIn(got.Dir)
	if err != nil {
		return fmt.Errorf("%s: %w", m.Path, err)
	}
	return nil
}
