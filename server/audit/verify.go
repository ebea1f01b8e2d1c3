package audit

import (
	"context"
	"crypto/hmac"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"keystead/server/db"
)

// Broken names the first row where the chain does not hold.
type Broken struct {
	Row int64
	Why string
}

// Error says where and why.
func (b *Broken) Error() string { return fmt.Sprintf("audit row %d: %s", b.Row, b.Why) }

// Verify walks the whole chain, in pages, and compares its end with the head file.
// It answers the number of rows, or a [*Broken] that names the first bad one.
func (l *Log) Verify(ctx context.Context, d *db.DB) (int64, error) {
	var last row
	for {
		var rows []row
		err := d.Read(ctx).Select(&rows, `
			SELECT id, at, act, result, caller, user_id, user_email, key_id, session_id, org_id,
			       target, target_id, target_name, facts, ip, request_id, mac
			  FROM audit
			 WHERE id > ?
			 ORDER BY id
			 LIMIT 1000`, last.ID)
		if err != nil {
			return last.ID, fmt.Errorf("read the audit log: %w", err)
		}
		if len(rows) == 0 {
			return last.ID, l.checkHead(last)
		}
		for _, r := range rows {
			if r.ID != last.ID+1 {
				return last.ID, &Broken{last.ID + 1, "it is missing"}
			}
			if !hmac.Equal(r.MAC, l.mac(last.MAC, r)) {
				return last.ID, &Broken{r.ID, "it was changed, or the one before it was"}
			}
			last = r
		}
	}
}

func (l *Log) checkHead(last row) error {
	if l.head.path == "" {
		return nil
	}
	text, err := os.ReadFile(l.head.path)
	if errors.Is(err, fs.ErrNotExist) && last.ID == 0 {
		return nil
	}
	if err != nil {
		return &Broken{last.ID, "the head file can't be read, so a cut end would not show"}
	}
	number, sum, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return &Broken{last.ID, "the head file is damaged"}
	}
	switch {
	case id > last.ID:
		return &Broken{last.ID + 1, fmt.Sprintf("it is missing: the head file knows of %d rows", id)}
	case id == last.ID && sum != hex.EncodeToString(last.MAC):
		return &Broken{last.ID, "it is not the row that the head file knows"}
	}
	return nil
}
