package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"keystead/web"
)

// starts is of how many the middle one counts.
const starts = 20

// start measures from the start of the process on the full database to its first
// answer of a request that needs the database.
func (b *bench) start(ctx context.Context, home *installation) error {
	var took []time.Duration
	for range starts {
		server, err := b.spawn("keystead", b.keystead, home.args...)
		if err != nil {
			return err
		}
		answered, err := server.answers(ctx, "/readyz")
		if err != nil {
			return err
		}
		took = append(took, answered)
		if err := server.stop(); err != nil {
			return err
		}
	}
	middle := median(took)
	b.sheet.add(fmt.Sprintf("start to first 200 (slowest of %d: %s)", starts, millis(slices.Max(took))), millis(middle), "< 35 ms", middle < 35*time.Millisecond)
	return nil
}

func median(list []time.Duration) time.Duration {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

func (b *bench) sizes(context.Context, *installation) error {
	info, err := os.Stat(b.keystead)
	if err != nil {
		return err
	}
	b.sheet.add("binary", megabytes(info.Size()), "< 32 MB", info.Size() < 32e6)
	site, err := web.Open()
	if err != nil {
		return err
	}
	for _, file := range site.Files {
		if strings.HasSuffix(file.Path, ".wasm") {
			content, err := site.Read(file.Brotli)
			if err != nil {
				return err
			}
			b.sheet.add("WASM, compressed", megabytes(int64(len(content))), "≤ 1.7 MB", len(content) <= 1_700_000)
			return nil
		}
	}
	return errors.New("no WASM was packed")
}

// machine says how busy others keep the machine: with more than its cores to do, times
// say little, and shares somewhat less than they would.
func (b *bench) machine(context.Context, *installation) error {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return err
	}
	when := "before"
	if len(b.sheet.loads) > 0 {
		when = "after"
	}
	minute, _, _ := strings.Cut(string(text), " ")
	b.sheet.tell(fmt.Sprintf("load average %s, of %d cores", when, runtime.NumCPU()), minute)
	return nil
}
