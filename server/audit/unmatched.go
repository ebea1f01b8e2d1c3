package audit

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"keystead/server/db"
	"keystead/server/disk"
)

// Begin looks, before the first row is written, whether the log goes on from what its head
// file knows, and makes that of a log without rows. Where it does not, the whole database
// lost what came last, or is an older copy: the file, which alone proves that, is set aside
// under another name before the next act would write over it, or an empty one where it is
// gone. Doubts are all that speaks against the log, until somebody who knows why removes
// what was set aside.
func (l *Log) Begin(r db.Reader) (doubts []*Broken, err error) {
	last, err := newest(r)
	if err != nil {
		return nil, err
	}
	known, damage := l.head.read()
	switch {
	case damage != nil:
		known.id = last.ID
		doubts = l.head.replace(&Broken{last.ID, damage.Error()}, known, last)
	case known.none && last.ID == 0:
		if err := l.head.begin(Head{0, make([]byte, sha256.Size)}); err != nil {
			return nil, err
		}
	case known.none && l.head.path != "":
		doubts = l.head.replace(headGone(last), headRow{id: last.ID}, last)
	default:
		there, err := upTo(r, known.id)
		if err != nil {
			return nil, err
		}
		if misfit := known.misfit(there); misfit != nil {
			doubts = l.head.replace(misfit, known, last)
		} else {
			l.head.remember(known) // or what is cut before the first act would not be missed by it
		}
	}
	kept, err := l.head.unmatched()
	return append(doubts, kept...), err
}

func headGone(last row) *Broken {
	return &Broken{last.ID, "the head file is gone, so a cut end would not show"}
}

// upTo is the row of this number, or where there is none the last before it.
func upTo(r db.Reader, id int64) (there row, err error) {
	err = r.Get(&there, "SELECT id, mac FROM audit WHERE id <= ? ORDER BY id DESC LIMIT 1", id)
	if err != nil && !db.IsNone(err) {
		return row{}, fmt.Errorf("read the row that the head file knows: %w", err)
	}
	return there, nil
}

// replace sets the file aside and makes the one of the log as it is. What was not set
// aside, on a full disk perhaps, stays in its place, and the doubt with it.
func (h *headFile) replace(doubt *Broken, known headRow, last row) []*Broken {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.known, h.alien = known, true
	if h.setAside(known.id) != nil {
		return []*Broken{doubt}
	}
	if last.ID > 0 {
		_ = h.begin(Head{last.ID, last.MAC}) // else the next act makes it
	}
	return nil
}

const aside = ".unmatched-"

// setAside gives the file another name, for good, that no earlier one has. Where it is
// gone, an empty one of that name stands for it.
func (h *headFile) setAside(id int64) error {
	to := h.path + aside + strconv.FormatInt(id, 10)
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			break
		} else if err != nil {
			return fmt.Errorf("set the head file of the audit log aside: %w", err)
		}
		to = fmt.Sprintf("%s%s%d.%d", h.path, aside, id, n)
	}
	err := os.Rename(h.path, to)
	if errors.Is(err, fs.ErrNotExist) {
		err = os.WriteFile(to, nil, 0o600)
	}
	if err != nil {
		return fmt.Errorf("set the head file of the audit log aside: %w", err)
	}
	h.known, h.alien = headRow{}, false
	if h.file != nil {
		_ = h.file.Close()
		h.file = nil
	}
	if err := disk.Sync(filepath.Dir(to)); err != nil {
		return fmt.Errorf("set the head file of the audit log aside: %w", err)
	}
	return nil
}

// unmatched are the doubts that files say which were set aside.
func (h *headFile) unmatched() (doubts []*Broken, err error) {
	if h.path == "" {
		return nil, nil
	}
	files, err := os.ReadDir(filepath.Dir(h.path))
	if err != nil {
		return nil, fmt.Errorf("look for head files that were set aside: %w", err)
	}
	for _, file := range files {
		of, found := strings.CutPrefix(file.Name(), filepath.Base(h.path)+aside)
		if !found {
			continue
		}
		why := "the log did not go on from its head file, kept as %s"
		if info, err := file.Info(); err == nil && info.Size() == 0 {
			why = "the head file was gone or empty, for which %s stands"
		}
		number, _, _ := strings.Cut(of, ".")
		id, _ := strconv.ParseInt(number, 10, 64) // 0: somebody renamed it
		doubts = append(doubts, &Broken{id, fmt.Sprintf(why+": "+
			"the database was cut or is an older copy; find out what is missing, then remove that file", file.Name())})
	}
	return doubts, nil
}
