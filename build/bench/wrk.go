package main

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

//go:embed wrk.lua
var script []byte

// The load: enough connections to keep every core busy, few enough that an answer
// waits for its turn no longer than for the work.
const (
	threads     = 2
	connections = 32
)

// request is what a load sends again and again.
type request struct {
	url  string
	key  string // as a bearer, where there is one
	keys string // a file of them, to be presented in turn
	body string // POSTed, where there is one; see wrk.lua
	many string // a file of keys, to be presented in the body in turn
	form bool   // the body is a form, not JSON
	line string // one more header
	// clients is how many send it at a time, 0: as many as always.
	clients int
	// round is which of the loads that are alike this is: # in the body stands for it.
	round int
}

// result is what came of a load. Errors are answers of 400 and more too. The server's
// own time a request stays what it is where others keep the machine busy.
type result struct {
	rate     float64
	p50, p99 time.Duration
	cpu      time.Duration
	errors   int
}

// wrk sends a request to a server as fast as it can be answered.
func (b *bench) wrk(ctx context.Context, server *process, r request, length time.Duration) (result, error) {
	file := filepath.Join(b.folder, "wrk.lua")
	if err := os.WriteFile(file, script, 0o600); err != nil {
		return result{}, err
	}
	seconds := strconv.Itoa(max(1, int(length.Seconds())))
	cmd := exec.CommandContext(ctx, "wrk", "-t", strconv.Itoa(threads), "-c", strconv.Itoa(cmp.Or(r.clients, connections)), "-d", seconds, "-s", file, r.url)
	cmd.Env = plainEnv()
	for name, value := range map[string]string{ // not in the list of processes
		"BENCH_KEY": r.key, "BENCH_KEYS": r.keys, "BENCH_BODY": strings.ReplaceAll(r.body, "#", strconv.Itoa(r.round)), "BENCH_MANY": r.many, "BENCH_LINE": r.line,
	} {
		if value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	if r.form {
		cmd.Env = append(cmd.Env, "BENCH_FORM=1")
	}
	before := server.cpu()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return result{}, fmt.Errorf("wrk: %w: %s", err, out)
	}
	spent := server.cpu() - before
	_, line, _ := strings.Cut(string(out), "bench: ")
	var requests, took, p50, p99 float64
	var got result
	if _, err := fmt.Sscan(line, &requests, &took, &p50, &p99, &got.errors); err != nil {
		return result{}, fmt.Errorf("read what wrk says: %w: %s", err, out)
	}
	got.rate = requests / took * 1e6
	got.p50, got.p99 = micros(p50), micros(p99)
	got.cpu = spent / time.Duration(max(1, requests))
	return got, nil
}

func micros(n float64) time.Duration { return time.Duration(n * float64(time.Microsecond)) }
