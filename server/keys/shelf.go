package keys

import (
	"encoding/json"
	"fmt"
	"sync"

	"keystead/server/db"
	"keystead/shared/api"
)

// maxOrdered bounds the ids that are kept for all selections together: 8 MB.
const maxOrdered = 1 << 20

// orders keeps the sorted ids of selections, so that page 200 costs what page 1
// does and the total nothing. SQLite would step over 5,000 rows to get to page 200,
// and over all of them to count. They are good until the next commit, whatever it
// wrote: then all go.
type orders struct {
	mu     sync.Mutex
	commit uint64
	held   int
	kept   map[selection][]api.KeyID
}

// of is the order of a selection, read anew unless it was since the last commit.
// The commits are counted before the read: what is read may be newer than that,
// never older.
func (o *orders) of(s selection, commits func() uint64, read func() ([]api.KeyID, error)) ([]api.KeyID, error) {
	o.mu.Lock()
	if now := commits(); o.kept == nil || now != o.commit {
		o.commit, o.held, o.kept = now, 0, map[selection][]api.KeyID{}
	}
	at := o.commit
	ids, ok := o.kept[s]
	o.mu.Unlock()
	if ok {
		return ids, nil
	}
	ids, err := read()
	if err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.commit == at && len(ids) <= maxOrdered {
		if o.held+len(ids) > maxOrdered {
			o.held = 0
			clear(o.kept)
		}
		o.held += len(ids) + 1
		o.kept[s] = ids
	}
	return ids, nil
}

// rowsOf reads the rows of a page, in the order of the ids.
func rowsOf(r db.Reader, ids []api.KeyID) ([]row, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	var rows []row
	err = r.Select(&rows, `
		SELECT `+columns+`
		  FROM json_each(?) page
		 CROSS JOIN api_keys k ON k.id = page.value
		 CROSS JOIN users u ON u.id = k.owner_id
		 WHERE k.deleted_at IS NULL
		 ORDER BY page.key`, string(list))
	if err != nil {
		return nil, fmt.Errorf("read a page: %w", err)
	}
	return rows, nil
}
