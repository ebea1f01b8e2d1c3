package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestTheListIsWhole(t *testing.T) {
	for i, p := range promises {
		if want := fmt.Sprintf("P%02d", i+1); p.id != want || p.says == "" || !strings.Contains("CHM", p.severity) {
			t.Errorf("%+v stands where %s should", p, want)
		}
	}
	if len(promises) != 72 {
		t.Errorf("%d promises, want 72", len(promises))
	}
}

func TestIDsInNames(t *testing.T) {
	for name, want := range map[string][]string{
		"TestP63NothingIsLost": {"P63"}, "TestP01P05P52Canaries": {"P01", "P05", "P52"}, "TestP256Curve": nil, "TestPages": nil, "TestOfP7": nil,
		"FuzzP24": {"P24"},
	} {
		if got := ids(name); !slices.Equal(got, want) {
			t.Errorf("%s carries %v, want %v", name, got, want)
		}
	}
}

// What "go test -json" may say of a test, and what the table makes of it.
func TestResults(t *testing.T) {
	log := `
make: something else
{"Action":"run","Package":"keystead/a","Test":"TestP01One"}
{"Action":"attr","Package":"keystead/a","Test":"TestP01One/sub","Key":"size","Value":"300 images"}
{"Action":"pass","Package":"keystead/a","Test":"TestP01One/sub"}
{"Action":"pass","Package":"keystead/a","Test":"TestP01One"}
{"Action":"run","Package":"keystead/a","Test":"TestP02P03Two"}
{"Action":"skip","Package":"keystead/a","Test":"TestP02P03Two"}
{"Action":"run","Package":"keystead/a","Test":"TestP03"}
{"Action":"pass","Package":"keystead/a","Test":"TestP03"}
{"Action":"pass","Package":"keystead/a"}
`
	of := func(t *testing.T, log string) (report, map[string]string) {
		ran := runs{}
		if err := ran.read(strings.NewReader(log)); err != nil {
			t.Fatal(err)
		}
		r, results := judge(promises, ran), map[string]string{}
		for _, v := range r.verdicts {
			results[v.id] = v.result
		}
		return r, results
	}
	r, results := of(t, log)
	for id, want := range map[string]string{"P01": kept, "P02": none, "P03": part, "P04": none, "P36": "later: " + outbound} {
		if results[id] != want {
			t.Errorf("%s is %q, want %q", id, results[id], want)
		}
	}
	var text strings.Builder
	r.print(&text)
	if r.failed || !strings.Contains(text.String(), "300 images") || !strings.Contains(text.String(), "P02 not kept (C)") {
		t.Errorf("failed: %v, with:\n%s", r.failed, text.String())
	}
	for what, more := range map[string]string{
		"a failed test":       `{"Action":"run","Package":"keystead/a","Test":"TestP01Two"}` + "\n" + `{"Action":"fail","Package":"keystead/a","Test":"TestP01Two"}`,
		"a test that died":    `{"Action":"run","Package":"keystead/a","Test":"TestP01Two"}`,
		"a package that died": `{"Action":"fail","Package":"keystead/b"}`,
		"a failed build":      `{"Action":"build-fail","ImportPath":"keystead/b"}`,
	} {
		r, results := of(t, log+more)
		if !r.failed || strings.Contains(what, "test") && results["P01"] != broken {
			t.Errorf("%s passes: %v, P01 is %q", what, r.failed, results["P01"])
		}
	}
}
