package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"keystead/server/backups"
	"keystead/server/config"
	"keystead/server/house"
	"keystead/server/logbook"
	"keystead/server/router"
)

// At a stop, requests under way have finishWithin, what is in memory flushWithin after
// them.
const (
	finishWithin = 8 * time.Second
	flushWithin  = 2 * time.Second
)

// settings reads the configuration; no word may be left of it.
func settings(args, env []string) (config.Config, error) {
	cfg, left, err := config.Parse(args, env)
	if err != nil {
		return cfg, err
	}
	if len(left) > 0 {
		return cfg, misuse(fmt.Sprintf("%q is not a setting", left[0]))
	}
	return cfg, cfg.Check()
}

// logger is the server's log, and what writes its last lines.
func logger(cfg config.Config, to io.Writer) (log *slog.Logger, flush func()) {
	level := slog.LevelInfo
	if cfg.Debug {
		level = slog.LevelDebug
	}
	book := logbook.New(to, level)
	return slog.New(book), book.Flush
}

func serve(ctx context.Context, args, env []string, s streams) error {
	cfg, err := settings(args, env)
	if err != nil {
		return err
	}
	return serveHouse(ctx, cfg, time.Now, s, func(h *house.House, base string) error { return welcome(ctx, h, base, s.out) })
}

// greeting says what there is to say once the port is taken at base.
type greeting func(h *house.House, base string) error

// serveHouse opens the data folder and serves it until ctx ends. It greets
// before the first request is answered.
func serveHouse(ctx context.Context, cfg config.Config, now func() time.Time, s streams, greet greeting) error {
	noCore()
	defer keepHeadroom()()
	log, flush := logger(cfg, s.err)
	defer flush()
	if err := backups.Usable(cfg.BackupDir); err != nil {
		// Of an installation at work others verify their keys: a disk that is away must not
		// keep it from starting.
		if _, none := os.Stat(cfg.Database()); none != nil {
			return err
		}
		log.Error("backups can't be written", "cause", err.Error())
	}
	h, err := house.Open(ctx, cfg, house.Options{Now: now, Log: log, Version: version, Hashed: makeWay()})
	if err != nil {
		return err
	}
	err = serveOpen(ctx, h, greet)
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushWithin)
	defer cancel()
	return errors.Join(err, h.Close(closing))
}

func serveOpen(ctx context.Context, h *house.House, greet greeting) error {
	r, err := h.Router()
	if err != nil {
		return err
	}
	pair, err := openCertificate(h.Config, h.Log)
	if err != nil {
		return err
	}
	listener, err := listen(h.Config, pair)
	if err != nil {
		return err
	}
	endMetrics, err := serveMetrics(h, pair)
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer endMetrics()
	control, err := h.Control()
	if err != nil {
		_ = listener.Close()
		return err
	}
	defer func() { _ = control.Close() }()
	base := baseURL(h.Config, listener)
	if h.MadeMaster {
		h.Log.Warn("the master key lies beside the data: who copies the folder has both; --master-key-file keeps it elsewhere", "file", h.Config.MasterKey())
	}
	if err := greet(h, base); err != nil {
		_ = listener.Close()
		return err
	}
	h.Backups.Follow()
	return untilDone(ctx, r, listener, h.Config.StopDelay)
}

// untilDone serves until ctx ends, then finishes what is under way.
func untilDone(ctx context.Context, r *router.Router, listener net.Listener, delay time.Duration) error {
	served := make(chan error, 1)
	go func() { served <- r.App.Listener(listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), delay+finishWithin)
	defer cancel()
	return r.Stop(stopping, listener, delay)
}

// welcome says where the console is, and on an empty installation how to set it up.
func welcome(ctx context.Context, h *house.House, base string, out io.Writer) error {
	text := "Keystead serves " + base + "\n"
	needed, err := h.SetUpNeeded(ctx)
	if err != nil {
		return err
	}
	if needed {
		token, err := h.NewSetupToken(ctx)
		if err != nil {
			return err
		}
		text += fmt.Sprintf("\nSet it up within 24 hours, once, with this link:\n\n  %s/setup#token=%s\n\n", base, token.Reveal())
	}
	_, err = io.WriteString(out, text)
	return err
}

// listen takes the port, with TLS where there is a certificate.
func listen(cfg config.Config, pair *certificate) (net.Listener, error) {
	taken, err := take(cfg.Listen, "--listen")
	if err != nil {
		return nil, err
	}
	listener := router.Patient{Listener: taken}
	if pair == nil {
		return router.Welcome(listener), nil
	}
	return router.Welcome(tls.NewListener(listener, pair.config())), nil
}

// take takes a port that a setting names.
func take(address, setting string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use by another program: give another %s", address, setting)
	}
	if err != nil {
		return nil, fmt.Errorf("can't listen on %s: %w", address, err)
	}
	return listener, nil
}

// baseURL is where people find the console.
func baseURL(cfg config.Config, listener net.Listener) string {
	if cfg.PublicURL != "" {
		return strings.TrimRight(cfg.PublicURL, "/")
	}
	scheme := "http"
	if cfg.TLS() {
		scheme = "https"
	}
	address := listener.Addr().(*net.TCPAddr)
	if address.IP.IsUnspecified() { // every address of this machine: no browser goes to 0.0.0.0 or [::]
		return scheme + "://localhost:" + strconv.Itoa(address.Port)
	}
	return scheme + "://" + address.String()
}

// noCore keeps key material out of core files, also of those that a program takes over a
// pipe whatever their size may be, and keeps other programs of the same user from
// reading our memory (security.md, P07). Where the kernel refuses, the server still runs.
func noCore() {
	_ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{})
	_ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0)
}

func writeSettings(b *strings.Builder) {
	for _, set := range config.Settings() {
		fmt.Fprintf(b, "  %-24s %s", set.Flag, set.Means)
		if set.Default != "" && set.Default != "false" {
			fmt.Fprintf(b, " (default %s)", set.Default)
		}
		b.WriteString("\n")
	}
}

func openAPI(ctx context.Context, _, _ []string, s streams) error {
	dir, err := os.MkdirTemp("", "keystead")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cfg := config.Default()
	cfg.Data = dir
	h, err := house.Open(ctx, cfg, house.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler), Version: version})
	if err != nil {
		return err
	}
	defer func() { _ = h.Close(context.Background()) }()
	r, err := h.Router()
	if err != nil {
		return err
	}
	text, err := r.OpenAPI()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s\n", text)
	return err
}
