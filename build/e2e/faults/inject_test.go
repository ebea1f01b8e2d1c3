package faults_test

import (
	"bufio"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"keystead/build/e2e/binary"
)

// inject makes system calls of the running server fail, until lift: strace's
// "pwrite64:error=EIO", or "fsync:error=EIO:when=3" for the third of each thread. Where
// files are named only those on them do.
func inject(t *testing.T, server *binary.Server, what string, files ...string) (lift func()) {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("there is no strace: build/install-test-tools.sh installs it")
	}
	calls, _, _ := strings.Cut(what, ":")
	args := []string{"-f", "-o", "/dev/null", "-e", "trace=" + calls, "-e", "inject=" + what, "-p", strconv.Itoa(server.PID())}
	for _, file := range files {
		args = append(args, "-P", file)
	}
	cmd := exec.Command("strace", args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGINT}
	says, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(says)
	line, err := lines.ReadString('\n')
	if err != nil || !strings.Contains(line, "attached") {
		_ = cmd.Wait()
		t.Skipf("strace may not look into the server: %s", line)
	}
	drained := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, lines); close(drained) }()
	lifted := false
	lift = func() {
		if !lifted {
			lifted = true
			_ = cmd.Process.Signal(syscall.SIGINT)
			<-drained
			_ = cmd.Wait()
		}
	}
	t.Cleanup(lift)
	return lift
}

// limit keeps the server from writing any file beyond so many bytes, until lift.
func limit(t *testing.T, server *binary.Server, bytes int64) (lift func()) {
	t.Helper()
	set := func(soft string) {
		t.Helper()
		if out, err := exec.Command("prlimit", "--pid", strconv.Itoa(server.PID()), "--fsize="+soft+":unlimited").CombinedOutput(); err != nil {
			t.Fatalf("prlimit: %v %s", err, out)
		}
	}
	set(strconv.FormatInt(bytes, 10))
	return func() { t.Helper(); set("unlimited") }
}

// soon waits until something is so: five seconds, on a disk that is back.
func soon(t *testing.T, what string, is func() bool) {
	t.Helper()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(5 * time.Second); !is(); <-look.C {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not after five seconds", what)
		}
	}
}
