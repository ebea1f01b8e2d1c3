package pages

import (
	"strconv"
	"time"

	"keystead/shared/api"
)

// keysModel is a list of keys as a screen knows it: what was asked, what came, what
// is under way. It decides which face the screen shows; it draws and asks nothing.
type keysModel struct {
	fetchState
	query   api.KeyList
	shown   api.KeyList // what the rows answer
	rows    []api.Key
	total   int
	asOf    time.Time          // set where the rows are the offline list's
	pending map[api.KeyID]bool // a switch of theirs waits for the server
}

// ask begins a question and gives it its turn. Rows that are there stay until the answer comes.
func (m *keysModel) ask(q api.KeyList) (turn int) {
	m.query = q
	return m.begin()
}

// forget drops what belongs to another organization.
func (m *keysModel) forget() {
	*m = keysModel{fetchState: fetchState{turn: m.turn + 1}}
}

// answer takes a page of rows, unless a newer question was asked since.
func (m *keysModel) answer(turn int, page api.Page[api.Key]) bool {
	return m.recall(turn, page.Items, page.Total, time.Time{})
}

// recall takes the rows of the offline list, as of when they were synced.
func (m *keysModel) recall(turn int, rows []api.Key, total int, asOf time.Time) bool {
	if !m.settle(turn) {
		return false
	}
	m.shown, m.rows, m.total, m.asOf = m.query, rows, total, asOf
	return true
}

// current reports whether the rows answer the question that was asked last.
func (m *keysModel) current() bool { return m.loaded && m.shown == m.query }

// missing says which empty face to show.
func (m *keysModel) missing() missing { return m.face(len(m.rows), narrowed(m.query)) }

// pastEnd gives the last page where the one asked for lies behind it: its last row was
// deleted, or a bookmark is old.
func (m *keysModel) pastEnd() (page int, ok bool) {
	limit := filled(m.query).Limit
	last := max((m.total+limit-1)/limit, 1)
	return last, m.loaded && len(m.rows) == 0 && filled(m.query).Page > last
}

// find is the row of a key on this page.
func (m *keysModel) find(id api.KeyID) (api.Key, bool) {
	for _, k := range m.rows {
		if k.ID == id {
			return k, true
		}
	}
	return api.Key{}, false
}

// put replaces the row of a key by what the server made of it.
func (m *keysModel) put(k api.Key) {
	for i := range m.rows {
		if m.rows[i].ID == k.ID {
			m.rows[i] = k
		}
	}
}

// remove takes the row of a deleted key away, before the server's next answer does.
func (m *keysModel) remove(id api.KeyID) {
	var left []api.Key
	for _, k := range m.rows {
		if k.ID != id {
			left = append(left, k)
		}
	}
	m.rows = left
	m.total = max(m.total-1, len(m.rows))
}

// after is the key whose row takes the focus once id is gone: the next, else the one before.
func (m *keysModel) after(id api.KeyID) (api.KeyID, bool) {
	for i, k := range m.rows {
		if k.ID != id {
			continue
		}
		if i+1 < len(m.rows) {
			return m.rows[i+1].ID, true
		}
		if i > 0 {
			return m.rows[i-1].ID, true
		}
	}
	return 0, false
}

// wait notes that a key's switch waits for the server, or does no longer.
func (m *keysModel) wait(id api.KeyID, on bool) {
	if m.pending == nil {
		m.pending = map[api.KeyID]bool{}
	}
	if on {
		m.pending[id] = true
	} else {
		delete(m.pending, id)
	}
}

// rowIDs names the rows of the page, for their selection.
func (m *keysModel) rowIDs() []string {
	ids := make([]string, len(m.rows))
	for i, k := range m.rows {
		ids[i] = keyRef(k.ID)
	}
	return ids
}

// keyRef is a key's id as text, for selections and element ids.
func keyRef(id api.KeyID) string { return strconv.FormatInt(int64(id), 10) }

// keyOf is the id of a reference made by [keyRef].
func keyOf(ref string) api.KeyID {
	n, _ := strconv.ParseInt(ref, 10, 64)
	return api.KeyID(n)
}
