package ui

// Selection is the set of rows ticked on the page that is shown.
type Selection struct {
	shown  []string
	ticked map[string]bool
}

// Show tells which rows the page holds, in order; ticks of rows that left are dropped.
func (s *Selection) Show(ids []string) {}

// Set ticks or unticks one row.
func (s *Selection) Set(id string, on bool) {}

// SetAll ticks or unticks every row of the page.
func (s *Selection) SetAll(on bool) {}

// Clear unticks everything.
func (s *Selection) Clear() {}

// Has says whether a row is ticked.
func (s *Selection) Has(id string) bool { return s.ticked[id] }

// IDs are the ticked rows in the order of the page.
func (s *Selection) IDs() []string { return nil }

// Count is how many rows are ticked.
func (s *Selection) Count() int { return 0 }

// All says whether every row is ticked, and there is one.
func (s *Selection) All() bool { return false }
