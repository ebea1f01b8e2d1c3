package binary

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Patience is how long anything may take on a busy machine before a test fails.
const Patience = 20 * time.Second

// Server is a running keystead.
type Server struct {
	Binary string
	Data   string   // its folder
	Host   string   // the address it listens on, 127.0.0.1
	Port   string   // and its port
	Args   []string // besides --data and --listen
	Under  []string // the command that the next [Server.Run] runs the binary with, strace for example

	verb string // serve or demo
	user uint32 // whom it runs as, 0: as the tests do
	t    testing.TB
	cmd  *exec.Cmd
	out  printed // standard output
	log  printed // standard error: the log
}

// Start runs the binary on an empty folder with these further arguments.
func Start(t testing.TB, args ...string) *Server {
	t.Helper()
	return StartIn(t, t.TempDir(), args...)
}

// StartIn is [Start] on a folder that may hold data.
func StartIn(t testing.TB, data string, args ...string) *Server {
	t.Helper()
	return start(t, "serve", data, "127.0.0.1", args)
}

// Prepare is [StartIn] of another binary, or of the one under test where path is "",
// that is not run yet.
func Prepare(t testing.TB, path, data string, args ...string) *Server {
	t.Helper()
	if path == "" {
		var err error
		if path, err = Path(); err != nil {
			t.Fatal(err)
		}
	}
	return prepare(t, path, "serve", data, "127.0.0.1", args)
}

// StartDemo runs the example installation.
func StartDemo(t testing.TB) *Server {
	t.Helper()
	return start(t, "demo", t.TempDir(), "127.0.0.1", nil)
}

// StartAs is [Start] as another user of this machine, for which the tests must be root's.
func StartAs(t testing.TB, user uint32, args ...string) *Server {
	t.Helper()
	path, err := Path()
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.MkdirTemp("", "keystead-user-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	program, err := os.ReadFile(path)
	if err == nil {
		err = errors.Join(os.WriteFile(folder+"/keystead", program, 0o755), os.Chown(folder, int(user), int(user)))
	}
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{t: t, verb: "serve", user: user, Binary: folder + "/keystead", Data: folder + "/data", Host: "127.0.0.1", Port: FreePort(t), Args: args}
	s.Run()
	t.Cleanup(s.Kill)
	return s
}

// StartAt is [Start] on another address of this machine.
func StartAt(t testing.TB, host string, args ...string) *Server {
	t.Helper()
	return start(t, "serve", t.TempDir(), host, args)
}

func start(t testing.TB, verb, data, host string, args []string) *Server {
	t.Helper()
	path, err := Path()
	if err != nil {
		t.Fatal(err)
	}
	s := prepare(t, path, verb, data, host, args)
	s.Run()
	return s
}

func prepare(t testing.TB, path, verb, data, host string, args []string) *Server {
	t.Helper()
	s := &Server{t: t, verb: verb, Binary: path, Data: data, Host: host, Port: FreePort(t), Args: args}
	t.Cleanup(func() {
		s.Kill()
		if t.Failed() {
			t.Logf("the server said:\n%s", tail(s.Log(), 1500))
		}
	})
	return s
}

// FreePort is a port that nothing listens on.
func FreePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}

// Run starts the server, again after [Server.Stop], and waits until it serves.
func (s *Server) Run() {
	s.t.Helper()
	if !s.Begin() {
		s.t.Fatalf("the server did not start: %s%s", s.Out(), s.Log())
	}
}

// Begin is [Server.Run] where the server may end before it serves. It answers whether it
// serves.
func (s *Server) Begin() bool {
	s.t.Helper()
	line := append(slices.Clone(s.Under), s.Binary, s.verb, "--data", s.Data, "--listen", net.JoinHostPort(s.Host, s.Port))
	line = append(line, s.Args...)
	s.cmd = exec.Command(line[0], line[1:]...)
	s.cmd.Env = cleanEnv()
	// Should the tests be killed, the kernel ends the server.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if s.user != 0 {
		s.cmd.SysProcAttr.Credential = &syscall.Credential{Uid: s.user, Gid: s.user}
	}
	serving := make(chan bool, 1)
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	s.cmd.Stderr = &s.log
	if err := s.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		lines := bufio.NewScanner(stdout)
		for lines.Scan() {
			_, _ = io.WriteString(&s.out, lines.Text()+"\n")
			if strings.HasPrefix(lines.Text(), "Keystead serves ") {
				serving <- true
			}
		}
		close(serving)
	}()
	select {
	case ok := <-serving:
		if !ok {
			_ = s.cmd.Wait()
		}
		return ok
	case <-time.After(Patience):
		s.t.Fatalf("the server did not say that it serves:\n%s%s", s.Out(), s.Log())
	}
	return false
}

// Code is the exit code of a server that has ended.
func (s *Server) Code() int { return s.cmd.ProcessState.ExitCode() }

// Stop asks the server to end and waits until it has.
func (s *Server) Stop() {
	s.t.Helper()
	s.ask()
	s.Wait()
}

