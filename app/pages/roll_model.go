package pages

// rollModel is a list as a page knows it: what was asked, how much came, what went
// wrong. It decides which face the page shows. The rows are the page's.
type rollModel struct {
	fetchState
	query rollQuery
	count int // rows on this page
	total int
}

// ask begins a question and gives it its turn. Rows that are there stay until the answer comes.
func (m *rollModel) ask(q rollQuery) (turn int) {
	m.query = q
	return m.begin()
}

// answer takes a page, unless a newer question was asked since.
func (m *rollModel) answer(turn, count, total int) bool {
	if !m.settle(turn) {
		return false
	}
	m.count, m.total = count, total
	return true
}

// missing says which empty face to show.
func (m *rollModel) missing() missing { return m.face(m.count, m.query.narrowed()) }

// pastEnd gives the last page where the one asked for lies behind it.
func (m *rollModel) pastEnd(limit int) (page int, ok bool) {
	last := max((m.total+limit-1)/limit, 1)
	return last, m.loaded && m.count == 0 && m.query.Page > last
}
