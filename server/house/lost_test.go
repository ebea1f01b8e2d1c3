package house_test

import (
	"bytes"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"keystead/server/config"
	"keystead/server/house"
)

// folder is a data folder that a house was open in and is closed.
type folder struct {
	*testing.T
	cfg config.Config
}

func newFolder(t *testing.T) folder {
	t.Helper()
	f := folder{t, config.Default()}
	f.cfg.Data = t.TempDir()
	_, err := f.start("signing-key rotate")
	f.must(err)
	return f
}

// start opens the house, does a command where one is named, and answers what was logged
// and what the command or the start refused.
func (f folder) start(command string) (logged string, err error) {
	f.Helper()
	var log bytes.Buffer
	h, err := house.Open(f.Context(), f.cfg, house.Options{Now: time.Now, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		return log.String(), err
	}
	if command != "" {
		_, err = h.Do(f.Context(), house.Command{Name: command})
	}
	if closed := h.Close(f.Context()); closed != nil {
		f.Fatal(closed)
	}
	return log.String(), err
}

func (f folder) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

func (f folder) read(path string) []byte {
	f.Helper()
	text, err := os.ReadFile(path)
	f.must(err)
	return text
}

// doubted starts, and wants the log and audit verify to doubt the end, or not to.
func (f folder) doubted(when string, want bool) {
	f.Helper()
	logged, err := f.start("audit verify")
	if got := strings.Contains(logged, "level=ERROR"); got != want {
		f.Errorf("%s the start doubts the log: %v, want %v: %s", when, got, want, logged)
	}
	if (err != nil) != want {
		f.Errorf("%s audit verify says: %v", when, err)
	}
}

// TestP40AnOlderCopyIsToldOfUntilSomebodyKnows: acts that follow do not hide it.
func TestP40AnOlderCopyIsToldOfUntilSomebodyKnows(t *testing.T) {
	f := newFolder(t)
	older := f.read(f.cfg.Database())
	f.doubted("at first", false)
	_, err := f.start("signing-key rotate")
	f.must(err)
	head := f.read(f.cfg.AuditHead())
	f.must(os.WriteFile(f.cfg.Database(), older, 0o600))

	f.doubted("over an older copy", true)
	for range 2 {
		_, err = f.start("signing-key rotate")
		f.must(err)
		f.doubted("after an act", true)
	}
	kept := f.cfg.AuditHead() + ".unmatched-2"
	if !bytes.Equal(f.read(kept), head) {
		t.Error("the proof is not what it was")
	}
	f.must(os.Remove(kept))
	f.doubted("after its removal", false)
}

func TestP40AHeadFileThatIsGoneIsToldOfAtTheStart(t *testing.T) {
	f := newFolder(t)
	f.must(os.Remove(f.cfg.AuditHead()))
	f.doubted("without the head file", true)
	_, err := f.start("signing-key rotate")
	f.must(err)
	f.doubted("after an act", true)
}

// TestP40ALostDatabaseIsNoNewInstallation: an empty or missing database beside its head
// file is refused, and nothing is changed.
func TestP40ALostDatabaseIsNoNewInstallation(t *testing.T) {
	lose := map[string]func(path string) error{
		"missing": os.Remove,
		"empty":   func(path string) error { return os.Truncate(path, 0) },
	}
	for how, lose := range lose {
		f := newFolder(t)
		head := f.read(f.cfg.AuditHead())
		f.must(lose(f.cfg.Database()))
		for range 2 {
			if _, err := f.start(""); err == nil || !strings.Contains(err.Error(), "restore a backup") {
				t.Errorf("%s: the start says %v", how, err)
			}
		}
		if !bytes.Equal(f.read(f.cfg.AuditHead()), head) {
			t.Errorf("%s: the proof is not what it was", how)
		}
		f.must(os.Remove(f.cfg.AuditHead()))
		if _, err := f.start(""); err != nil {
			t.Errorf("%s: to begin anew is refused: %v", how, err)
		}
	}
}

// TestP40AFirstStartThatWasKilledGoesOn: what has a head file has a database that is not
// empty, also while all of it lies in the WAL.
func TestP40AFirstStartThatWasKilledGoesOn(t *testing.T) {
	f := folder{t, config.Default()}
	f.cfg.Data = t.TempDir()
	h, err := house.Open(t.Context(), f.cfg, house.Options{Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	f.must(err)
	t.Cleanup(func() { f.must(h.Close(t.Context())) })
	killed := folder{t, config.Default()}
	killed.cfg.Data = t.TempDir()
	f.must(os.CopyFS(killed.cfg.Data, os.DirFS(f.cfg.Data)))
	f.must(os.Chmod(killed.cfg.MasterKey(), 0o600))
	if _, err := killed.start(""); err != nil {
		t.Error(err)
	}
}
