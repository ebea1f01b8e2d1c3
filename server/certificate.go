package main

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"syscall"

	"keystead/server/config"
)

// certificate is the pair that the server shows. It is read again when its files change:
// who renews it replaces the files and need not restart. A pair that can't be used, half
// written perhaps, leaves the one before in place.
type certificate struct {
	cert, key string
	log       *slog.Logger

	mu    sync.Mutex
	shown *tls.Certificate
	seen  [2]mark
}

// mark tells a file from what it was before, changed or replaced. The zero one is of a
// file that is not there.
type mark struct {
	inode    uint64
	size     int64
	modified syscall.Timespec
}

func markOf(path string) mark {
	var s syscall.Stat_t
	if err := syscall.Stat(path, &s); err != nil {
		return mark{}
	}
	return mark{s.Ino, s.Size, s.Mtim}
}

// openCertificate is the operator's, or with --tls-self-signed one of our own that lies
// in the data folder, so that the browser has to be told only once a year. Nil: serve
// without TLS.
func openCertificate(cfg config.Config, log *slog.Logger) (*certificate, error) {
	c := &certificate{cert: cfg.TLSCert, key: cfg.TLSKey, log: log}
	if cfg.TLSSelfSigned {
		c.cert, c.key = filepath.Join(cfg.Data, "tls.crt"), filepath.Join(cfg.Data, "tls.key")
		if err := ensureCertificate(cfg, c.cert, c.key); err != nil {
			return nil, fmt.Errorf("make a certificate: %w", err)
		}
	}
	if c.cert == "" {
		return nil, nil
	}
	if _, err := c.read(); err != nil {
		return nil, fmt.Errorf("can't use the certificate: %w", err)
	}
	return c, nil
}

// config is for a listener.
func (c *certificate) config() *tls.Config {
	return &tls.Config{
		MinVersion:     tls.VersionTLS12,
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return c.current(), nil },
	}
}

// current is the newest pair that can be used. To ask the file system for two dates
// costs a thousandth of the handshake that it is for.
func (c *certificate) current() *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch changed, err := c.read(); {
	case err != nil:
		c.log.Error("the certificate files were changed and can't be used: the pair before stays", "file", c.cert, "cause", err.Error())
	case changed:
		c.log.Info("took the new certificate", "file", c.cert, "good_until", c.shown.Leaf.NotAfter.UTC())
	}
	return c.shown
}

// read takes the files, once for each of their changes. At the start they count as
// changed whatever their marks are: files that are not there look like none seen yet.
func (c *certificate) read() (changed bool, err error) {
	marks := [2]mark{markOf(c.cert), markOf(c.key)}
	if c.shown != nil && marks == c.seen {
		return false, nil
	}
	c.seen = marks // before the files are read: what is written meanwhile is a change again
	pair, err := tls.LoadX509KeyPair(c.cert, c.key)
	if err != nil {
		return false, err
	}
	c.shown = &pair
	return true, nil
}

// expires is when the shown certificate ends, in Unix seconds.
func (c *certificate) expires() int64 {
	return c.current().Leaf.NotAfter.Unix()
}
