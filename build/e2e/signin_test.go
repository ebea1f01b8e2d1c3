package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// fillSetup types what set-up asks for besides the token.
func fillSetup(tab *browser.Tab) {
	tab.Type(browser.Field("Organization"), binary.OrgName)
	tab.Type(browser.Field("First name"), "Mara")
	tab.Type(browser.Field("Last name"), "Voss")
	tab.Type(browser.Field("E-mail"), binary.Email)
	tab.Type(browser.Field("Password"), binary.Password)
}

func fillSignIn(tab *browser.Tab, password string) { fillSignInAs(tab, binary.Email, password) }

// fillSignInAs types who one is.
func fillSignInAs(tab *browser.Tab, email, password string) {
	tab.Type(browser.Field("E-mail"), email)
	tab.Type(browser.Field("Password"), password)
}

func TestP69SetUpByThePrintedLink(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	tab := chromium.Open(t)
	token := server.SetupToken()
	tab.Go(server.Site() + "/setup#token=" + token)
	tab.Find(browser.Field("Organization"))
	tab.Gone(browser.Field("Set-up token")) // the link carries it
	if got := tab.Eval(`document.getElementById("token").value`); got != quoted(token) {
		t.Errorf("the token's field holds %s", got)
	}
	if got := tab.Address(); got != "/setup" {
		t.Errorf("the address still says %s", got)
	}
	tab.Look("set-up")

	tab.Click(browser.Button("Set up and sign in"))
	if tab.Address() != "/setup" {
		t.Error("a form without an organization was sent")
	}
	fillSetup(tab)
	tab.Type(browser.Field("Password"), "too short")
	tab.Click(browser.Button("Set up and sign in"))
	fillSetup(tab)
	tab.Type(browser.Field("Password"), "password password")
	tab.Click(browser.Button("Set up and sign in"))
	tab.Becomes(browser.Field("Password"), "invalid", true)
	tab.Look("set-up-refused")
	tab.Type(browser.Field("Password"), binary.Password)
	tab.Click(browser.Button("Set up and sign in"))
	tab.At(secretsKeys + "?org=" + binary.OrgShort)
	tab.Find(browser.Heading("Secrets & Keys"))
	tab.Shows("No API keys yet")

	server.Client().Send(http.MethodPost, api.PathSetup, setupWith(token)).Refused(409, fault.SetUpDone, "")
	tab.Go(server.Site() + "/setup#token=" + token)
	tab.Shows("This installation is set up already. Sign in.")
	tab.Hides("Set-up token")
	if got := tab.Eval(`location.href`); strings.Contains(got, token) {
		t.Errorf("the spent link's token stays in %s", got)
	}
	tab.Look("set-up-done")
}

func setupWith(token string) binary.JSON {
	return binary.JSON{"token": token, "email": binary.Email, "password": binary.Password,
		"first_name": "Mara", "last_name": "Voss", "organization": binary.OrgName}
}

func TestP69NothingIsOpenBeforeSetUp(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	c := server.Client()
	for _, path := range []string{api.PathMe, api.PathSession, api.PathAccount, api.PathOrgs, api.PathOrgKeys(1), api.PathKey(1), api.PathGlobalKeys} {
		if got := c.Send(http.MethodGet, path, nil); got.Status != 401 && got.Status != 503 {
			t.Errorf("%s: %d %s", path, got.Status, got.Body)
		}
	}
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/vars"} {
		if got := c.Send(http.MethodGet, path, nil); strings.Contains(string(got.Body), "goroutine") || strings.Contains(string(got.Body), "# HELP") {
			t.Errorf("%s is open", path)
		}
	}
	c.Send(http.MethodPost, api.PathSetup, setupWith("not-the-token")).Refused(401, fault.BadCredentials, "token")
}

