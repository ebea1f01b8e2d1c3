package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"keystead/shared/api"
	"keystead/web"
)

// source says where everything comes from.
type source struct{ web, wasm, wasmExec string }

type packer struct {
	source
	compress compressor
	names    map[string]string // what a placeholder stands for
	out      map[string][]byte // file in dist → content
	hashed   []string          // for the version, in the order of packing
	site     web.Site
}

// The pieces, in the order in which each needs the names of those before it.
var (
	scripts = []string{"page.js", "boot.js", "light.js"}
	fixed   = []struct{ source, path string }{
		{"manifest.webmanifest", "/manifest.webmanifest"},
		{"index.html", "/"},
		{"sw.js", "/sw.js"},
	}
)

// pack makes everything in memory, so that a failure leaves dist as it was.
func (p *packer) pack() error {
	if err := p.leaves(); err != nil {
		return err
	}
	if err := p.stampVersion(); err != nil {
		return err
	}
	p.names["server_paths"] = strings.Join(api.ServerPaths, " ")
	for _, script := range scripts {
		text, err := p.fill(script)
		if err != nil {
			return err
		}
		if err := p.asset(script, text); err != nil {
			return err
		}
	}
	p.names["shell"] = strings.Join(p.shell(), " ")
	for _, page := range fixed {
		text, err := p.fill(page.source)
		if err != nil {
			return err
		}
		if err := p.add(web.File{Path: page.path, File: page.source}, text); err != nil {
			return err
		}
	}
	return p.templates()
}

// leaves are the assets that name no other.
func (p *packer) leaves() error {
	wasm, err := os.ReadFile(p.wasm)
	if err != nil {
		return fmt.Errorf("read the WASM (make wasm): %w", err)
	}
	p.names["wasm_size"] = strconv.Itoa(len(wasm))
	if err := p.asset("app.wasm", wasm); err != nil {
		return err
	}
	glue, err := os.ReadFile(p.wasmExec)
	if err != nil {
		return err
	}
	if err := p.asset("wasm_exec.js", glue); err != nil {
		return err
	}
	css, err := p.styles()
	if err != nil {
		return err
	}
	if err := p.asset("console.css", css); err != nil {
		return err
	}
	return p.icons()
}

// styles are one asset: the cascade layers, not the order of files, decide.
func (p *packer) styles() ([]byte, error) {
	paths, err := filepath.Glob(filepath.Join(p.web, "css", "*.css"))
	if err != nil {
		return nil, err
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("no css in %s", p.web)
	}
	var css bytes.Buffer
	for _, path := range paths {
		part, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		css.Write(part)
	}
	return css.Bytes(), nil
}

// stampVersion hashes the leaves, the sources that name them, and the policy that a
// browser keeps with them.
func (p *packer) stampVersion() error {
	sum := sha256.New()
	for _, hash := range p.hashed {
		fmt.Fprintln(sum, hash)
	}
	fmt.Fprintln(sum, web.AnswerHeaders(true), web.PageHeaders(), web.LightHeaders(), api.ServerPaths)
	for _, name := range p.templated() {
		text, err := os.ReadFile(filepath.Join(p.web, name))
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n%s", name, len(text), text)
	}
	p.site.Version = hex.EncodeToString(sum.Sum(nil))[:12]
	p.names["version"] = p.site.Version
	return nil
}

// templated are all sources with placeholders.
func (p *packer) templated() []string {
	names := slices.Clone(scripts)
	for _, page := range fixed {
		names = append(names, page.source)
	}
	return append(names, lightFiles()...)
}

// templates puts the light pages into dist for the server to render: they are filled
// but not listed, so they are not served as they are.
func (p *packer) templates() error {
	p.site.Light = map[string]string{}
	for _, page := range web.LightPages {
		p.site.Light[page.Path] = page.File
	}
	for _, name := range lightFiles() {
		text, err := p.fill(name)
		if err != nil {
			return err
		}
		p.out[name] = text
	}
	return nil
}

// lightFiles are the templates of the light pages and their frame.
func lightFiles() []string {
	names := []string{web.LightFrame}
	for _, page := range web.LightPages {
		names = append(names, page.File)
	}
	return names
}

// shell is what the worker keeps: the page, the list for installing, and all assets.
func (p *packer) shell() []string {
	paths := []string{"/", "/manifest.webmanifest"}
	for _, file := range p.site.Files {
		paths = append(paths, file.Path)
	}
	return paths
}

// asset adds a file under a name with its hash, which may be kept for ever.
func (p *packer) asset(name string, content []byte) error {
	stem, ext, _ := strings.Cut(path.Base(name), ".")
	sum := digest(content)
	p.hashed = append(p.hashed, name+" "+sum)
	named := stem + "." + sum[:12] + "." + ext
	p.names[name] = web.AssetsPath + named
	return p.add(web.File{Path: web.AssetsPath + named, File: named, Immutable: true}, content)
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
