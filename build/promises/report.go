package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// promise is one of P01 to P72.
type promise struct {
	id, severity, says string
	later              string // the feature that it waits for
	untested           string // what of it no test shows
}

// verdict is a promise with its tests.
type verdict struct {
	promise
	tests  []test
	runs   runs
	result string
}

// The results of a promise.
const (
	kept   = "kept"
	part   = "kept in part"
	broken = "BROKEN"
	none   = "NOT KEPT: no test"
	later  = "later"
)

type report struct {
	verdicts []verdict
	broken   []test // what failed of the tests, and whole packages
	failed   bool
}

// judge puts the tests to their promises.
func judge(all []promise, ran runs) report {
	var out report
	for _, p := range all {
		v := verdict{promise: p, runs: ran}
		for key := range ran {
			if slices.Contains(ids(key.Name), p.id) {
				v.tests = append(v.tests, key)
			}
		}
		slices.SortFunc(v.tests, byName)
		v.result = v.judge()
		out.verdicts = append(out.verdicts, v)
	}
	for key, r := range ran {
		if r.result == "fail" || r.result == "" {
			out.failed = true
			out.broken = append(out.broken, key)
		}
	}
	slices.SortFunc(out.broken, byName)
	return out
}

func byName(a, b test) int {
	return strings.Compare(a.Package+" "+a.Name, b.Package+" "+b.Name)
}

// judge says what all the tests of a promise come to. A test that was skipped shows
// nothing.
func (v verdict) judge() string {
	passed, skipped := 0, 0
	for _, key := range v.tests {
		switch v.runs[key].result {
		case "pass":
			passed++
		case "skip":
			skipped++
		default:
			return broken
		}
	}
	switch {
	case v.later != "":
		return later + ": " + v.later
	case passed == 0:
		return none
	case skipped > 0 || v.untested != "":
		return part
	}
	return kept
}

// print writes the table, and below it what is not kept.
func (r report) print(to io.Writer) {
	table := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "ID\tSEVERITY\tPROMISE, TESTS\tSIZE\tRESULT")
	for _, v := range r.verdicts {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t\t%s\n", v.id, v.severity, v.says, v.result)
		for _, key := range v.tests {
			ran := v.runs[key]
			_, _ = fmt.Fprintf(table, "\t\t  %s %s\t%s\t%s\n", strings.TrimPrefix(key.Package, "keystead/"), key.Name,
				strings.Join(ran.sizes, ", "), cmp.Or(ran.result, "died"))
		}
	}
	_ = table.Flush()
	r.printMissing(to)
}

func (r report) printMissing(to io.Writer) {
	count := map[string]int{}
	for _, v := range r.verdicts {
		word, _, _ := strings.Cut(v.result, ":")
		count[word]++
	}
	_, _ = fmt.Fprintf(to, "\nA test that tells no size runs at one only, which may be smaller than that of its promise.\n%d promises: %d kept, %d in part, %d not, %d broken, %d wait for a later feature.\n",
		len(r.verdicts), count[kept], count[part], count["NOT KEPT"], count[broken], count[later])
	for _, v := range r.verdicts {
		switch v.result {
		case part:
			_, _ = fmt.Fprintf(to, "%s in part: %s\n", v.id, cmp.Or(v.untested, "a test was skipped"))
		case none:
			_, _ = fmt.Fprintf(to, "%s not kept (%s): %s\n", v.id, v.severity, cmp.Or(v.untested, "no test of it ran"))
		}
	}
	for _, key := range r.broken {
		_, _ = fmt.Fprintf(to, "FAILED: %s %s\n", key.Package, key.Name)
	}
}