func TestP69OfManySetUpsOneWins(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	token := server.SetupToken()
	const racers = 12
	statuses := make(chan int, racers)
	var running sync.WaitGroup
	for range racers {
		running.Go(func() { statuses <- server.Client().Send(http.MethodPost, api.PathSetup, setupWith(token)).Status })
	}
	running.Wait()
	close(statuses)
	made := 0
	for status := range statuses {
		if status == http.StatusCreated {
			made++
		} else if status >= 500 && status != http.StatusServiceUnavailable {
			t.Errorf("a racer got %d", status)
		}
	}
	if made != 1 {
		t.Errorf("%d set-ups came through", made)
	}
}

func TestSignInAndOut(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	server.SetUp()
	tab := chromium.Open(t)
	tab.Go(server.Site() + apiKeys)
	tab.At("/sign-in?next=" + url.QueryEscape(apiKeys))
	tab.Focused(browser.Field("E-mail"))
	tab.Look("sign-in")

	fillSignIn(tab, "not my password at all")
	tab.Press(browser.Enter)
	tab.Until("a refusal", `Boolean([...document.querySelectorAll("[role=alert]")].some((e) => e.textContent))`)
	tab.Look("sign-in-refused")
	fillSignIn(tab, binary.Password)
	tab.Press(browser.Enter)
	tab.At(apiKeys)
	tab.Find(browser.Heading("API Keys"))

	session := "keystead_" + server.Port
	cookie := tab.Cookies()[session]
	if cookie == "" {
		t.Errorf("cookies %v", tab.Cookies())
	}
	tab.Click(browser.Button("Your settings"))
	tab.Click(browser.MenuItem("Sign out"))
	tab.At("/sign-in")
	if tab.Cookies()[session] != "" {
		t.Error("signed out with a session cookie")
	}
	var kept int
	tab.EvalInto("indexedDB.databases().then((all) => all.length)", &kept)
	if kept != 0 {
		t.Errorf("%d databases outlive the sign-out", kept)
	}
	if got := server.Client().With("Cookie", session+"="+cookie).
		With("Sec-Fetch-Site", "same-origin").Send(http.MethodGet, api.PathMe, nil); got.Status != 401 {
		t.Errorf("the cookie of the session that ended got %d", got.Status)
	}
	tab.Back()
	tab.Until("no list behind Back", `location.pathname === "/sign-in" || !document.querySelector("tbody tr")`)
}

// Whoever signs out leaves no list behind in a tab that they forgot. Nothing is kept for
// offline use here, so that no request of its own tells that tab.
func TestSigningOutIsForEveryTab(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.visit(secretsKeys)
	d.Eval(`localStorage.setItem("keystead-offline", "off")`)
	other := desk{t: t, server: d.server, admin: d.admin, Tab: d.Another()}
	other.visit(secretsKeys)
	d.Front()
	d.Click(browser.Button("Your settings"))
	d.Click(browser.MenuItem("Sign out"))
	d.At("/sign-in")
	other.At("/sign-in?next=" + url.QueryEscape(secretsKeys))
}

func TestSignInWithoutScript(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	tab := chromium.Open(t)
	tab.Scripts(false)
	tab.Go(server.Site() + "/setup")
	submit := func(button string) {
		t.Helper()
		tab.Focused(browser.Field("Password"))
		tab.Find(browser.Button(button))
		tab.Press(browser.Enter)
	}
	tab.Type(browser.Field("Set-up token"), "wrong")
	fillSetup(tab)
	submit("Set up and sign in")
	tab.Becomes(browser.Field("Set-up token"), "invalid", true)
	tab.Becomes(browser.Field("E-mail"), "focused", false)
	if got := tab.Find(browser.Field("E-mail")).Value(); got != binary.Email {
		t.Errorf("what was typed is lost: %q", got)
	}
	if got := tab.Find(browser.Field("Password")).Value(); got != "" {
		t.Error("the page sends the password back")
	}
	tab.Type(browser.Field("Set-up token"), server.SetupToken())
	tab.Type(browser.Field("Password"), binary.Password)
	submit("Set up and sign in")
	tab.Eventually("signed in", func() string {
		if tab.Cookies()["keystead_"+server.Port] == "" {
			return "no cookie"
		}
		return ""
	})
	tab.Shows("The console needs JavaScript.")

	other := chromium.Open(t)
	other.Scripts(false)
	other.Go(server.Site() + "/sign-in?next=" + url.QueryEscape(apiKeys+"?org="+binary.OrgShort))
	fillSignIn(other, "not my password at all")
	other.Press(browser.Enter)
	other.Until("a refusal", `Boolean([...document.querySelectorAll("[role=alert]")].some((e) => e.textContent))`)
	fillSignIn(other, binary.Password)
	other.Press(browser.Enter)
	other.At(apiKeys + "?org=" + binary.OrgShort)
	if other.Cookies()["keystead_"+server.Port] == "" {
		t.Error("not signed in")
	}
}

