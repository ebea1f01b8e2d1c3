// Promises prints what Keystead promises, which tests hold each promise, the size at
// which they ran and how that ended:
//
//	go test -json ./... | go run ./build/promises
//	go run ./build/promises units.json e2e.json
//
// A test holds a promise by carrying its id in its name, as TestP63NothingIsLost does, and
// tells its size by package size. A promise without a test, or of which a part is not
// tested, is listed as that. It fails if a test of a promise did.
package main

import (
	"fmt"
	"io"
	"os"
)

func main() {
	runs, err := read(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "promises:", err)
		os.Exit(1)
	}
	report := judge(promises, runs)
	report.print(os.Stdout)
	if report.failed {
		os.Exit(1)
	}
}

// read reads the output of "go test -json" in the files, or on standard input.
func read(files []string) (runs, error) {
	all := runs{}
	if len(files) == 0 {
		return all, all.read(os.Stdin)
	}
	for _, name := range files {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		err = all.read(io.Reader(f))
		_ = f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return all, nil
}
