package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// bench is one run.
type bench struct {
	keystead string // the binaries
	hello    string
	folder   string // all that the run writes
	seconds  time.Duration
	only     string // the parts to measure, separated by commas; "" for all
	sheet    sheet
}

func main() {
	b := bench{}
	flag.StringVar(&b.keystead, "keystead", "build/bin/keystead", "the built server")
	flag.StringVar(&b.hello, "hello", "build/bin/hello", "the built yardstick")
	flag.DurationVar(&b.seconds, "for", 3*time.Second, "how long each load lasts, in rounds of a second")
	flag.StringVar(&b.only, "only", "", "the parts to measure, such as \"load,pages\"; all without it")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := b.run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func (b *bench) run(ctx context.Context) (err error) {
	// On the disk where the project is: in many a machine's /tmp an fsync costs nothing.
	if b.folder, err = os.MkdirTemp(filepath.Dir(b.keystead), "bench-"); err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(b.folder) }()

	home, err := b.install(ctx, "data", crowd{1000, 10})
	if err != nil {
		return fmt.Errorf("make the installation: %w", err)
	}
	for _, part := range []struct {
		what    string
		measure func(context.Context, *installation) error
	}{
		{"sizes", b.sizes}, {"machine", b.machine}, {"start", b.start}, {"load", b.load},
		{"keys at work", b.keysAtWork}, {"pages", b.pages}, {"machine", b.machine},
	} {
		if b.only != "" && !slices.Contains(strings.Split(b.only, ","), part.what) {
			continue
		}
		fmt.Fprintf(os.Stderr, "measuring: %s\n", part.what)
		if failed := part.measure(ctx, home); failed != nil {
			// What was measured until then is worth the while that it took.
			err = fmt.Errorf("measure %s: %w", part.what, failed)
			break
		}
	}
	return errors.Join(err, b.sheet.print(os.Stdout))
}
