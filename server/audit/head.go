package audit

import (
	"encoding/hex"
	"fmt"
	"os"
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
