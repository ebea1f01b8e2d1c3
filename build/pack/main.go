package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	var from source
	fast := flag.Bool("fast", false, "compress in a second rather than well, unless it was done well before")
	flag.StringVar(&from.web, "web", "web", "folder of the front end's sources")
	flag.StringVar(&from.wasm, "wasm", "build/bin/app.wasm", "the console's program")
	flag.StringVar(&from.wasmExec, "wasm-exec", "", "wasm_exec.js (default: the one of the go command)")
	cache := flag.String("cache", "build/bin/cache", "folder that keeps what was compressed before")
	out := flag.String("o", "web/dist", "folder to write")
	flag.Parse()

	if err := run(from, *out, compressor{cache: *cache, fast: *fast}); err != nil {
		fmt.Fprintln(os.Stderr, "pack:", err)
		os.Exit(1)
	}
}

func run(from source, out string, compress compressor) error {
	if from.wasmExec == "" {
		path, err := wasmExec()
		if err != nil {
			return err
		}
		from.wasmExec = path
	}
	p := &packer{source: from, compress: compress, names: map[string]string{}, out: map[string][]byte{}}
	if err := p.pack(); err != nil {
		return err
	}
	if err := p.write(out); err != nil {
		return err
	}
	fmt.Println(p.summary())
	return compress.prune()
}

func (p *packer) summary() string {
	for _, file := range p.site.Files {
		if file.Path == p.names["app.wasm"] {
			return fmt.Sprintf("packed version %s: %d files, WASM %d bytes, %d compressed",
				p.site.Version, len(p.site.Files), file.Size, len(p.out[file.Brotli]))
		}
	}
	return ""
}

// wasmExec finds the glue that belongs to the toolchain: another one's does not fit.
func wasmExec() (string, error) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("ask go for its folder: %w", err)
	}
	return filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js"), nil
}
