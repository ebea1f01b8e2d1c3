package pages

import (
	"strings"
	"testing"
)

func TestBrowserName(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36":                                   "Chrome on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36 Edg/156.0":               "Edge on Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15":                      "Safari on macOS",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1": "Safari on iPhone",
		"Mozilla/5.0 (Android 16; Mobile; rv:150.0) Gecko/150.0 Firefox/150.0":                                                                    "Firefox on Android",
		"curl/8.14": "curl",
		"":          "A browser",
	} {
		if got := browserName(agent); got != want {
			t.Errorf("%q: got %q, want %q", agent, got, want)
		}
	}
}

func TestPasswordForm(t *testing.T) {
	long := strings.Repeat("x", 15)
	for _, c := range []struct {
		name, typed, again string
		ok                 bool
		problem, different bool
	}{
		{"good", long, long, true, false, false},
		{"short", "short", "short", false, true, false},
		{"not the same", long, long + "y", false, false, true},
	} {
		f := passwordForm{typed: c.typed, again: c.again}
		_, ok := f.take()
		if ok != c.ok || (f.problem != "") != c.problem || (f.different != "") != c.different {
			t.Errorf("%s: got %v, %q, %q", c.name, ok, f.problem, f.different)
		}
	}
	f := passwordForm{typed: long, again: long, busy: true}
	if _, ok := f.take(); ok {
		t.Error("a password is sent twice")
	}
}

func TestNameForm(t *testing.T) {
	text := func(s string) *string { return &s }
	for _, c := range []struct {
		name        string
		form        nameForm
		ok          bool
		first, last string
	}{
		{"nothing typed", nameForm{}, false, "", ""},
		{"one part", nameForm{first: text(" Zoe ")}, true, "Zoe", "as saved"},
		{"a name taken away", nameForm{last: text("")}, true, "as saved", ""},
		{"a name that can't be", nameForm{first: text("a/b")}, false, "", ""},
		{"once more, after a refusal", nameForm{first: text("Zoe"), firstFault: "Keystead can’t be reached."}, true, "Zoe", "as saved"},
		{"under way", nameForm{first: text("Zoe"), busy: true}, false, "", ""},
	} {
		edit, ok := c.form.take()
		if ok != c.ok {
			t.Errorf("%s: ok is %v", c.name, ok)
		}
		if first, last := typedOr(edit.FirstName, "as saved"), typedOr(edit.LastName, "as saved"); ok && (first != c.first || last != c.last) {
			t.Errorf("%s: got %q and %q", c.name, first, last)
		}
	}
}
