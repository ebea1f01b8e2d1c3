// Wasmcheck holds the console's program to its budget: its compressed size as packed
// in web/dist, and that neither HTTP nor TLS nor the regular expressions of the standard
// library got linked in, where the browser has all three.
//
//	go run ./build/wasmcheck -symbols build/bin/symbols.wasm
//
// The program that is shipped has no symbols, so the names come from a second build
// of the same sources with them.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"keystead/web"
)

// What build/lean keeps out. The linker writes names for WASM with an underscore for
// all but letters, digits and dots.
var forbidden = []string{"net_http.", "crypto_tls.", "regexp."}

func main() {
	symbols := flag.String("symbols", "build/bin/symbols.wasm", "the program with its symbols")
	budget := flag.Int("budget", 1_700_000, "largest compressed size, in bytes")
	flag.Parse()

	err := errors.Join(checkSize(*budget), checkSymbols(*symbols))
	if err != nil {
		fmt.Fprintln(os.Stderr, "wasmcheck:", err)
		os.Exit(1)
	}
}

func checkSize(budget int) error {
	site, err := web.Open()
	if err != nil {
		return err
	}
	for _, file := range site.Files {
		if file.Type != "application/wasm" {
			continue
		}
		content, err := site.Read(file.Brotli)
		if err != nil {
			return err
		}
		fmt.Printf("WASM: %d bytes, %d compressed of %d allowed\n", file.Size, len(content), budget)
		if len(content) > budget {
			return fmt.Errorf("%s is %d bytes over its budget", file.Path, len(content)-budget)
		}
		return nil
	}
	return errors.New("no WASM was packed")
}

func checkSymbols(path string) error {
	program, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	names, err := functionNames(program)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if len(names) == 0 {
		return fmt.Errorf("%s has no symbols", path)
	}
	var found []string
	for _, name := range names {
		for _, prefix := range forbidden {
			if strings.HasPrefix(name, prefix) {
				found = append(found, name)
			}
		}
	}
	if len(found) > 0 {
		return fmt.Errorf("%d functions of HTTP, TLS or regular expressions are linked in, among them %s", len(found), found[0])
	}
	return nil
}
