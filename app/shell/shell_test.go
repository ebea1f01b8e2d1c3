package shell

import (
	"context"
	"testing"
	"time"

	"keystead/app/session"
	"keystead/shared/api"
)

func TestSitesAreTheConsolesOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, g := range sites {
		for _, s := range g.Sites {
			if api.ServerOwned(s.Path) || seen[s.Path] {
				t.Errorf("%s is the server's, or stands twice", s.Path)
			}
			seen[s.Path] = true
			if found := sites.find(s.Path); found == nil || found.Name != s.Name {
				t.Errorf("%s is not found", s.Path)
			}
		}
	}
	if !seen[PathHome] {
		t.Errorf("%s is not in the navigation", PathHome)
	}
}

func TestClosedSitesAreLeftOut(t *testing.T) {
	never := func(session.View) bool { return false }
	all := groups{
		{"A", []site{{Path: "/a"}, {Path: "/b", May: never}}},
		{"B", []site{{Path: "/c", May: never}}},
	}
	open := all.open(session.View{})
	if len(open) != 1 || len(open[0].Sites) != 1 || open[0].Sites[0].Path != "/a" {
		t.Errorf("got %+v", open)
	}
}

func TestTabTitle(t *testing.T) {
	org := api.MyOrg{Name: "Northwind Ops"}
	if got, want := tabTitle("API Keys", session.View{Org: &org}), "API Keys · Northwind Ops · Keystead"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := tabTitle("Profile", session.View{}), "Profile · Keystead"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestCountdown(t *testing.T) {
	for d, want := range map[time.Duration]string{
		2 * time.Minute:         "2:00",
		119 * time.Second:       "1:59",
		61*time.Second + 1:      "1:02",
		time.Nanosecond:         "0:01",
		0:                       "0:00",
		-time.Second:            "0:00",
		9*time.Second + 1e8 + 1: "0:10",
	} {
		if got := left(d); got != want {
			t.Errorf("%v: got %q, want %q", d, got, want)
		}
	}
}

func TestOfflineWords(t *testing.T) {
	for _, c := range []struct {
		online bool
		since  string
		want   string
	}{
		{false, "01:42", "You are offline. This is what the server said at 01:42. Secrets can’t be shown and nothing can be changed until you are back."},
		{true, "", "Keystead can’t be reached. Secrets can’t be shown and nothing can be changed until you are back."},
	} {
		if got := offlineWords(c.online, c.since); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}

func TestOneConfirmationAnswersAllWhoWait(t *testing.T) {
	opened := make(chan bool, 2)
	asking.open = func() { opened <- true }
	defer func() { asking.open = nil }()
	ended := make(chan error, 2)
	for range 2 {
		go func() { ended <- elevate(context.Background()) }()
	}
	<-opened
	<-opened
	answerAll(nil)
	for range 2 {
		if err := <-ended; err != nil {
			t.Errorf("got %v", err)
		}
	}
}

func TestNobodyWaitsForADialogThatIsGone(t *testing.T) {
	if err := elevate(context.Background()); err == nil {
		t.Error("an act went on that nobody confirmed")
	}
	asking.open = func() {}
	defer func() { asking.open = nil }()
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	if err := elevate(gone); err == nil {
		t.Error("an act went on that nobody waited for")
	}
}

func TestTheNavigationKnowsThePageOfAKey(t *testing.T) {
	if got := KeyAt(KeyPath(12)); got != 12 {
		t.Errorf("got %d", got)
	}
	if got := KeyAt("/settings/api-keys/x"); got != 0 {
		t.Errorf("got %d", got)
	}
	if found := sites.find(KeyPath(12)); found == nil || found.Path != PathAPIKeys {
		t.Errorf("got %v", found)
	}
}
