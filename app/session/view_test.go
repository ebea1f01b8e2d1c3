package session

import (
	"net/url"
	"testing"
	"time"

	"keystead/shared/api"
	"keystead/shared/perm"
)

func two() []api.MyOrg {
	return []api.MyOrg{
		{ID: 1, ShortName: "northwind-ops", Permissions: []perm.Permission{perm.OrgsRead}},
		{ID: 2, ShortName: "labs", Permissions: []perm.Permission{perm.OrgsRead, perm.AgentKeyRead}},
	}
}

func TestTheAddressChoosesTheOrganization(t *testing.T) {
	for _, c := range []struct {
		name, asked, last string
		orgs              []api.MyOrg
		want              api.OrgID // 0: none
	}{
		{"asked", "labs", "northwind-ops", two(), 2},
		{"asked in another case", "LABS", "", two(), 2},
		{"last visited", "", "labs", two(), 2},
		{"first", "", "", two(), 1},
		{"left since", "", "gone", two(), 1},
		{"not theirs", "gone", "labs", two(), 0},
		{"in none", "", "", nil, 0},
	} {
		var got api.OrgID
		if org := choose(c.orgs, c.asked, c.last); org != nil {
			got = org.ID
		}
		if got != c.want {
			t.Errorf("%s: got %d, want %d", c.name, got, c.want)
		}
	}
}

func TestPermissions(t *testing.T) {
	orgs := two()
	v := View{Known: true, Org: &orgs[0], Me: api.Me{
		User: api.User{ID: 7}, Organizations: orgs,
		AccountPermissions: []perm.Permission{perm.KeysList, "from:the_future"},
	}}
	is := func(what string, got, want bool) {
		if got != want {
			t.Errorf("%s: got %v, want %v", what, got, want)
		}
	}
	is("held in the organization", v.May(perm.OrgsRead), true)
	is("held on the account", v.May(perm.KeysList), true)
	is("held in another organization", v.May(perm.AgentKeyRead), false)
	is("of the account", v.MayOnAccount(perm.KeysList), true)
	is("of an organization, asked of the account", v.MayOnAccount(perm.OrgsRead), false)
	is("mine", v.Mine(7), true)
	is("another's", v.Mine(8), false)
	v.Org = nil
	is("without an organization", v.May(perm.KeysList), false)
	is("nobody's", View{}.Mine(0), false)
}

func TestLinksKeepTheOrganization(t *testing.T) {
	orgs := two()
	if got, want := (View{Org: &orgs[1]}).Link("/profile"), "/profile?org=labs"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := (View{}).Link("/profile"), "/profile"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSignInLeadsBack(t *testing.T) {
	for here, want := range map[string]string{
		"/":              "/sign-in",
		"":               "/sign-in",
		"/profile":       "/sign-in?next=%2Fprofile",
		"/a?org=x&q=1+2": "/sign-in?next=%2Fa%3Forg%3Dx%26q%3D1%2B2",
	} {
		u, _ := url.Parse(here)
		if got := signIn(u); got != want {
			t.Errorf("%q: got %q, want %q", here, got, want)
		}
	}
}

func TestPrefs(t *testing.T) {
	for _, c := range []struct {
		stored map[string]string
		want   Prefs
	}{
		{nil, Prefs{Theme: ThemeSystem}},
		{map[string]string{themeKey: "dark", shortcutsKey: "off"}, Prefs{Theme: ThemeDark, NoShortcuts: true}},
		{map[string]string{themeKey: "sepia", offlineKey: "off"}, Prefs{Theme: ThemeSystem, NoOffline: true}},
	} {
		if got := readPrefs(func(key string) string { return c.stored[key] }); got != c.want {
			t.Errorf("%v: got %+v, want %+v", c.stored, got, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	session := limits{idleAt: noon.Add(30 * time.Minute), expiresAt: noon.Add(12 * time.Hour)}
	for _, c := range []struct {
		name   string
		limits limits
		after  time.Duration
		warn   bool
		again  time.Duration
	}{
		{"fresh", session, 0, false, 28 * time.Minute},
		{"just before the warning", session, 28*time.Minute - 1, false, 1},
		{"warning", session, 28 * time.Minute, true, 2 * time.Minute},
		{"idle", session, 30 * time.Minute, true, 0},
		{"not known", limits{}, 0, false, warnBefore},
		{"used up before it is idle", limits{idleAt: noon.Add(30 * time.Minute), expiresAt: noon.Add(3 * time.Minute)},
			2 * time.Minute, true, time.Minute},
	} {
		warn, again := c.limits.look(noon.Add(c.after))
		if warn != c.warn || again != c.again {
			t.Errorf("%s: got %v %v", c.name, warn, again)
		}
	}
}

func TestTheWarningSpeaksTheBrowsersTime(t *testing.T) {
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	l := limits{idleAt: noon.Add(time.Minute), expiresAt: noon.Add(time.Hour)}
	got := l.warning(10 * time.Second) // the server's clock is ahead
	if want := (Warning{Ends: noon.Add(50 * time.Second)}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	l.expiresAt = l.idleAt
	if !l.warning(0).Final {
		t.Error("an end that activity does not move is not final")
	}
}
