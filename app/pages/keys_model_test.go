package pages

import (
	"errors"
	"testing"
	"time"

	"keystead/shared/api"
	"keystead/shared/fault"
)

func page(total int, ids ...api.KeyID) api.Page[api.Key] {
	p := api.Page[api.Key]{Total: total, Page: 1, Limit: api.DefaultLimit}
	for _, id := range ids {
		p.Items = append(p.Items, api.Key{ID: id})
	}
	return p
}

func TestAnAnswerToAnOlderQuestionIsDropped(t *testing.T) {
	var m keysModel
	first := m.ask(api.KeyList{List: api.List{Q: "c"}})
	second := m.ask(api.KeyList{List: api.List{Q: "ci"}})
	if !m.answer(second, page(1, 2)) {
		t.Fatal("the newer answer was dropped")
	}
	if m.answer(first, page(2, 1, 2)) || m.fail(first, errors.New("late")) || m.recall(first, nil, 0, time.Now()) {
		t.Error("an older answer was taken")
	}
	if len(m.rows) != 1 || m.problem != nil || m.query.Q != "ci" {
		t.Errorf("%+v", m)
	}
	third := m.ask(m.query)
	m.forget()
	if m.answer(third, page(1, 2)) || m.loaded {
		t.Error("an answer of the other organization was taken")
	}
}

func TestAFailureKeepsTheRows(t *testing.T) {
	var m keysModel
	m.answer(m.ask(api.KeyList{}), page(2, 1, 2))
	m.fail(m.ask(api.KeyList{}), fault.New(fault.Internal, "No."))
	if len(m.rows) != 2 || !fault.Is(m.problem, fault.Internal) || m.busy || m.missing() != nothingMissing {
		t.Errorf("%+v", m)
	}
	m.answer(m.ask(api.KeyList{}), page(1, 1))
	if m.problem != nil {
		t.Error("the problem outlived a good answer")
	}
}

func TestMissing(t *testing.T) {
	loaded := func(q api.KeyList) *keysModel {
		var m keysModel
		m.answer(m.ask(q), page(0))
		return &m
	}
	failed := func(code fault.Code) *keysModel {
		var m keysModel
		m.fail(m.ask(api.KeyList{}), fault.New(code, "."))
		return &m
	}
	for name, c := range map[string]struct {
		m    *keysModel
		want missing
	}{
		"at first":     {&keysModel{}, nothingMissing},
		"nothing yet":  {loaded(api.KeyList{}), noneYet},
		"no match":     {loaded(api.KeyList{Role: api.Admin}), noneMatch},
		"not allowed":  {failed(fault.PermissionRequired), noneAllowed},
		"offline":      {failed(fault.Offline), noneOffline},
		"other faults": {failed(fault.Internal), nothingMissing},
	} {
		if got := c.m.missing(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestPastEnd(t *testing.T) {
	var m keysModel
	m.answer(m.ask(api.KeyList{List: api.List{Page: 3, Limit: 10}}), page(20))
	if last, ok := m.pastEnd(); !ok || last != 2 {
		t.Errorf("page 3 of 20 keys: %d %v", last, ok)
	}
	m.answer(m.ask(api.KeyList{List: api.List{Page: 2}}), page(0))
	if last, ok := m.pastEnd(); !ok || last != 1 {
		t.Errorf("page 2 of none: %d %v", last, ok)
	}
	m.answer(m.ask(api.KeyList{}), page(0))
	if _, ok := m.pastEnd(); ok {
		t.Error("page 1 is never past the end")
	}
}

func TestFocusAfterADelete(t *testing.T) {
	var m keysModel
	m.answer(m.ask(api.KeyList{}), page(3, 5, 7, 9))
	for id, want := range map[api.KeyID]api.KeyID{5: 7, 7: 9, 9: 7} {
		if got, ok := m.after(id); !ok || got != want {
			t.Errorf("after %d: %d, want %d", id, got, want)
		}
	}
	m.answer(m.ask(api.KeyList{}), page(1, 5))
	if _, ok := m.after(5); ok {
		t.Error("nothing comes after the only row")
	}
}

func TestRowsArePutAndFound(t *testing.T) {
	var m keysModel
	m.answer(m.ask(api.KeyList{}), page(2, 1, 2))
	m.put(api.Key{ID: 2, Name: "ci"})
	m.put(api.Key{ID: 3})
	if k, ok := m.find(2); !ok || k.Name != "ci" || len(m.rows) != 2 {
		t.Errorf("%+v", m.rows)
	}
	if ids := m.rowIDs(); len(ids) != 2 || keyOf(ids[1]) != 2 {
		t.Errorf("%v", ids)
	}
	m.wait(2, true)
	if !m.pending[2] {
		t.Error("not pending")
	}
	m.wait(2, false)
	if m.pending[2] {
		t.Error("still pending")
	}
}
