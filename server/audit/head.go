package audit

import (
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"

	"keystead/server/db"
	"keystead/server/disk"
)

// Head is the newest row of a log and its MAC, which stands for every row before it.
// The zero value is the head of an empty log.
type Head struct {
	Row int64
	MAC []byte
}

// HeadOf reads the head of the log in a database.
func HeadOf(r db.Reader) (Head, error) {
	last, err := newest(r)
	return Head{last.ID, last.MAC}, err
}

// String is the head as files say it.
func (h Head) String() string { return fmt.Sprintf("%020d %s", h.Row, hex.EncodeToString(h.MAC)) }

// ParseHead reads what [Head.String] wrote.
func ParseHead(text string) (h Head, err error) {
	number, sum, _ := strings.Cut(strings.TrimSpace(text), " ")
	var bad [2]error
	h.Row, bad[0] = strconv.ParseInt(number, 10, 64)
	h.MAC, bad[1] = hex.DecodeString(sum)
	if err := errors.Join(bad[:]...); err != nil {
		return Head{}, errors.New("the head file of the audit log is damaged, so a cut end would not show")
	}
	return h, nil
}

// ReadHead reads a head file.
func ReadHead(path string) (Head, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Head{}, fmt.Errorf("read the head of the audit log: %w", err)
	}
	return ParseHead(string(text))
}

// Keep makes a head file, which a [Log] then goes on with. An empty log has none.
func (h Head) Keep(path string) error {
	if h.Row == 0 {
		return nil
	}
	if err := os.WriteFile(path, []byte(h.String()+"\n"), 0o600); err != nil {
		return fmt.Errorf("keep the head of the audit log: %w", err)
	}
	return nil
}

// headFile keeps the newest row's id and MAC outside the database: who cuts rows
// off the end of the table must also change this file, and every backup of it.
type headFile struct {
	path  string
	mu    sync.Mutex
	file  *os.File
	known headRow // what lies there: what was written last, or found at the start
	alien bool    // what lies there does not fit the log, and could not be set aside yet
}

// begin makes the file at once and for good: from then on it is written in place,
// within one block of the disk, and is never found half written or missing after a
// power loss.
func (h *headFile) begin(at Head) error {
	if h.path == "" {
		return nil
	}
	made := h.path + ".new"
	f, err := os.OpenFile(made, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("make the head file of the audit log: %w", err)
	}
	_, err = f.WriteAt(headLine(at.Row, at.MAC), 0)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = disk.Rename(made, h.path)
	}
	if err != nil {
		return fmt.Errorf("make the head file of the audit log: %w", err)
	}
	return nil
}

// remember takes over what lies in the file and fits the log.
func (h *headFile) remember(known headRow) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.known = known
}

// headLine is the content of the file: as long for every row.
func headLine(id int64, mac []byte) []byte {
	return []byte(Head{id, mac}.String() + "\n")
}

// keep writes the newest head of a log whose head was before, in place. It is not synced:
// after a power loss the file may lie behind the table, never ahead of what was
// committed. One that does not fit the log is set aside first, or left alone: the table
// is the record, the file only guards its end.
func (h *headFile) keep(before, newest Head) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.path == "" {
		return
	}
	if h.alien || h.known.misfit(row{ID: before.Row, MAC: before.MAC}) != nil {
		if h.setAside(h.known.id) != nil {
			return
		}
	}
	if h.file == nil {
		f, err := os.OpenFile(h.path, os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return
		}
		h.file = f
	}
	if _, err := h.file.WriteAt(headLine(newest.Row, newest.MAC), 0); err == nil {
		h.known = headRow{id: newest.Row, mac: newest.MAC}
	}
}

// headRow is the newest row that the file knows.
type headRow struct {
	none bool // there is no file, or none is kept
	id   int64
	mac  []byte
}

// misfit is what speaks against a log with this row, which is the one that the file knows
// or, where that one is missing, the last before it: nil where the log may have been
// written on from what the file knows. The file may lie behind, so nothing speaks against
// a later row.
func (known headRow) misfit(r row) *Broken {
	switch {
	case known.id > r.ID:
		return &Broken{r.ID + 1, fmt.Sprintf("it is missing: the head file knows of %d rows", known.id)}
	case known.id == r.ID && r.ID > 0 && !hmac.Equal(known.mac, r.MAC):
		return &Broken{r.ID, "it is not the row that the head file knows"}
	}
	return nil
}

// read is what the file knows. A file that can't be read or understood is broken.
func (h *headFile) read() (known headRow, err error) {
	if h.path == "" {
		return headRow{none: true}, nil
	}
	head, err := ReadHead(h.path)
	if errors.Is(err, fs.ErrNotExist) {
		return headRow{none: true}, nil
	}
	return headRow{id: head.Row, mac: head.MAC}, err
}
