package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// patience is how long anything may take before the run gives up.
const patience = 30 * time.Second

// process is a server that we started.
type process struct {
	cmd     *exec.Cmd
	address string
	started time.Time
	out     string // file of what it prints
}

// spawn starts a server that is told its address as {address} and keeps what it
// prints and logs in files named after it.
func (b *bench) spawn(name, binary string, args ...string) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	p := &process{address: address, out: b.folder + "/" + name + ".out"}
	p.cmd = exec.Command(binary)
	for _, arg := range args {
		p.cmd.Args = append(p.cmd.Args, strings.ReplaceAll(arg, "{address}", address))
	}
	p.cmd.Env = plainEnv()
	// Should this process be killed, the kernel ends the server.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := os.Create(p.out)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	log, err := os.Create(b.folder + "/" + name + ".log")
	if err != nil {
		return nil, err
	}
	defer func() { _ = log.Close() }()
	p.cmd.Stdout, p.cmd.Stderr = out, log
	p.started = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	return p, nil
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String(), nil
}

// plainEnv is our environment without settings of keystead.
func plainEnv() []string {
	var env []string
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "KEYSTEAD_") {
			env = append(env, entry)
		}
	}
	return env
}

func (p *process) url(path string) string { return "http://" + p.address + path }

// answers waits until path is answered with 200 and says how long that took from the
// start of the process on.
func (p *process) answers(ctx context.Context, path string) (time.Duration, error) {
	for time.Since(p.started) < patience {
		status, err := ask(p.address, path)
		if err == nil && status == http.StatusOK {
			return time.Since(p.started), nil
		}
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		time.Sleep(100 * time.Microsecond) // a refused connection costs a tenth of that
	}
	_ = p.stop()
	said, _ := os.ReadFile(strings.TrimSuffix(p.out, "out") + "log")
	return 0, fmt.Errorf("%s does not answer: %s", p.cmd.Path, said)
}

// ask sends one request on a connection of its own: cheaper than a client that keeps
// some, and a server that just starts is asked at once.
func ask(address, path string) (status int, err error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", path, address); err != nil {
		return 0, err
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return 0, err
	}
	return answer.StatusCode, answer.Body.Close()
}

// stop asks the process to end and waits until it has.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	late := time.AfterFunc(patience, func() { _ = p.cmd.Process.Kill() })
	defer late.Stop()
	return p.cmd.Wait()
}

// memory is what the process holds now and the most that it ever held, in bytes,
// pages of its own file included.
func (p *process) memory() (now, peak int64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0, err
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) != 3 {
			continue
		}
		kilobytes, _ := strconv.ParseInt(fields[1], 10, 64)
		switch fields[0] {
		case "VmRSS:":
			now = kilobytes << 10
		case "VmHWM:":
			peak = kilobytes << 10
		}
	}
	if now == 0 {
		return 0, 0, fmt.Errorf("no memory in the status of process %d", p.cmd.Process.Pid)
	}
	return now, peak, nil
}

// cpu is how long the process has computed since its start.
func (p *process) cpu() time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), ") ") // the name in parentheses may hold blanks
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond // Linux counts in hundredths for everyone
}
