package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/andybalholm/brotli"
)

const (
	bestBrotli = 11 // 20 s for the WASM
	fastBrotli = 5  // half a second, a sixth larger
	// window is 16 MiB: the WASM is larger than the default window, and repeats itself.
	window = 24
)

// compressor keeps what it made by the hash of what went in, so that only a changed
// WASM costs its seconds.
type compressor struct {
	cache string
	fast  bool
}

func (c compressor) brotli(content []byte) ([]byte, error) {
	best := c.kept(content, "br11")
	if made, err := os.ReadFile(best); err == nil {
		return made, touch(best)
	}
	if c.fast {
		return c.make(content, "br5", func(out *bytes.Buffer) error { return brotliInto(out, content, fastBrotli) })
	}
	return c.make(content, "br11", func(out *bytes.Buffer) error { return brotliInto(out, content, bestBrotli) })
}

func (c compressor) gzip(content []byte) ([]byte, error) {
	return c.make(content, "gz9", func(out *bytes.Buffer) error {
		w, err := gzip.NewWriterLevel(out, gzip.BestCompression)
		if err != nil {
			return err
		}
		if _, err := w.Write(content); err != nil {
			return err
		}
		return w.Close()
	})
}

func brotliInto(out *bytes.Buffer, content []byte, level int) error {
	w := brotli.NewWriterOptions(out, brotli.WriterOptions{Quality: level, LGWin: window})
	if _, err := w.Write(content); err != nil {
		return err
	}
	return w.Close()
}

func (c compressor) kept(content []byte, form string) string {
	return filepath.Join(c.cache, digest(content)[:32]+"."+form)
}

func (c compressor) make(content []byte, form string, compress func(*bytes.Buffer) error) ([]byte, error) {
	name := c.kept(content, form)
	if made, err := os.ReadFile(name); err == nil {
		return made, touch(name)
	}
	var out bytes.Buffer
	if err := compress(&out); err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	if err := os.MkdirAll(c.cache, 0o755); err != nil {
		return nil, err
	}
	return out.Bytes(), replace(name, out.Bytes())
}

func touch(name string) error { return os.Chtimes(name, time.Time{}, time.Now()) }

// keep is how long an unused form stays.
const keep = 7 * 24 * time.Hour

func (c compressor) prune() error {
	entries, err := os.ReadDir(c.cache)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || time.Since(info.ModTime()) < keep {
			continue
		}
		if err := os.Remove(filepath.Join(c.cache, entry.Name())); err != nil {
			return err
		}
	}
	return nil
}
