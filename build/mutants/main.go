package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"
)

// mutant is one deliberate bug.
type mutant struct {
	name string
	file string // from the top of the tree
	old  string // stands in it exactly once
	new  string // instead
	pkg  string // whose tests notice
	run  string // which, as for "go test -run"
}

// mutants are all of them, by the part of the house that they break.
var mutants = concat(keysAndVerdicts, peopleAndRoles, requests, exchanges, storageAndTrail)

func concat(lists ...[]mutant) (all []mutant) {
	for _, list := range lists {
		all = append(all, list...)
	}
	return all
}

// called are the mutants with one of the words in their name; without words all.
func called(words []string) (found []mutant) {
	for _, m := range mutants {
		named := len(words) == 0
		for _, word := range words {
			named = named || strings.Contains(m.name, word)
		}
		if named {
			found = append(found, m)
		}
	}
	return found
}

func main() {
	limit := flag.Duration("timeout", 10*time.Minute, "how long the tests of one mutant may take")
	list := flag.Bool("list", false, "print the list and run nothing")
	flag.Parse()
	wanted := called(flag.Args())
	if *list {
		for _, m := range wanted {
			fmt.Printf("%-60s %s\n", m.name, m.file)
		}
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, wanted, *limit, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

// run makes the copy, tries each mutant in it and prints what came of it.
func run(ctx context.Context, wanted []mutant, limit time.Duration, out io.Writer) error {
	if len(wanted) == 0 {
		return errors.New("there is no such mutant")
	}
	dir, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := copyTree(".", dir); err != nil {
		return fmt.Errorf("copy the tree: %w", err)
	}
	var score tally
	for _, m := range wanted {
		began := time.Now()
		came, said := m.try(ctx, dir, limit)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		score[came]++
		_, _ = fmt.Fprintf(out, "%-9s %-60s %-18s %s\n", came, m.name, strings.TrimPrefix(m.pkg, "./"), time.Since(began).Round(time.Second))
		if came != caught {
			_, _ = fmt.Fprintln(out, said)
		}
	}
	_, _ = fmt.Fprintf(out, "\n%d of %d deliberate bugs were caught\n", score[caught], len(wanted))
	if score[caught] < len(wanted) {
		return fmt.Errorf("%d survived, %d could not be tried", score[survived], score[broken])
	}
	return nil
}

// outcome is what came of a mutant.
type outcome int

const (
	caught outcome = iota
	survived
	broken // it could not be tried
)

func (o outcome) String() string { return [...]string{"caught", "SURVIVED", "BROKEN"}[o] }

// tally counts outcomes.
type tally [broken + 1]int
