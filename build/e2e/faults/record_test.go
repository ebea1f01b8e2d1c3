package faults_test

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// op is what the server did to a file of its folder, or an answer that it gave.
type op struct {
	kind kind
	name string // of the file
	to   string // its new name
	at   int64  // where, or the new size
	data []byte
	id   string // of the request that was answered

	called, returned int // at which lines of the record
}

type kind int

const (
	write kind = iota
	truncate
	synced // a file
	listed // the names of the folder, synced
	create // a name in the folder
	rename
	remove
	answered // with a 2xx
)

// recorded are the system calls that change files or answer, and those that sync.
const recorded = "write,writev,pwrite64,pwritev,fsync,fdatasync,sync_file_range,ftruncate,fallocate,rename,renameat,renameat2,link,linkat,unlink,unlinkat,openat,creat"

// strace is the command that records a program into a file.
func strace(to string) []string {
	return []string{"strace", "-D", "-f", "-q", "--seccomp-bpf", "-y", "-xx", "-s", "1048576", "-e", "signal=none", "-e", "trace=" + recorded, "-o", to}
}

// record is what strace wrote about a server on a folder, understood line by line. A
// write counts from its call on, since it may be on the disk before it returns; a sync
// only after its return, and for writes that had returned before its call. Calls of
// threads that overlap are in two lines, "unfinished" and "resumed".
type record struct {
	folder string
	lines  int
	under  map[string]call  // way, by thread
	known  map[string]bool  // names in the folder
	ends   map[string]int64 // of files that are written in one go
	ops    []op
}

func newRecord(folder string) *record {
	return &record{folder: folder, under: map[string]call{}, known: map[string]bool{}, ends: map[string]int64{}}
}

