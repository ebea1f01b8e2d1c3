package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// A delimiter that neither html/template, JavaScript nor JSON uses, so that the
// sources stay valid in their own languages.
var placeholder = regexp.MustCompile(`@@([a-zA-Z0-9_./-]*)@@`)

// fill reads a source and puts the names in.
func (p *packer) fill(name string) ([]byte, error) {
	text, err := os.ReadFile(filepath.Join(p.web, name))
	if err != nil {
		return nil, err
	}
	var unknown string
	filled := placeholder.ReplaceAllFunc(text, func(match []byte) []byte {
		key := string(match[2 : len(match)-2])
		value, ok := p.names[key]
		if !ok {
			unknown = key
		}
		return []byte(value)
	})
	if unknown != "" {
		return nil, fmt.Errorf("%s names %q, which nothing is called", name, unknown)
	}
	return filled, nil
}
