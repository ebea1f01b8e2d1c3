package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// test is one that ran, or a package that did not get as far.
type test struct {
	Package, Name string
}

// run is how it ended.
type run struct {
	result string // pass, fail or skip; "" where its process died
	sizes  []string
}

type runs map[test]*run

// event is a line of "go test -json" (go doc test2json).
type event struct {
	Action, Package, ImportPath, Test, Key, Value string
}

// read takes in the events. Lines that are none, of make for example, are passed over.
func (all runs) read(from io.Reader) error {
	lines := bufio.NewReader(from)
	for {
		line, err := lines.ReadString('\n')
		if strings.HasPrefix(line, "{") {
			var e event
			if bad := json.Unmarshal([]byte(line), &e); bad != nil {
				return fmt.Errorf("read %q: %w", line, bad)
			}
			all.take(e)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (all runs) take(e event) {
	name, sub, _ := strings.Cut(e.Test, "/")
	key := test{e.Package, name}
	switch e.Action {
	case "build-fail":
		all[test{e.ImportPath, ""}] = &run{result: "fail"}
	case "run":
		if sub == "" {
			all[key] = &run{}
		}
	case "attr":
		if r := all[key]; r != nil && e.Key == "size" {
			r.sizes = append(r.sizes, e.Value)
		}
	case "pass", "fail", "skip":
		switch {
		case sub != "" && e.Action == "skip":
			all[key].sizes = append(all[key].sizes, "without "+sub)
		case sub == "" && (name != "" || e.Action == "fail"):
			if all[key] == nil {
				all[key] = &run{}
			}
			all[key].result = e.Action
		}
	}
}

// ids are the promises that a test's name carries: P01 and P52, not the P25 of P256.
func ids(name string) (found []string) {
	for i := 0; i+3 <= len(name); i++ {
		if name[i] == 'P' && digit(name, i+1) && digit(name, i+2) && !digit(name, i+3) {
			found = append(found, name[i:i+3])
		}
	}
	return found
}

func digit(s string, i int) bool { return i < len(s) && s[i] >= '0' && s[i] <= '9' }