// End is [Server.Stop] of a server that can't write what it still holds. It answers its
// exit code.
func (s *Server) End() int {
	s.t.Helper()
	s.ask()
	_ = s.ended()
	return s.Code()
}

func (s *Server) ask() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
}

// PID is the server's process.
func (s *Server) PID() int { return s.cmd.Process.Pid }

// Wait waits until the server has ended, as it must after SIGTERM.
func (s *Server) Wait() {
	s.t.Helper()
	if err := s.ended(); err != nil {
		s.t.Fatalf("after SIGTERM: %v\n%s", err, tail(s.Log(), 2000))
	}
}

func (s *Server) ended() (err error) {
	s.t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- s.cmd.Wait() }()
	select {
	case err = <-ended:
	case <-time.After(Patience):
		s.t.Fatal("the server did not stop")
	}
	return err
}

// Kill ends the server at once, if it still runs.
func (s *Server) Kill() {
	if s.cmd != nil && s.cmd.ProcessState == nil {
		_ = s.cmd.Process.Kill()
		_ = s.cmd.Wait()
	}
}

// URL is where programs reach the server, Site where browsers do: on localhost they
// grant everything that they grant on https.
func (s *Server) URL() string  { return "http://127.0.0.1:" + s.Port }
func (s *Server) Site() string { return "http://localhost:" + s.Port }

// Out is what the server printed, Log what it logged so far.
func (s *Server) Out() string { return s.out.String() }
func (s *Server) Log() string { return s.log.String() }

var setupLink = regexp.MustCompile(`(?m)^\s*https?://\S+/setup#token=(\S+)$`)

// SetupToken is the one in the link that the server printed last. It waits for the
// first: the line that says where the server is comes before.
func (s *Server) SetupToken() string {
	s.t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(Patience); time.Now().Before(deadline); <-look.C {
		if links := setupLink.FindAllStringSubmatch(s.Out(), -1); links != nil {
			return links[len(links)-1][1]
		}
	}
	s.t.Fatalf("no set-up link in:\n%s", s.Out())
	return ""
}

// Request is a line of the server's log about a request.
type Request struct {
	Method, Path string
	Status       int
}

var requestLine = regexp.MustCompile(`msg=request .*\bmethod=(\S+) path=(\S+) status=(\d+)`)

// Requests are those that the server logged so far: also the ones that a worker
// made or a browser made on its own.
func (s *Server) Requests() []Request {
	var list []Request
	for _, m := range requestLine.FindAllStringSubmatch(s.Log(), -1) {
		status, _ := strconv.Atoi(m[3])
		list = append(list, Request{m[1], strings.Trim(m[2], `"`), status})
	}
	return list
}

// Proc is a file in which the kernel tells of the running server.
func (s *Server) Proc(name string) string { return fmt.Sprintf("/proc/%d/%s", s.cmd.Process.Pid, name) }

// Result is how a command ended.
type Result struct {
	Out, Err string
	Code     int
}

// Command runs the binary with a command on this server's data, as a second process.
func (s *Server) Command(stdin string, args ...string) Result {
	s.t.Helper()
	return Command(s.t, stdin, append(args, "--data", s.Data)...)
}

// Command runs the binary to its end.
func Command(t testing.TB, stdin string, args ...string) Result {
	t.Helper()
	return CommandEnv(t, nil, stdin, args...)
}

// CommandEnv is [Command] with further variables.
func CommandEnv(t testing.TB, env []string, stdin string, args ...string) Result {
	t.Helper()
	path, err := Path()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Env = append(cleanEnv(), env...)
	cmd.Dir = t.TempDir()
	cmd.Stdin = strings.NewReader(stdin)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	var out, errs printed
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(Patience, func() { _ = cmd.Process.Kill() })
	err = cmd.Wait()
	if !late.Stop() {
		t.Fatalf("keystead %s did not end:\n%s%s", strings.Join(args, " "), out.String(), errs.String())
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return Result{out.String(), errs.String(), cmd.ProcessState.ExitCode()}
}

// AddUser creates a user with a password by the command line: who is invited chooses their own.
func (s *Server) AddUser(email, role, organization string) {
	s.t.Helper()
	args := []string{"user", "create", "--email", email, "--first-name", "Sam", "--last-name", "Reed", "--role", role, "--password-stdin"}
	if organization != "" {
		args = append(args, "--organization", organization)
	}
	if got := s.Command(Password+"\n", args...); got.Code != 0 {
		s.t.Fatalf("user create: %+v", got)
	}
}

// cleanEnv is our environment without settings of keystead.
func cleanEnv() []string {
	var env []string
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "KEYSTEAD_") {
			env = append(env, entry)
		}
	}
	return env
}

func tail(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return fmt.Sprintf("… %d bytes before …\n%s", len(text)-n, text[len(text)-n:])
}

// printed keeps what a process prints.
type printed struct {
	mu   sync.Mutex
	text strings.Builder
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.String()
}
