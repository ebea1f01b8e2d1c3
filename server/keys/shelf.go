package keys

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/singleflight"

	"keystead/server/db"
	"keystead/shared/api"
)

// What is kept in memory at most: 8 MB of ids, about as much of rows.
const (
	maxIDs  = 1 << 20
	maxRows = 1 << 14
)

// shelf keeps what lists were made of: the sorted ids of selections, so that page
// 200 costs what page 1 does and the total nothing, where SQLite would step over
// 5,000 rows and count all; and the rows that pages showed. It is good until the
// next commit, whatever that wrote: then all of it goes.
type shelf struct {
	db *db.DB

	mu     sync.Mutex
	commit uint64
	ids    int // in all orders
	orders map[selection][]api.KeyID
	rows   map[api.KeyID]*row

	asking singleflight.Group // after a commit everyone wants the same order at once
}

// at is the number of commits for which the shelf holds; it is emptied if there was
// another. Count before you read: what is read may be newer than that, never older.
func (s *shelf) at() uint64 {
	if now := s.db.Commits(); s.orders == nil || now != s.commit {
		s.commit, s.ids = now, 0
		s.orders, s.rows = map[selection][]api.KeyID{}, map[api.KeyID]*row{}
	}
	return s.commit
}

// order is the ids of a selection, sorted. Nobody changes what it answers.
func (s *shelf) order(r db.Reader, want selection) ([]api.KeyID, error) {
	s.mu.Lock()
	commit := s.at()
	ids, ok := s.orders[want]
	s.mu.Unlock()
	if ok {
		return ids, nil
	}
	read, err, _ := s.asking.Do(fmt.Sprintf("%d %+v", commit, want), func() (any, error) { return readOrder(r, want) })
	if err != nil {
		return nil, err
	}
	ids = read.([]api.KeyID)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at() == commit && len(ids) < maxIDs {
		if s.ids += len(ids) + 1; s.ids > maxIDs {
			s.ids = len(ids) + 1
			clear(s.orders)
		}
		s.orders[want] = ids
	}
	return ids, nil
}

// page is the rows of those ids, in their order. Nobody changes what it answers.
func (s *shelf) page(r db.Reader, ids []api.KeyID) ([]*row, error) {
	rows := make([]*row, len(ids))
	s.mu.Lock()
	commit := s.at()
	whole := true
	for i, id := range ids {
		var ok bool
		rows[i], ok = s.rows[id]
		whole = whole && ok
	}
	s.mu.Unlock()
	if whole {
		return rows, nil
	}
	rows, err := readRows(r, ids)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at() == commit {
		if len(s.rows)+len(rows) > maxRows {
			clear(s.rows)
		}
		for _, row := range rows {
			s.rows[row.ID] = row
		}
	}
	return rows, nil
}

// readOrder reads the ids of a selection as one text: stepping over 10,000 rows one
// by one costs twice as much. string_agg keeps the order of the rows it is given.
// Fault: not_found, where the organization does not exist.
func readOrder(r db.Reader, want selection) ([]api.KeyID, error) {
	if want.org != 0 {
		if _, err := ruleOf(r, want.me, &want.org); err != nil {
			return nil, err
		}
	}
	query, args := want.statement()
	var list string
	err := r.Get(&list, "SELECT COALESCE(string_agg(id, ','), '') FROM ("+query+")", args...)
	if err != nil {
		return nil, fmt.Errorf("order keys: %w", err)
	}
	if list == "" {
		return nil, nil
	}
	ids := make([]api.KeyID, 0, strings.Count(list, ",")+1)
	for text := range strings.SplitSeq(list, ",") {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("order keys: %w", err)
		}
		ids = append(ids, api.KeyID(id))
	}
	return ids, nil
}

// readRows reads the rows of those ids, in their order.
func readRows(r db.Reader, ids []api.KeyID) ([]*row, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	rows := make([]*row, 0, len(ids))
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
