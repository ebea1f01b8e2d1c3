package sessions

import (
	"sync"

	"keystead/server/audit"
	"keystead/server/caller"
	"keystead/server/db"
)

// refusals counts strangers who were refused, by address, until the next
// [Sessions.Flush]: one audit row for each address and minute, not for each try.
type refusals struct {
	mu    sync.Mutex
	count map[string]int
}

// maxSources is how many addresses are told apart in a minute, so that nobody fills
// the audit log by having many.
const (
	maxSources   = 100
	otherSources = "others"
)

func newRefusals() *refusals { return &refusals{count: map[string]int{}} }

func (r *refusals) add(address string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.count[address]; !ok && len(r.count) >= maxSources {
		address = otherSources
	}
	r.count[address] += n
}

func (r *refusals) take() map[string]int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.count) == 0 {
		return nil
	}
	taken := r.count
	r.count = map[string]int{}
	return taken
}

func (r *refusals) putBack(counts map[string]int) {
	for address, n := range counts {
		r.add(address, n)
	}
}

// CountRefusal counts a stranger who was refused. The audit log gets the count
// within a minute.
func (s *Sessions) CountRefusal(address string) { s.refusals.add(address, 1) }

func (s *Sessions) noteRefusals(tx *db.Tx, counts map[string]int) error {
	for address, n := range counts {
		err := s.Audit.Refuse(tx, caller.Caller{Address: address}, audit.AnonymousRefuse, audit.Target{Kind: "anonymous"}, audit.Facts{"count": n})
		if err != nil {
			return err
		}
	}
	return nil
}
