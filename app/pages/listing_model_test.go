package pages

import (
	"net/url"
	"testing"

	"keystead/shared/api"
	"keystead/shared/fault"
)

var testRules = listRules{
	Sorts:   []string{"hostname", "os"},
	Filters: map[string]func(string) bool{"q": anyText, "old_key": oneOf("true"), "user": anID},
}

func question(t *testing.T, query string) url.Values {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	return testRules.read(v)
}

func TestAnAddressBecomesAQuestion(t *testing.T) {
	for query, want := range map[string]string{
		"": "",
		"org=ops&page=3&limit=50&sort=os&order=desc&q=a%26b&old_key=true&user=7": "limit=50&old_key=true&order=desc&page=3&q=a%26b&sort=os&user=7",
		"page=1&limit=25&sort=hostname&order=asc":                                "",
		"page=-2&limit=1000&sort=secret&order=up&old_key=yes&user=me&x=1":        "",
	} {
		if got := question(t, query).Encode(); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	one := listRules{Filters: map[string]func(string) bool{"q": anyText}}
	if got := one.read(url.Values{"sort": {"at"}, "order": {"desc"}}); len(got) != 0 {
		t.Errorf("a list of one order: %v", got)
	}
}

func TestAQuestionSaysItsDefaults(t *testing.T) {
	if got, want := testRules.list(nil), (api.List{Page: 1, Limit: 25, Sort: "hostname", Order: api.Ascending}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got, want := (listRules{}).list(question(t, "page=2&limit=10")), (api.List{Page: 2, Limit: 10}); got != want {
		t.Errorf("one order: %+v, want %+v", got, want)
	}
}

func TestAListAddressRoundTrips(t *testing.T) {
	q := question(t, "page=2&limit=10&sort=os&order=desc&q=a%26b+%C3%BC&user=3")
	u, err := url.Parse(listAddress("/settings/devices", "northwind-ops", q))
	if err != nil {
		t.Fatal(err)
	}
	if u.Path != "/settings/devices" || u.Query().Get("org") != "northwind-ops" || testRules.read(u.Query()).Encode() != q.Encode() {
		t.Errorf("%s", u)
	}
}

func TestAChangeStartsAtTheFirstPage(t *testing.T) {
	m := listModel{rules: testRules}
	m.ask(question(t, "page=4&limit=50&q=x"))
	for _, c := range []struct{ name, value, want string }{
		{"user", "7", "limit=50&q=x&user=7"},
		{"q", "", "limit=50"},
		{"page", "2", "limit=50&page=2&q=x"},
		{"user", "me", "limit=50&q=x"},
	} {
		if got := m.with(c.name, c.value).Encode(); got != c.want {
			t.Errorf("%s=%s: %s, want %s", c.name, c.value, got, c.want)
		}
	}
	if got := m.widened().Encode(); got != "limit=50" {
		t.Errorf("widened: %s", got)
	}
}

func TestAnswersToOlderQuestionsAreDropped(t *testing.T) {
	m := listModel{rules: testRules}
	old := m.ask(nil)
	newer := m.ask(question(t, "q=x"))
	if m.answer(old, 3, 3) || m.loaded || !m.busy {
		t.Error("an older answer was taken")
	}
	if !m.answer(newer, 2, 2) || m.busy || m.total != 2 {
		t.Errorf("%+v", m)
	}
	if m.fail(old, fault.New(fault.Internal, "x")) || m.problem != nil {
		t.Error("an older failure was taken")
	}
}

func TestTheFacesOfAnEmptyList(t *testing.T) {
	m := listModel{rules: testRules}
	if m.missing() != nothingMissing {
		t.Error("on its way")
	}
	m.answer(m.ask(nil), 0, 0)
	if m.missing() != noneYet {
		t.Error("none yet")
	}
	m.answer(m.ask(question(t, "q=x")), 0, 0)
	if m.missing() != noneMatch {
		t.Error("none match")
	}
	for code, want := range map[fault.Code]missing{fault.Offline: noneOffline, fault.PermissionRequired: noneAllowed, fault.Internal: nothingMissing} {
		m.fail(m.ask(nil), fault.New(code, "x"))
		if got := m.missing(); got != want {
			t.Errorf("%s: %d, want %d", code, got, want)
		}
	}
	m.answer(m.ask(nil), 1, 1)
	m.fail(m.ask(nil), fault.New(fault.Offline, "x"))
	if m.missing() != nothingMissing {
		t.Error("rows that are there stay")
	}
}

func TestAPageBehindTheEndLeadsBack(t *testing.T) {
	m := listModel{rules: testRules}
	m.answer(m.ask(question(t, "page=3&limit=10")), 0, 20)
	if last, past := m.pastEnd(); !past || last != 2 {
		t.Errorf("page 3 of 20 rows: %d %v", last, past)
	}
	m.answer(m.ask(nil), 0, 0)
	if _, past := m.pastEnd(); past {
		t.Error("page 1 is never past the end")
	}
}