// read takes in the trace of a server that has ended.
func (r *record) read(t *testing.T, trace string) {
	t.Helper()
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		if err := r.line(lines.Text()); err != nil {
			t.Fatal(err)
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// call is a system call as strace writes it.
type call struct {
	name, args string
	line       int // of its call
	op         int // what it does to a file, if it counts from its call on
}

func (r *record) line(text string) error {
	r.lines++
	thread, text, _ := strings.Cut(text, " ")
	text = strings.TrimLeft(text, " ")
	if _, after, ok := strings.Cut(text, " resumed>"); ok && strings.HasPrefix(text, "<... ") {
		c := r.under[thread]
		delete(r.under, thread)
		return r.end(c, after)
	}
	name, args, ok := strings.Cut(text, "(")
	if !ok {
		return nil // an exit
	}
	if args, ok := strings.CutSuffix(args, "<unfinished ...>"); ok {
		c := call{name, args, r.lines, len(r.ops)}
		r.under[thread] = c
		return r.begin(c)
	}
	split := strings.LastIndex(args, ") = ")
	if split < 0 {
		return nil // killed within
	}
	c := call{name, args[:split], r.lines, len(r.ops)}
	if err := r.begin(c); err != nil {
		return err
	}
	return r.end(c, args[split:])
}

// begin takes what counts from the call on.
func (r *record) begin(c call) error {
	switch c.name {
	case "write", "pwrite64":
		path, _ := described(c.args)
		data := quoted(c.args, 0)
		if id, ok := answer(data); ok {
			r.add(op{kind: answered, id: id})
		}
		name, ok := r.inside(path)
		if !ok {
			return nil
		}
		at := last(c.args)
		if c.name == "write" { // a new file, from its beginning to its end
			at = r.ends[name]
			r.ends[name] += int64(len(data))
		}
		r.add(op{kind: write, name: name, at: at, data: data})
	case "ftruncate":
		path, _ := described(c.args)
		if name, ok := r.inside(path); ok {
			r.add(op{kind: truncate, name: name, at: last(c.args)})
		}
	case "writev", "pwritev", "sync_file_range", "fallocate", "link", "linkat", "creat":
		if path, ok := described(c.args); ok && filepath.Dir(path) == r.folder {
			return fmt.Errorf("this record can't follow %s of %s", c.name, path)
		}
	}
	return nil
}

// end takes what counts only once it is done.
func (r *record) end(c call, result string) error {
	if _, code, ok := strings.Cut(result, "= "); !ok || strings.HasPrefix(code, "-1") {
		return nil
	}
	switch c.name {
	case "write", "pwrite64", "ftruncate":
		path, _ := described(c.args)
		if _, ok := r.inside(path); ok {
			r.ops[c.op].returned = r.lines
		}
	case "fsync", "fdatasync":
		path, _ := described(c.args)
		if path == r.folder {
			r.add(op{kind: listed})
		} else if name, ok := r.inside(path); ok {
			r.add(op{kind: synced, name: name, called: c.line})
		}
	case "openat":
		name, ok := r.inside(string(quoted(c.args, 0)))
		if ok && strings.Contains(c.args, "O_CREAT") && !r.known[name] {
			r.known[name], r.ends[name] = true, 0
			r.add(op{kind: create, name: name})
		}
	case "rename", "renameat", "renameat2":
		from, ok := r.inside(string(quoted(c.args, 0)))
		to, in := r.inside(string(quoted(c.args, 1)))
		if ok && in {
			r.known[to] = true
			delete(r.known, from)
			r.add(op{kind: rename, name: from, to: to})
		}
	case "unlink", "unlinkat":
		if name, ok := r.inside(string(quoted(c.args, 0))); ok {
			delete(r.known, name)
			r.add(op{kind: remove, name: name})
		}
	}
	return nil
}

func (r *record) add(o op) { r.ops = append(r.ops, o) }

// sees reports whether a sync has what o wrote.
func (sync op) sees(o op) bool { return o.returned != 0 && o.returned < sync.called }

// inside is the name of a file of the folder that a disk would have to keep. SQLite
// makes the index of its WAL anew after a crash; lock and socket hold nothing.
func (r *record) inside(path string) (string, bool) {
	name := filepath.Base(path)
	if filepath.Dir(path) != r.folder || strings.HasSuffix(name, "-shm") || strings.HasSuffix(name, ".lock") || strings.HasSuffix(name, ".sock") {
		return "", false
	}
	return name, true
}

// described is the path of the descriptor that a call begins with: 8<\x2f\x74…>.
func described(args string) (string, bool) {
	_, text, ok := strings.Cut(args, "<")
	text, _, end := strings.Cut(text, ">")
	return string(unescape(text)), ok && end
}

// quoted is the nth text in quotes.
func quoted(args string, n int) []byte {
	parts := strings.Split(args, `"`)
	if len(parts) < 2*n+2 {
		return nil
	}
	return unescape(parts[2*n+1])
}

// unescape reads what strace -xx writes, \x and two digits for each byte, and leaves
// what is not written so: names of pipes and sockets.
func unescape(text string) []byte {
	digits := make([]byte, 0, len(text)/2)
	for i := 0; i+4 <= len(text) && text[i:i+2] == `\x`; i += 4 {
		digits = append(digits, text[i+2], text[i+3])
	}
	if len(digits) != len(text)/2 {
		return []byte(text)
	}
	n, err := hex.Decode(digits, digits)
	if err != nil {
		return []byte(text)
	}
	return digits[:n]
}

// last is the last argument, a number.
func last(args string) int64 {
	n, _ := strconv.ParseInt(strings.TrimSpace(args[strings.LastIndex(args, ",")+1:]), 10, 64)
	return n
}

// answer is the id of the request that these bytes answer as done.
func answer(data []byte) (id string, ok bool) {
	text := string(data)
	if !strings.HasPrefix(text, "HTTP/1.1 2") {
		return "", false
	}
	_, text, ok = strings.Cut(text, "X-Request-Id: ")
	id, _, _ = strings.Cut(text, "\r\n")
	return id, ok
}
