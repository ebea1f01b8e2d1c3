package audit

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"sync"
)

// headFile keeps the newest row's id and MAC outside the database: who cuts rows
// off the end of the table must also change this file, and every backup of it.
type headFile struct {
	path string
	mu   sync.Mutex
	file *os.File
}

// keep writes the head in place. It is not synced: after a power loss the file
// may lie behind the table, never ahead of what was committed.
func (h *headFile) keep(id int64, mac []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.path == "" {
		return
	}
	if h.file == nil {
		f, err := os.OpenFile(h.path, os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return // the table is the record; the file only guards its end
		}
		h.file = f
	}
	_, _ = h.file.WriteAt([]byte(fmt.Sprintf("%020d %s\n", id, hex.EncodeToString(mac))), 0)
}

// headRow is the newest row that the file knows.
type headRow struct {
	none bool // there is no file, or none is kept
	id   int64
	mac  []byte
}

// read is what the file knows. A file that can't be read or understood is broken.
func (h *headFile) read() (known headRow, err error) {
	if h.path == "" {
		return headRow{none: true}, nil
	}
	text, err := os.ReadFile(h.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return headRow{none: true}, nil
	case err != nil:
		return known, fmt.Errorf("read the head of the audit log: %w", err)
	}
	number, sum, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	var bad [2]error
	known.id, bad[0] = strconv.ParseInt(number, 10, 64)
	known.mac, bad[1] = hex.DecodeString(sum)
	if err := errors.Join(bad[:]...); err != nil {
		return known, errors.New("the head file of the audit log is damaged, so a cut end would not show")
	}
	return known, nil
}
