package ui

// Selection is the set of rows ticked on the page that is shown.
type Selection struct {
	shown  []string
	ticked map[string]bool
}

// Show tells which rows the page holds, in order; ticks of rows that left are
// dropped, so that no act reaches a row nobody sees.
func (s *Selection) Show(ids []string) {
	ticked := map[string]bool{}
	for _, id := range ids {
		if s.ticked[id] {
			ticked[id] = true
		}
	}
	s.shown, s.ticked = append([]string(nil), ids...), ticked
}

// Set ticks or unticks one row.
func (s *Selection) Set(id string, on bool) {
	if s.ticked == nil {
		s.ticked = map[string]bool{}
	}
	if on {
		s.ticked[id] = true
	} else {
		delete(s.ticked, id)
	}
}

// SetAll ticks or unticks every row of the page.
func (s *Selection) SetAll(on bool) {
	s.Clear()
	if on {
		for _, id := range s.shown {
			s.Set(id, true)
		}
	}
}

// Clear unticks everything.
func (s *Selection) Clear() { s.ticked = nil }

// Has says whether a row is ticked.
func (s *Selection) Has(id string) bool { return s.ticked[id] }

// IDs are the ticked rows in the order of the page.
func (s *Selection) IDs() []string {
	var ids []string
	for _, id := range s.shown {
		if s.ticked[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// Count is how many rows are ticked.
func (s *Selection) Count() int { return len(s.IDs()) }

// All says whether every row is ticked, and there is one.
func (s *Selection) All() bool { return len(s.shown) > 0 && s.Count() == len(s.shown) }
