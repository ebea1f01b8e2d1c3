package pages

import "keystead/shared/fault"

// fetchState is how it stands with the latest question of a list. What was asked and what
// came is for the list itself.
type fetchState struct {
	turn    int // of the latest question; answers to older ones are dropped
	busy    bool
	loaded  bool // there are rows to keep, be they none
	problem error
}

// begin gives a question its turn. Rows that are there stay until the answer comes.
func (s *fetchState) begin() (turn int) {
	s.turn++
	s.busy = true
	return s.turn
}

// settle notes that there is an answer, unless a newer question was asked since.
func (s *fetchState) settle(turn int) bool {
	if turn != s.turn {
		return false
	}
	s.busy, s.loaded, s.problem = false, true, nil
	return true
}

// fail notes why there is no answer. Rows that are there stay.
func (s *fetchState) fail(turn int, err error) bool {
	if turn != s.turn {
		return false
	}
	s.busy, s.problem = false, err
	return true
}

// missing is why a list is empty.
type missing int

const (
	nothingMissing missing = iota // there are rows, or they are on their way
	noneYet
	noneMatch
	noneAllowed
	noneOffline
)

// face says which empty face to show, of a list with so many rows that leaves some out
// or does not.
func (s *fetchState) face(rows int, narrowed bool) missing {
	switch {
	case rows > 0:
		return nothingMissing
	case fault.Is(s.problem, fault.Offline):
		return noneOffline
	case fault.Is(s.problem, fault.PermissionRequired):
		return noneAllowed
	case s.problem != nil || !s.loaded:
		return nothingMissing
	case narrowed:
		return noneMatch
	}
	return noneYet
}
