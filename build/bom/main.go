package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	cdx "github.com/CycloneDX/cyclonedx-go"
)

func main() {
	binary := flag.String("binary", "build/bin/keystead", "the built server")
	version := flag.String("version", "dev", "the version that it is released as")
	bill := flag.String("json", "", "where the CycloneDX document goes")
	list := flag.String("licences", "", "where the list of licences goes")
	flag.Parse()
	if err := run(*binary, *version, *bill, *list); err != nil {
		fmt.Fprintln(os.Stderr, "bom:", err)
		os.Exit(1)
	}
}

func run(binary, version, bill, list string) error {
	parts, err := materials(binary)
	if err != nil {
		return err
	}
	if bill != "" {
		if err := writeBill(bill, document(version, parts)); err != nil {
			return err
		}
	}
	if list != "" {
		return os.WriteFile(filepath.Clean(list), []byte(text(parts)), 0o600)
	}
	return nil
}

// document says the materials in CycloneDX. It names no time and no random serial
// number: the same release has the same bill.
func document(version string, parts []material) *cdx.BOM {
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{Component: &cdx.Component{
		BOMRef: "keystead", Type: cdx.ComponentTypeApplication, Name: "keystead", Version: version,
	}}
	components := make([]cdx.Component, len(parts))
	refs := make([]string, len(parts))
	for i, part := range parts {
		refs[i] = part.url()
		components[i] = cdx.Component{
			BOMRef: part.url(), Type: cdx.ComponentTypeLibrary, Name: part.Path, Version: part.Version, PackageURL: part.url(),
			Scope:      cdx.ScopeRequired,
			Licenses:   &cdx.Licenses{licenceChoice(part.Licence)},
			Properties: &[]cdx.Property{{Name: "keystead:go.sum", Value: part.Sum}, {Name: "keystead:in", Value: strings.Join(part.In, " ")}},
		}
	}
	bom.Components = &components
	bom.Dependencies = &[]cdx.Dependency{{Ref: "keystead", Dependencies: &refs}}
	return bom
}

// licenceChoice is one licence, or the expression that names several.
func licenceChoice(name string) cdx.LicenseChoice {
	if strings.Contains(name, " ") {
		return cdx.LicenseChoice{Expression: name}
	}
	return cdx.LicenseChoice{License: &cdx.License{ID: name}}
}

func writeBill(path string, bom *cdx.BOM) error {
	f, err := os.OpenFile(filepath.Clean(path), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := cdx.NewBOMEncoder(f, cdx.BOMFileFormatJSON).SetPretty(true).Encode(bom); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}

// text is the list for people, a module a line.
func text(parts []material) string {
	var b strings.Builder
	for _, part := range parts {
		fmt.Fprintf(&b, "%-14s %s %s\n", part.Licence, part.Path, part.Version)
	}
	return b.String()
}
