package audit

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"sync"

	"keystead/server/caller"
	"keystead/server/db"
	"keystead/server/rest"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Bounds of what is told apart between two writes.
const (
	perCaller  = 20
	allCallers = 1000
)

// source tells callers apart.
type source struct {
	kind    api.CallerKind
	user    api.UserID
	key     api.KeyID
	session api.SessionID
	agent   caller.Agent
}

func sourceOf(c caller.Caller) source {
	s := source{kind: c.Kind, user: c.User.ID}
	if c.Key != nil {
		s.key = c.Key.ID
	}
	if c.Session != nil {
		s.session = c.Session.ID
	}
	if c.Agent != nil {
		s.agent = *c.Agent
	}
	return s
}

// refusal is what is counted as the same.
type refusal struct {
	who     source
	address string
	act     Act
	org, id int64
	code    fault.Code
}

// counted is how often, with the first caller as an example.
type counted struct {
	times  int
	caller caller.Caller
	door   string // method and path of the route
}

// refusals counts until the next [Trail.Flush].
type refusals struct {
	mu    sync.Mutex
	count map[refusal]counted
	by    map[source]int // counters of each caller
}

func newRefusals() *refusals {
	return &refusals{count: map[refusal]counted{}, by: map[source]int{}}
}

func (r *refusals) add(one refusal, more counted) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.count[one]; !ok && r.by[one.who] >= perCaller {
		one, more.door = refusal{who: one.who, act: RequestRefuse}, ""
	}
	if _, ok := r.count[one]; !ok && len(r.count) >= allCallers {
		one, more.door, more.caller = refusal{act: RequestRefuse}, "", caller.Caller{}
	}
	before, ok := r.count[one]
	if !ok {
		r.by[one.who]++
		before = counted{caller: more.caller, door: more.door}
	}
	before.times += more.times
	r.count[one] = before
}

func (r *refusals) take() map[refusal]counted {
	r.mu.Lock()
	defer r.mu.Unlock()
	taken := r.count
	r.count, r.by = map[refusal]counted{}, map[source]int{}
	return taken
}

func (r *refusals) putBack(counts map[refusal]counted) {
	for one, more := range maps.All(counts) {
		r.add(one, more)
	}
}

// Refused counts the refusal of a known caller. It never waits for the database.
func (t *Trail) Refused(r rest.Refusal) {
	act := actOf(r.Method, r.Path)
	one := refusal{who: sourceOf(r.Caller), address: r.Caller.Address, act: act, org: r.Org, id: r.ID, code: r.Code}
	t.refusals.add(one, counted{times: 1, caller: r.Caller, door: r.Method + " " + r.Path})
}

// Flush writes the refusals that were counted.
func (t *Trail) Flush(ctx context.Context) error {
	counts := t.refusals.take()
	if len(counts) == 0 {
		return nil
	}
	err := t.DB.Note(ctx, func(tx *db.Tx) error {
		for one, more := range counts {
			if err := t.noteRefusal(tx, one, more); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.refusals.putBack(counts)
		return fmt.Errorf("write refusals: %w", err)
	}
	return nil
}

func (t *Trail) noteRefusal(tx *db.Tx, one refusal, more counted) error {
	noun, _, _ := strings.Cut(string(one.act), ".")
	on, err := target(tx, more.caller, noun, one)
	if err != nil {
		return err
	}
	facts := Facts{"count": more.times}
	if more.door != "" {
		facts["door"], facts["code"] = more.door, one.code
	}
	return t.Audit.Refuse(tx, more.caller, one.act, on, facts)
}

// target is what the caller was after, as far as they may know that it exists: else
// strangers would write into the log of an organization, or a key's history, by
// trying ids.
func target(tx *db.Tx, who caller.Caller, noun string, one refusal) (on Target, err error) {
	on.Kind = noun
	if org := api.OrgID(one.org); org != 0 && who.Member(org) {
		var n int64
		if err := tx.Get(&n, "SELECT count(*) FROM organizations WHERE id = ?", org); err != nil {
			return on, fmt.Errorf("find the organization: %w", err)
		}
		if n == 1 {
			on.Org = org
		}
	}
	if noun != keyNoun || one.id == 0 {
		on.ID = one.id
		return on, nil
	}
	key, err := keyOf(tx, api.KeyID(one.id))
	if fault.Is(err, fault.NotFound) || err == nil && !who.SeesKey(key.Owner, key.Org) {
		return on, nil
	}
	if err != nil {
		return on, err
	}
	on.ID, on.Name = one.id, key.Name
	if key.Org != nil {
		on.Org = *key.Org
	}
	return on, nil
}
