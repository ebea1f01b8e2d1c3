package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"keystead/web"
)

// The types are set by hand: what the system's table says differs by machine, and
// instantiateStreaming refuses any other type than application/wasm.
var types = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
}

// add lists a file and keeps its forms. Pictures are compressed already; the WASM
// is not kept uncompressed, since every browser that can run it takes one of the
// others.
func (p *packer) add(file web.File, content []byte) error {
	ext := path.Ext(file.File)
	file.Type = types[ext]
	if file.Type == "" {
		return fmt.Errorf("%s: no type for %s", file.File, ext)
	}
	file.Size = len(content)
	// Weak: the forms share it, and a proxy may compress anew.
	file.ETag = `W/"` + digest(content)[:16] + `"`
	if ext != ".png" {
		if err := p.compressed(&file, content); err != nil {
			return err
		}
	}
	if ext == ".wasm" {
		file.File = ""
	} else {
		p.out[file.File] = content
	}
	p.site.Files = append(p.site.Files, file)
	return nil
}

func (p *packer) compressed(file *web.File, content []byte) error {
	br, err := p.compress.brotli(content)
	if err != nil {
		return err
	}
	gz, err := p.compress.gzip(content)
	if err != nil {
		return err
	}
	file.Brotli, file.Gzip = file.File+".br", file.File+".gz"
	p.out[file.Brotli], p.out[file.Gzip] = br, gz
	return nil
}

// write makes dir hold exactly what was packed. What is the same stays untouched,
// and the list comes last: a build that is cut off is seen as one.
func (p *packer) write(dir string) error {
	list, err := json.MarshalIndent(p.site, "", "\t")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for name, content := range p.out {
		if err := replace(filepath.Join(dir, name), content); err != nil {
			return err
		}
	}
	if err := replace(filepath.Join(dir, web.Index), append(list, '\n')); err != nil {
		return err
	}
	return p.sweep(dir)
}

// sweep removes what an earlier packing left.
func (p *packer) sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name := entry.Name()
		if _, packed := p.out[name]; packed || name == web.Index || name == ".gitkeep" {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// replace writes a file as a whole or not at all.
func replace(name string, content []byte) error {
	old, err := os.ReadFile(name)
	if err == nil && bytes.Equal(old, content) {
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".pack-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	if _, err := temp.Write(content); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Chmod(0o644); err != nil {
		temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}
