package ui

import (
	"testing"
	"time"
)

func TestPages(t *testing.T) {
	for _, c := range []struct {
		pages       Pages
		first, last int
		lastPage    int
		summary     string
	}{
		{Pages{1, 25, 230}, 1, 25, 10, "1–25 of 230 keys"},
		{Pages{10, 25, 230}, 226, 230, 10, "226–230 of 230 keys"},
		{Pages{11, 25, 230}, 0, 0, 10, "230 keys"},
		{Pages{1, 25, 25}, 1, 25, 1, "1–25 of 25 keys"},
		{Pages{1, 25, 1}, 1, 1, 1, "1–1 of 1 key"},
		{Pages{1, 25, 0}, 0, 0, 1, "0 keys"},
		{Pages{400, 25, 10000}, 9976, 10000, 400, "9,976–10,000 of 10,000 keys"},
		{Pages{0, 0, 5}, 0, 0, 1, "5 keys"},
		{Pages{-3, 10, 50}, 0, 0, 5, "50 keys"},
	} {
		first, last := c.pages.Range()
		if first != c.first || last != c.last || c.pages.Last() != c.lastPage {
			t.Errorf("%+v: rows %d–%d, last page %d; want %d–%d, %d", c.pages, first, last, c.pages.Last(), c.first, c.last, c.lastPage)
		}
		if got := c.pages.Summary("key", "keys"); got != c.summary {
			t.Errorf("%+v: %q, want %q", c.pages, got, c.summary)
		}
	}
}

func TestCountdown(t *testing.T) {
	now := time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		left    time.Duration
		seconds int
		next    time.Duration
		share   float64
		over    bool
	}{
		{10 * time.Second, 10, time.Second, 1, false},
		{9999 * time.Millisecond, 10, 999 * time.Millisecond, 1, false},
		{9 * time.Second, 9, time.Second, .9, false},
		{time.Millisecond, 1, time.Millisecond, .1, false},
		{0, 0, 0, 0, true},
		{-time.Hour, 0, 0, 0, true},                   // the machine slept
		{17 * time.Second, 17, time.Second, 1, false}, // kept
	} {
		d := until(now.Add(c.left), now)
		if d.seconds() != c.seconds || d.next() != c.next || d.share() != c.share || d.over() != c.over {
			t.Errorf("%v left: %d s, next %v, share %v, over %v; want %+v", c.left, d.seconds(), d.next(), d.share(), d.over(), c)
		}
	}
}

func TestDistance(t *testing.T) {
	now := time.Date(2026, 11, 22, 22, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		ago  time.Duration // negative is the future
		want string
	}{
		{0, "just now"},
		{44 * time.Second, "just now"},
		{-44 * time.Second, "just now"},
		{46 * time.Second, "1 minute ago"},
		{2 * time.Minute, "2 minutes ago"},
		{59*time.Minute + 59*time.Second, "59 minutes ago"},
		{time.Hour, "1 hour ago"},
		{-3 * time.Hour, "in 3 hours"},
		{23*time.Hour + 59*time.Minute, "23 hours ago"},
		{24 * time.Hour, "1 day ago"},
		{-26 * time.Hour, "in 2 days"}, // past midnight twice
		{-24 * 24 * time.Hour, "in 24 days"},
		{730 * 24 * time.Hour, "730 days ago"},
		{731 * 24 * time.Hour, "2 years ago"},
		{1095 * 24 * time.Hour, "2 years ago"},
		{1116 * 24 * time.Hour, "3 years ago"},
		{-1116 * 24 * time.Hour, "in 3 years"},
	} {
		if got := Distance(now.Add(-c.ago), now); got != c.want {
			t.Errorf("%v ago: %q, want %q", c.ago, got, c.want)
		}
	}
}

func TestBesideStaysInView(t *testing.T) {
	const viewW, viewH = 1000, 800
	for _, c := range []struct {
		name   string
		anchor box
		w, h   float64
		x, y   float64
	}{
		{"below, ends level", box{600, 100, 30, 30}, 200, 150, 430, 134},
		{"above at the foot", box{600, 760, 30, 30}, 200, 150, 430, 606},
		{"left edge", box{10, 100, 30, 30}, 200, 150, 0, 134},
		{"right edge", box{990, 100, 30, 30}, 200, 150, 800, 134},
		{"no room at all", box{600, 400, 30, 30}, 200, 780, 430, 20},
		{"larger than the view", box{600, 400, 30, 30}, 1200, 900, 0, 0},
	} {
		if x, y := beside(c.anchor, c.w, c.h, viewW, viewH); x != c.x || y != c.y {
			t.Errorf("%s: %v, %v; want %v, %v", c.name, x, y, c.x, c.y)
		}
	}
}

func TestMenuStep(t *testing.T) {
	for _, c := range []struct {
		key         string
		at, n, want int
	}{
		{"Home", 2, 4, 0},
		{"End", 0, 4, 3},
		{"ArrowDown", 0, 4, 1},
		{"ArrowDown", 3, 4, 0},
		{"ArrowDown", -1, 4, 0},
		{"ArrowUp", 2, 4, 1},
		{"ArrowUp", 0, 4, 3},
		{"ArrowUp", -1, 4, 3},
		{"ArrowUp", 0, 1, 0},
	} {
		if got := step(c.key, c.at, c.n); got != c.want {
			t.Errorf("%s at %d of %d: %d, want %d", c.key, c.at, c.n, got, c.want)
		}
	}
}

func TestKeysThatCount(t *testing.T) {
	for _, c := range []struct {
		press keyPress
		want  bool
	}{
		{keyPress{key: "/"}, true},
		{keyPress{key: "c"}, true},
		{keyPress{key: "?"}, true},
		{keyPress{key: "C"}, false},
		{keyPress{key: `"`}, false}, // would end the selector
		{keyPress{key: "Escape"}, false},
		{keyPress{key: "é"}, false},
		{keyPress{key: ""}, false},
		{keyPress{key: "c", typing: true}, false},
		{keyPress{key: "c", chorded: true}, false},
		{keyPress{key: "c", again: true}, false},
	} {
		if got := c.press.counts(); got != c.want {
			t.Errorf("%+v: %v, want %v", c.press, got, c.want)
		}
	}
}

func TestSelection(t *testing.T) {
	var s Selection
	if s.All() || s.Count() != 0 || s.Has("1") {
		t.Error("an empty page is not all selected")
	}
	s.Show([]string{"1", "2", "3"})
	s.Set("3", true)
	s.Set("1", true)
	if got := s.IDs(); len(got) != 2 || got[0] != "1" || got[1] != "3" {
		t.Errorf("order of the page: %v", got)
	}
	s.SetAll(true)
	if !s.All() || s.Count() != 3 {
		t.Errorf("all: %v", s.IDs())
	}
	s.Show([]string{"3", "4"})
	if got := s.IDs(); len(got) != 1 || got[0] != "3" {
		t.Errorf("rows that left stay ticked: %v", got)
	}
	s.Set("3", false)
	if s.Count() != 0 {
		t.Errorf("unticked: %v", s.IDs())
	}
	s.SetAll(true)
	s.Clear()
	if s.Count() != 0 {
		t.Errorf("cleared: %v", s.IDs())
	}
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"Rosa Harman": "RH", "rosa": "R", "Ana María de Souza": "AS", "østen åse": "ØÅ", "": "?", "  ": "?", "rosa@northwind.dev": "RD",
	} {
		if got := initials(name); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
