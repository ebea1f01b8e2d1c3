package main

import (
	"bytes"
	"encoding/binary"
	"errors"
)

var errShort = errors.New("not a whole WASM module")

const (
	customSection  = 0
	functionNaming = 1
)

// functionNames reads the name section (WebAssembly core specification, appendix
// "Name Section") and answers the names of the functions.
func functionNames(module []byte) ([]string, error) {
	rest, ok := bytes.CutPrefix(module, []byte("\x00asm\x01\x00\x00\x00"))
	if !ok {
		return nil, errShort
	}
	r := reader{rest: rest}
	for len(r.rest) > 0 && !r.short {
		id, section := r.section()
		if id != customSection {
			continue
		}
		if custom := (reader{rest: section}); string(custom.bytes()) == "name" {
			return custom.functions()
		}
	}
	if r.short {
		return nil, errShort
	}
	return nil, nil
}

// functions reads the subsections of the name section.
func (r *reader) functions() ([]string, error) {
	var names []string
	for len(r.rest) > 0 && !r.short {
		id, sub := r.section()
		if id != functionNaming {
			continue
		}
		entries := reader{rest: sub}
		for range entries.number() {
			entries.number() // the function's index
			names = append(names, string(entries.bytes()))
			if entries.short {
				return nil, errShort
			}
		}
	}
	if r.short {
		return nil, errShort
	}
	return names, nil
}

// reader takes pieces off the front. Once a piece is missing it is short for good and
// answers nothing more.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) number() uint64 {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 {
		r.rest, r.short = nil, true
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *reader) bytes() []byte {
	size := r.number()
	if size > uint64(len(r.rest)) {
		r.rest, r.short = nil, true
		return nil
	}
	piece := r.rest[:size]
	r.rest = r.rest[size:]
	return piece
}

func (r *reader) section() (id byte, content []byte) {
	if len(r.rest) == 0 {
		r.short = true
		return 0, nil
	}
	id, r.rest = r.rest[0], r.rest[1:]
	return id, r.bytes()
}
