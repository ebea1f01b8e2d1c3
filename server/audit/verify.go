package audit

import (
	"context"
	"crypto/hmac"
	"fmt"

	"keystead/server/db"
)

// Broken names the first row where the chain does not hold.
type Broken struct {
	Row int64
	Why string
}

// Error says where and why.
func (b *Broken) Error() string { return fmt.Sprintf("audit row %d: %s", b.Row, b.Why) }

// Verify walks the whole chain, in pages, and compares it with the head file and with
// those that were set aside. Rows may be added meanwhile. It answers the number of rows,
// or a [*Broken] that names the first bad one.
func (l *Log) Verify(ctx context.Context, d *db.DB) (int64, error) {
	known, err := l.head.read() // before the rows: it never lies ahead of them
	if err != nil {
		return 0, err
	}
	var last row
	for {
		var rows []row
		err := d.Read(ctx).Select(&rows, "SELECT"+columns+`, mac
			  FROM audit
			 WHERE id > ?
			 ORDER BY id
			 LIMIT 1000`, last.ID)
		if err != nil {
			return last.ID, fmt.Errorf("read the audit log: %w", err)
		}
		if len(rows) == 0 {
			break
		}
		for _, r := range rows {
			switch {
			case r.ID != last.ID+1:
				return last.ID, &Broken{last.ID + 1, "it is missing"}
			case !hmac.Equal(r.MAC, l.mac(last.MAC, r)):
				return last.ID, &Broken{r.ID, "it was changed"}
			case r.ID == known.id && known.misfit(r) != nil:
				return last.ID, known.misfit(r)
			}
			last = r
		}
	}
	if known.none && l.head.path != "" && last.ID > 0 {
		return last.ID, headGone(last)
	}
	if misfit := known.misfit(last); misfit != nil {
		return last.ID, misfit
	}
	doubts, err := l.head.unmatched()
	if len(doubts) > 0 {
		return last.ID, doubts[0]
	}
	return last.ID, err
}
