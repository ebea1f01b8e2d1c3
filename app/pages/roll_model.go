package pages

import "keystead/shared/fault"

// rollModel is a list as a page knows it: what was asked, how much came, what went
// wrong. It decides which face the page shows. The rows are the page's.
type rollModel struct {
	query   rollQuery
	turn    int // of the latest question; answers to older ones are dropped
	busy    bool
	loaded  bool // there are rows to keep, be they none
	count   int  // rows on this page
	total   int
	problem error
}

// ask begins a question and gives it its turn. Rows that are there stay until the answer comes.
func (m *rollModel) ask(q rollQuery) (turn int) {
	m.query = q
	m.turn++
	m.busy = true
	return m.turn
}

// answer takes a page, unless a newer question was asked since.
func (m *rollModel) answer(turn, count, total int) bool {
	if turn != m.turn {
		return false
	}
	m.busy, m.loaded, m.problem = false, true, nil
	m.count, m.total = count, total
	return true
}

// fail notes why there is no answer. Rows that are there stay.
func (m *rollModel) fail(turn int, err error) bool {
	if turn != m.turn {
		return false
	}
	m.busy, m.problem = false, err
	return true
}

// missing says which empty face to show.
func (m *rollModel) missing() missing {
	switch {
	case m.count > 0:
		return nothingMissing
	case fault.Is(m.problem, fault.Offline):
		return noneOffline
	case fault.Is(m.problem, fault.PermissionRequired):
		return noneAllowed
	case m.problem != nil || !m.loaded:
		return nothingMissing
	case m.query.narrowed():
		return noneMatch
	}
	return noneYet
}

// pastEnd gives the last page where the one asked for lies behind it.
func (m *rollModel) pastEnd(limit int) (page int, ok bool) {
	last := max((m.total+limit-1)/limit, 1)
	return last, m.loaded && m.count == 0 && m.query.Page > last
}