// The light pages ask for nothing of the WASM before the person types.
func TestLightPagesComeBeforeTheWASM(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	server.SetUp()
	tab := chromium.Open(t)
	tab.Go(server.Site() + "/sign-in")
	tab.Find(browser.Button("Sign in"))
	for _, request := range server.Requests() {
		if strings.HasSuffix(request.Path, ".wasm") {
			t.Error("the page asks for the WASM before anyone typed")
		}
	}
	tab.Type(browser.Field("E-mail"), "m")
	tab.Eventually("the WASM on its way", func() string {
		for _, request := range server.Requests() {
			if strings.HasSuffix(request.Path, ".wasm") {
				return ""
			}
		}
		return "nobody asked for it"
	})
}

func TestP56NextStaysHere(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	server.SetUp()
	for _, next := range []string{
		"https://evil.example/", "//evil.example/", `/\evil.example`, `\\evil.example`, "/%0d%0aLocation:%20//evil.example", "javascript:alert(1)",
		"data:text/html,x", "/\t/evil.example", "http:evil.example", "/..//evil.example", "///evil.example", "https:/evil.example", "@evil.example",
		"/@evil.example/..//", "%2f%2fevil.example", "／／evil.example", "/v1/session", "/sign-in", "",
	} {
		form := url.Values{"email": {binary.Email}, "password": {binary.Password}, "next": {next}}
		answer := server.Client().With("Content-Type", "application/x-www-form-urlencoded").
			With("Sec-Fetch-Site", "same-origin").Send(http.MethodPost, "/sign-in", form.Encode())
		where := answer.Header.Get("Location")
		to, err := url.Parse(where)
		if answer.Status != http.StatusSeeOther || err != nil || to.Host != "" || to.Scheme != "" || !strings.HasPrefix(where, "/") ||
			strings.HasPrefix(where, "//") || strings.ContainsAny(where, "\\\r\n\t") {
			t.Errorf("next=%q leads to %d %q", next, answer.Status, where)
		}
	}
	tab := chromium.Open(t)
	tab.Go(server.Site() + "/sign-in?next=" + url.QueryEscape("//evil.example/"))
	fillSignIn(tab, binary.Password)
	tab.Press(browser.Enter)
	tab.At(secretsKeys)
}

// A browser whose person's rights change goes on under the session's new name, and never
// notices.
func TestP10TheBrowserTakesTheNewName(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.admin.AddKey("ci-runner", api.ReadOnly)
	d.server.AddUser("sam@example.com", perm.FullAdministrator, "")
	sam := d.server.SignIn("sam@example.com")
	d.visit(secretsKeys)
	cookie := d.admin.Cookie().Name
	before := d.Cookies()[cookie]
	me := binary.Get[api.Me](d.admin, api.PathMe)
	role := binary.Post[api.Role](sam, api.PathRoles, binary.JSON{"name": "Watchers", "scope": perm.Account, "permissions": []perm.Permission{perm.KeysList, perm.KeysRead}}, 201)
	if d.Cookies()[cookie] != before {
		t.Error("the name changes without a reason")
	}
	binary.Patch[api.PersonDetail](sam, api.PathUser(me.User.ID), binary.JSON{"account_role_id": role.ID})
	d.Reload()
	d.drawn()
	d.lists("ci-runner")
	after := d.Cookies()[cookie]
	if after == before || after == "" {
		t.Error("the session keeps its name")
	}
	d.admin.As(after).Send(http.MethodGet, api.PathSession, nil).Is(200)
}
