package logbook

import (
	"io"
	"sync"
	"time"
)

// Bounds of what is held back: a moment that nobody who reads a log notices, and few
// enough bytes for one write.
const (
	pause = 10 * time.Millisecond
	room  = 64 << 10
)

// lines gathers lines while they follow each other closely.
type lines struct {
	mu      sync.Mutex
	to      io.Writer
	held    []byte
	written time.Time   // when last
	timer   *time.Timer // writes what is held
	set     bool
}

func newLines(to io.Writer) *lines {
	l := &lines{to: to}
	l.timer = time.AfterFunc(time.Hour, l.late)
	l.timer.Stop()
	return l
}

// Write adds a line; TextHandler writes whole ones.
func (l *lines) Write(line []byte) (int, error) {
	l.add(line)
	return len(line), nil
}

func (l *lines) add(line []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.held = append(l.held, line...)
	switch {
	case len(l.held) >= room, !l.set && time.Since(l.written) >= pause:
		l.write()
	case !l.set:
		l.set = true
		l.timer.Reset(pause)
	}
}

// late writes what was held back. Nobody is above it, and no log can tell what broke it:
// the lines stay, and the next one tries again.
func (l *lines) late() {
	defer func() { _ = recover() }()
	l.flush()
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.write()
}

// write writes what is held. A log that can't be written stops nothing, and nobody
// could be told.
func (l *lines) write() {
	if l.set {
		l.timer.Stop()
		l.set = false
	}
	if len(l.held) == 0 {
		return
	}
	_, _ = l.to.Write(l.held)
	l.held, l.written = l.held[:0], time.Now()
}
