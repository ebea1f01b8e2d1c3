package house

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"sync"
	"syscall"
	"time"

	"keystead/server/config"
	"keystead/server/worker"
)

// Command is an act asked for on the command line. It travels over the socket in
// the data folder (0600), so whoever may send one may also read the folder.
type Command struct {
	Name string            `json:"name"`
	Args map[string]string `json:"args"`
}

// Format prints the name only, whatever the verb: a password may be among the rest.
func (c Command) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.Name) }

// reply is what the server sends back.
type reply struct {
	Answer string `json:"answer"`
	Error  string `json:"error"`
}

// controlWithin bounds one command, slowWithin one that reads everything there is.
const (
	controlWithin = 30 * time.Second
	slowWithin    = 2 * time.Hour
)

// slow reports a command that reads everything. Where the server stops it is given up.
func (c Command) slow() bool { return c.Name == "backup" || c.Name == "audit verify" }

func (c Command) within() time.Duration {
	if c.slow() {
		return slowWithin
	}
	return controlWithin
}

// Run does a command: by the server that has the data folder, or, where none runs,
// in this process.
func Run(ctx context.Context, cfg config.Config, o Options, cmd Command) (string, error) {
	if conn, err := net.Dial("unix", cfg.Socket()); err == nil {
		return ask(ctx, conn, cmd)
	}
	if _, err := os.Stat(cfg.Data); errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("there is no data folder at %s: give --data", cfg.Data)
	}
	o.Visit = true
	h, err := Open(ctx, cfg, o)
	if err != nil {
		return "", err
	}
	answer, err := h.Do(ctx, cmd)
	if err != nil {
		err = errors.New(sentence(err))
	}
	return answer, errors.Join(err, h.Close(ctx))
}

// ask has the running server do a command, and gives up when ctx ends: a server that
// does not answer must not hold whoever asks.
func ask(ctx context.Context, conn net.Conn, cmd Command) (string, error) {
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	_ = conn.SetDeadline(time.Now().Add(cmd.within()))
	if err := json.NewEncoder(conn).Encode(cmd); err != nil {
		return "", fmt.Errorf("ask the running server: %w", err)
	}
	var got reply
	if err := json.NewDecoder(io.LimitReader(conn, 1<<20)).Decode(&got); err != nil {
		return "", fmt.Errorf("ask the running server: %w", err)
	}
	if got.Error != "" {
		return "", errors.New(got.Error)
	}
	return got.Answer, nil
}

// Control takes commands over the socket until it is closed.
func (h *House) Control() (io.Closer, error) {
	path := h.Config.Socket()
	// We hold the lock of the folder, so a socket that lies here has no owner.
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("take the socket: %w", err)
	}
	before := syscall.Umask(0o177)
	listener, err := net.Listen("unix", path)
	syscall.Umask(before)
	if err != nil {
		return nil, fmt.Errorf("take the socket: %w", err)
	}
	c := &control{listener: listener}
	c.open, c.stop = context.WithCancel(context.Background())
	c.done.Add(1)
	go c.loop(h)
	return c, nil
}

type control struct {
	listener net.Listener
	open     context.Context // until it is closed
	stop     context.CancelFunc
	done     sync.WaitGroup
}

// Close stops taking commands, gives up slow ones and waits for the others.
func (c *control) Close() error {
	err := c.listener.Close()
	c.stop()
	c.done.Wait()
	return err
}

func (c *control) loop(h *House) {
	defer c.done.Done()
	for {
		conn, err := c.listener.Accept()
		if err != nil {
			return
		}
		c.done.Add(1)
		go func() {
			defer c.done.Done()
			defer func() { _ = conn.Close() }()
			h.answer(c.open, conn)
		}()
	}
}

func (h *House) answer(open context.Context, conn net.Conn) {
	_ = conn.SetDeadline(time.Now().Add(controlWithin))
	var cmd Command
	if err := json.NewDecoder(io.LimitReader(conn, 64<<10)).Decode(&cmd); err != nil {
		return
	}
	_ = conn.SetDeadline(time.Now().Add(cmd.within()))
	if !cmd.slow() {
		open = context.Background()
	}
	ctx, cancel := context.WithTimeout(open, cmd.within())
	defer cancel()
	var got reply
	err := worker.Safely(h.Log, "do a command", func() (err error) {
		got.Answer, err = h.Do(ctx, cmd)
		return err
	})
	if err != nil {
		got.Error = sentence(err)
	}
	_ = json.NewEncoder(conn).Encode(got)
}
