package pages

import (
	"errors"
	"net/url"
	"testing"

	"keystead/app/client"
	"keystead/shared/api"
	"keystead/shared/fault"
)

func TestTheAddressOfARoll(t *testing.T) {
	for address, want := range map[string]string{
		"": "/settings/user-management/users?org=ops",
		"page=2&limit=10&sort=state&order=desc&q=sam&state=invited&role=7&in=3": "/settings/user-management/users?in=3&limit=10&order=desc&org=ops&page=2&q=sam&role=7&sort=state&state=invited",
		"page=1&limit=25&sort=name&order=asc":                                   "/settings/user-management/users?org=ops",
		"page=-4&limit=1000&sort=colour&order=up&state=gone&role=king&in=0":     "/settings/user-management/users?org=ops",
	} {
		v, err := url.ParseQuery(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := usersKind.address("ops", usersKind.read(v)); got != want {
			t.Errorf("%s\n got %s\nwant %s", address, got, want)
		}
	}
	if got := orgsKind.address("", rollQuery{}); got != "/settings/organizations" {
		t.Errorf("got %s", got)
	}
}

func TestWhatARollAsksFor(t *testing.T) {
	q := usersKind.filled(rollQuery{})
	if want := (api.List{Page: 1, Limit: api.DefaultLimit, Sort: api.SortName, Order: api.Ascending}); q.List != want {
		t.Errorf("got %+v", q.List)
	}
	narrow := rollQuery{List: api.List{Q: "a", Page: 3, Sort: api.SortState}, By: [maxFilters]string{byState: api.UserActive}}
	if wide := narrow.widened(); wide.narrowed() || wide.Sort != api.SortState || wide.Page != 0 || !narrow.narrowed() {
		t.Errorf("got %+v", wide)
	}
}

func TestARollDropsAnAnswerToAnOlderQuestion(t *testing.T) {
	var m rollModel
	first := m.ask(rollQuery{})
	second := m.ask(rollQuery{List: api.List{Q: "sam"}})
	if !m.answer(second, 1, 1) || m.answer(first, 2, 2) || m.fail(first, errors.New("late")) {
		t.Error("an older answer was taken")
	}
	if m.count != 1 || m.problem != nil || m.busy {
		t.Errorf("%+v", m)
	}
}

func TestFacesOfARoll(t *testing.T) {
	var m rollModel
	if m.missing() != nothingMissing {
		t.Error("empty before it was asked")
	}
	m.answer(m.ask(rollQuery{}), 0, 0)
	if m.missing() != noneYet {
		t.Errorf("none: got %v", m.missing())
	}
	m.answer(m.ask(rollQuery{By: [maxFilters]string{"active"}}), 0, 0)
	if m.missing() != noneMatch {
		t.Errorf("none match: got %v", m.missing())
	}
	for code, want := range map[fault.Code]missing{
		fault.PermissionRequired: noneAllowed, fault.Offline: noneOffline, fault.Internal: nothingMissing,
	} {
		var failed rollModel
		failed.fail(failed.ask(rollQuery{}), fault.New(code, "No."))
		if failed.missing() != want {
			t.Errorf("%s: got %v", code, failed.missing())
		}
		failed.answer(failed.ask(rollQuery{}), 3, 3)
		failed.fail(failed.ask(rollQuery{}), fault.New(code, "No."))
		if failed.missing() != nothingMissing || failed.count != 3 {
			t.Errorf("%s: the rows from before are gone", code)
		}
	}
}

func TestAPageAfterTheLastLeadsToTheLast(t *testing.T) {
	var m rollModel
	m.answer(m.ask(rollQuery{List: api.List{Page: 9}}), 0, 26)
	if last, past := m.pastEnd(25); !past || last != 2 {
		t.Errorf("got %d, %v", last, past)
	}
	m.answer(m.ask(rollQuery{}), 0, 0)
	if _, past := m.pastEnd(25); past {
		t.Error("an empty list has one page")
	}
}

func TestASentenceAboutATakenName(t *testing.T) {
	err := fault.At("name", fault.NameTaken, "This is, or looks like, the name of the role Ops.")
	if got := client.Sentence(err); got != "This is, or looks like, the name of the role Ops." {
		t.Errorf("got %q", got)
	}
	r := roll{problem: err}
	if r.at("name") == "" || r.at("email") != "" || r.refusal("No.", "name") != nil || r.refusal("No.") == nil {
		t.Error("the refusal is not at its field")
	}
}
