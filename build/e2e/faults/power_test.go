package faults_test

import (
	"bytes"
	byteorder "encoding/binary"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/build/promises/size"
	"keystead/server/config"
	"keystead/server/house"
)

// Whatever a power loss leaves of the disk is opened by the real code, sound, and with
// every change that had been answered. The audit log holds on it. The WAL is a short one:
// there is a checkpoint at most of the moments.
func TestP63PowerIsLostAtAnyMoment(t *testing.T) {
	work := recordWork(t, short(t), 2)
	t.Run("each commit is synced", func(t *testing.T) { work.checkSyncs(t) })
	t.Run("the master key is whole once it has its name", func(t *testing.T) { work.checkMasterKey(t) })
	lost, wrong := work.images(t, size.Of(t, 300, 50_000, "images of a disk"))
	for _, sentence := range append(lost, wrong...) {
		t.Error(sentence)
	}
}

// The same images of a server that does not wait for the disk show losses: else the
// test above would see none either.
func TestP63PowerLossShowsWithoutSyncs(t *testing.T) {
	lax := binary.Changed(t, "server/db/open.go", "_synchronous=FULL", "_synchronous=NORMAL")
	lost, _ := recordWork(t, lax, 1).images(t, size.Of(t, 40, 1000, "images of a disk"))
	if len(lost) == 0 {
		t.Error("a server that syncs nothing before it answers lost nothing")
	}
}

// The WAL has a header, and before each page another one.
// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
const header, ofPage, page = 32, 24, ofPage + 4096

// pages are the headers of those that were written to the WAL, some of them at once.
func (o op) pages() (heads [][]byte) {
	for at := int((page - (o.at-header)%page) % page); at+ofPage <= len(o.data); at += page {
		heads = append(heads, o.data[at:at+ofPage])
	}
	return heads
}

// checkSyncs looks whether the WAL is synced after each group of changes that is
// committed, and before the next is begun.
func (work worked) checkSyncs(t *testing.T) {
	t.Helper()
	commits, rounds, unsynced := 0, 0, false
	var newest op
	for _, o := range work.ops {
		if !strings.HasSuffix(o.name, "-wal") {
			continue
		}
		if o.kind == write {
			newest = o
		}
		switch {
		case o.kind == synced:
			unsynced = unsynced && !o.sees(newest)
		case o.kind == write && o.at == 0:
			rounds++ // a new WAL, or an old one from its beginning
		case o.kind == write:
			for _, head := range o.pages() {
				if unsynced {
					t.Fatalf("commit %d was not synced", commits)
				}
				if byteorder.BigEndian.Uint32(head[4:]) != 0 { // the last page of a commit says how long the file is
					commits, unsynced = commits+1, true
				}
			}
		}
	}
	size.Ran(t, commits, "commits")
	if commits < 50 || rounds < 6 || unsynced {
		t.Errorf("%d commits in %d rounds of the WAL, the last unsynced: %v", commits, rounds, unsynced)
	}
}

// checkMasterKey looks whether the master key was on the disk before it was called so: half
// of one would be none, and the next start would stop at it.
func (work worked) checkMasterKey(t *testing.T) {
	t.Helper()
	const name = "master.key"
	whole := map[string]bool{}
	for _, o := range work.ops {
		switch {
		case o.kind == synced:
			whole[o.name] = true
		case o.kind == write, o.kind == create:
			whole[o.name] = false
		}
		if o.name == name && (o.kind == create || o.kind == write) {
			t.Fatalf("%s is made in its place", name)
		}
		if o.kind == rename && o.to == name {
			if !whole[o.name] {
				t.Fatalf("%s gets its name before it is on the disk", name)
			}
			return
		}
	}
	t.Errorf("no %s was made", name)
}

// worked is what was recorded of a server at work.
type worked struct {
	ops   []op
	acked map[string]bool
}

// recordWork lets the crew work with a server that is stopped and started again between
// its runs, all of it on the record.
func recordWork(t *testing.T, path string, runs int) worked {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		t.Skip("there is no strace: build/install-test-tools.sh installs it")
	}
	folder, traces := filepath.Join(t.TempDir(), "data"), t.TempDir()
	if err := os.Mkdir(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	server := binary.Prepare(t, path, folder, roomy...)
	var c *crew
	r := newRecord(folder)
	for i := range runs {
		trace := filepath.Join(traces, fmt.Sprint(i))
		server.Under = strace(trace)
		server.Run()
		if c == nil {
			c = hire(t, server)
		}
		c.work(25)
		server.Stop()
		await(t, trace)
		r.read(t, trace)
	}
	return worked{r.ops, c.acked()}
}

// short is the binary with a WAL that is full after a few acts.
func short(t *testing.T) string {
	t.Helper()
	return binary.Changed(t, "server/db/checkpoint.go", "walPages = 8000", "walPages = 100")
}

// await the end of strace, which outlives the server.
func await(t *testing.T, trace string) {
	t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	for deadline := time.Now().Add(binary.Patience); time.Now().Before(deadline); <-look.C {
		text, err := os.ReadFile(trace)
		if err == nil && bytes.HasSuffix(text, []byte("+++ exited with 0 +++\n")) {
			return
		}
	}
	t.Fatal("strace did not end its record")
}

// images opens so many disks of moments that are spread over the work, and tells what
// had been answered and is lost, and what else is wrong.
func (work worked) images(t *testing.T, count int) (lost, wrong []string) {
	t.Helper()
	random := rand.New(rand.NewPCG(63, 5))
	moments := map[int]int{}
	for range count {
		moments[random.IntN(len(work.ops))]++
	}
	d, acked := newDisk(), map[string]bool{}
	for i, o := range work.ops {
		if d.do(o); o.kind == answered && work.acked[o.id] {
			acked[o.id] = true
		}
		for range moments[i] {
			for _, sentence := range look(t, d, random, maps.Clone(acked)) {
				if strings.HasPrefix(sentence, "lost: ") {
					lost = append(lost, sentence)
				} else {
					wrong = append(wrong, sentence)
				}
			}
		}
	}
	return lost, wrong
}

// look opens one disk.
func look(t *testing.T, d *disk, random *rand.Rand, acked map[string]bool) []string {
	t.Helper()
	folder, err := os.MkdirTemp(memory(), "image")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(folder) }()
	d.cut(t, random, folder)
	cfg := config.Default()
	cfg.Data = folder
	h, err := house.Open(t.Context(), cfg, house.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return []string{"does not open: " + err.Error()}
	}
	wrong := whole(h.DB.Read(t.Context()), acked)
	if _, err := h.Trail.Verify(t.Context()); err != nil {
		wrong = append(wrong, "audit verify: "+err.Error())
	}
	if err := h.Close(t.Context()); err != nil {
		wrong = append(wrong, "does not close: "+err.Error())
	}
	return wrong
}

// memory is a folder that no disk stands behind, where there is one: an image is thrown
// away after a look.
func memory() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() {
		return "/dev/shm"
	}
	return ""
}
