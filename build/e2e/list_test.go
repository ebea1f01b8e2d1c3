package e2e_test

import (
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
)

// many is a desk with 26 keys, of the administrator and of two users.
func many(t *testing.T) desk {
	t.Helper()
	d := signedIn(t, "--max-keys-per-user", "40")
	d.server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort)
	sam := d.server.SignIn("sam.reed@example.com")
	for i := range 24 {
		role := api.ReadOnly
		if i%3 == 0 {
			role = api.Admin
		}
		d.admin.AddKey(fmt.Sprintf("job-%02d", i), role)
	}
	sam.AddKey("sams-report", api.ReadOnly)
	sam.AddKey("sams-export", api.ReadOnly)
	return d
}

// Whoever looks at one key after the other finds the list where they left it.
func TestBackLeadsToTheSamePlace(t *testing.T) {
	t.Parallel()
	d := many(t)
	d.visit(secretsKeys)
	for range 2 {
		d.Click(browser.Link("job-20"))
		d.Find(browser.Heading("job-20"))
		d.Until("the top of the key's page", "scrollY === 0")
		d.Back()
		d.Until("the place in the list", `(() => {
			const row = [...document.querySelectorAll("tbody .name")].find((name) => name.textContent === "job-20")?.getBoundingClientRect();
			return scrollY > 0 && row !== undefined && row.top > 0 && row.bottom < innerHeight;
		})()`)
	}
}

func TestSearchSortPagesAndFiltersAreInTheAddress(t *testing.T) {
	t.Parallel()
	d := many(t)
	d.visit(secretsKeys + "?limit=10")
	d.Shows("1–10 of 26 keys")
	d.Click(browser.Button("Next page"))
	d.Shows("11–20 of 26 keys")
	d.At(secretsKeys + "?limit=10&org=northwind-ops&page=2")
	d.Look("secrets-keys-page")
	d.Click(browser.Button("Next page"))
	d.Shows("21–26 of 26 keys")
	d.lists("job-20", "job-21", "job-22", "job-23", "sams-export", "sams-report")
	d.Back()
	d.Shows("11–20 of 26 keys")
	d.Reload()
	d.drawn()
	d.Shows("11–20 of 26 keys")

	d.Choose(browser.Choice("Rows"), "100")
	d.Shows("1–26 of 26 keys")
	d.Click(browser.Button("Name"))
	d.Until("the other order", `document.querySelector("tbody .name")?.textContent === "sams-report"`)
	if !strings.Contains(d.Address(), "order=desc") {
		t.Errorf("the order is not in %s", d.Address())
	}
	d.Until("the order told", `document.querySelector("[aria-sort=descending]")?.textContent.includes("Name")`)

	d.Type(browser.Search("Search keys"), "sams")
	d.lists("sams-report", "sams-export")
	if !strings.Contains(d.Address(), "q=sams") {
		t.Errorf("the search is not in %s", d.Address())
	}
	d.Type(browser.Search("Search keys"), "no such key")
	d.Shows("No key matches")
	d.Look("secrets-keys-no-match")
	d.Click(browser.Button("Show all keys"))
	d.Shows("1–26 of 26 keys")

	// The last four characters find a key, and so does its owner.
	k := d.admin.Keys("?q=job-05").Items[0]
	d.Type(browser.Search("Search keys"), k.Hint[len(k.Hint)-4:])
	d.lists("job-05")
	d.Type(browser.Search("Search keys"), k.Hint[len(k.Hint)-4:]+"_3kQmha")
	d.lists("job-05")
	d.Type(browser.Search("Search keys"), "sam reed")
	d.Until("Sam's keys", `document.querySelectorAll("tbody tr .name").length === 2`)
	d.Type(browser.Search("Search keys"), "")

	d.Click(browser.Button("Filters"))
	d.Choose(browser.Choice("Role"), "ADMIN")
	d.Shows("1–8 of 8 keys")
	d.Choose(browser.Choice("Owner"), "Sam Reed")
	d.Shows("No key matches")
	d.Choose(browser.Choice("Role"), "All roles")
	d.Until("Sam's keys", `document.querySelectorAll("tbody tr .name").length === 2`)
	d.Look("secrets-keys-filters")
	address := d.Address()
	d.visit(address)
	d.Until("the bookmarked filter", `document.querySelectorAll("tbody tr .name").length === 2`)

	d.visit(secretsKeys + "?page=99&limit=10")
	d.Shows("21–26 of 26 keys")
	d.visit(secretsKeys + "?sort=colour&role=king&page=-4")
	d.Shows("1–25 of 26 keys")
}

// Every column that sorts sorts, in the console as the API does.
func TestEveryColumnSorts(t *testing.T) {
	t.Parallel()
	d := many(t)
	org := d.admin.Org().ID
	expires := time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
	for i, k := range d.admin.Keys("?limit=3").Items {
		binary.Patch[api.Key](d.admin, api.PathKey(k.ID), binary.JSON{"expires_at": expires.Add(time.Duration(i) * time.Hour)})
	}
	d.visit(secretsKeys + "?limit=100")
	for column, sort := range map[string]string{
		"Name": "name", "User": "user", "Role": "role", "Expires": "expires_at", "Last used": "last_login_at", "Enabled": "enabled",
	} {
		for _, order := range []string{"asc", "desc"} {
			if !(sort == "name" && order == "asc") {
				d.Click(browser.Button(column))
			}
			page := binary.Get[api.Page[api.Key]](d.admin, api.PathOrgKeys(org)+"?limit=100&sort="+sort+"&order="+order)
			var want []string
			for _, k := range page.Items {
				want = append(want, k.Name)
			}
			if sort != "name" {
				d.lists(want...)
			}
		}
		d.visit(secretsKeys + "?limit=100")
	}
}

// A list that can't be had says so, keeps what was there, and Retry works.
func TestListFailsAndComesBack(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.admin.AddKey("ci-runner", api.ReadOnly)
	d.visit(secretsKeys)
	d.Allow("ERR_|Failed to (load|fetch)")
	d.server.Stop()
	d.Click(browser.Button("Name"))
	d.Shows("can’t be reached")
	d.lists("ci-runner")
	if d.Find(browser.Button("Add API key")).Is("disabled") != true {
		t.Error("a key can be added without the server")
	}
	d.Look("secrets-keys-unreachable")
	release := d.Hold("*/v1/*") // or what the console asks by itself could be answered before
	d.server.Run()
	d.Click(browser.Button("Retry"))
	release()
	d.Hides("can’t be reached")
	d.Becomes(browser.Button("Add API key"), "disabled", false)
	d.lists("ci-runner")
}

// A first load that fails has its own face.
func TestFirstLoadFails(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.admin.AddKey("ci-runner", api.ReadOnly)
	d.Allow("500|Failed to load resource")
	failing := true
	d.Answer("*/api-keys?*", func() (int, string) {
		if failing {
			return http.StatusInternalServerError, `{"type":"about:blank","title":"Internal Server Error","status":500,"detail":"Something went wrong here.","code":"internal","request_id":"0011223344556677"}`
		}
		return 0, ""
	})
	d.visit(secretsKeys)
	d.Shows("Couldn’t load the list.")
	d.Look("secrets-keys-failed")
	failing = false
	d.Click(browser.Button("Retry"))
	d.lists("ci-runner")
}

// Where the server is away there is one Retry, in the banner, whatever of the page was not
// loaded; and it brings all of that.
func TestOneRetryOnAScreen(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.Allow("ERR_|Failed to (load|fetch)|Failed to update a ServiceWorker")
	d.admin.AddKey("ci-runner", api.ReadOnly)
	d.visit("/profile")
	d.Click(browser.Tick("Keep lists for offline use")) // or who is known and what is kept were a race
	d.installed()
	other := desk{t: t, server: d.server, admin: d.admin, Tab: d.Another()}
	other.Allow("ERR_|Failed to (load|fetch)|Failed to update a ServiceWorker")
	other.visit(usersScreen)
	d.server.Stop()
	for _, screen := range []string{"Secrets & Keys", "Devices", "Audit log", "API Keys", "Roles", "Users", "Organizations"} {
		d.Click(browser.Link(screen))
		d.Until(screen, `document.querySelector("h1").textContent === `+quoted(screen))
		d.Shows("Not kept for offline use")
		d.Find(browser.Button("Retry")) // of which there is exactly one
	}
	d.Look("orgs-offline")
	other.Click(browser.Button("Your settings"))
	other.Click(browser.MenuItem("Profile"))
	other.Shows("Not kept for offline use.")
	releases := []func(){d.Hold("*/v1/*"), other.Hold("*/v1/*")} // or what the console asks by itself could be answered before
	d.server.Run()
	d.Click(browser.Button("Retry"))
	other.Click(browser.Button("Retry"))
	for _, release := range releases {
		release()
	}
	d.lists("Northwind Ops")
	d.Shows("Nothing is backed up.")
	other.Shows("127.0.0.1, active")

	d.server.Stop()
	d.Go(d.server.Site() + secretsKeys)
	d.Shows("did not say who you are")
	d.Find(browser.Button("Retry"))
}

// While the list is on its way the page says so and keeps its form.
func TestLoadingHasAFace(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.admin.AddKey("ci-runner", api.ReadOnly)
	release := d.Hold("*/api-keys?*")
	d.Go(d.server.Site() + secretsKeys)
	d.Until("a list on its way", `Boolean(document.querySelector('table[aria-busy="true"]'))`)
	d.Look("secrets-keys-loading")
	release()
	d.lists("ci-runner")
}

// One sees one's own keys; those of others only with permission, and their values never.
func TestOthersKeys(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort)
	sam := d.server.SignIn("sam.reed@example.com")
	sam.AddKey("sams-report", api.ReadOnly)
	d.admin.AddKey("ci-runner", api.Admin)
	d.visit(secretsKeys)
	d.lists("ci-runner", "sams-report")
	if d.Count(browser.Button("Show "+key("sams-report")))+d.Count(browser.Button("Copy "+key("sams-report"))) != 0 {
		t.Error("another's value is offered")
	}
	d.Click(browser.Button("More actions for " + called("sams-report")))
	if items := d.Names("menuitem"); strings.Contains(strings.Join(items, " "), "Rotate") || strings.Contains(strings.Join(items, " "), "Copy") {
		t.Errorf("another's key offers %q", items)
	}

	theirs := desk{t: t, server: d.server, admin: d.admin, Tab: chromium.Open(t)}
	theirs.enter(sam)
	theirs.visit(secretsKeys)
	theirs.lists("sams-report")
	for _, absent := range []string{"Account ID", "API shared secret", "Agent access key"} {
		if strings.Contains(theirs.Text("main"), absent) {
			t.Errorf("a reader is shown the %s", absent)
		}
	}
	theirs.Look("secrets-keys-reader")
	if got := d.admin.Keys("?q=" + url.QueryEscape("sams")).Total; got != 1 {
		t.Errorf("the administrator finds %d", got)
	}
}

// From 700 px upwards all of the table is in its card: nothing has to be scrolled to.
func TestTheTableOfKeysFits(t *testing.T) {
	t.Parallel()
	d := many(t)
	k := d.admin.AddKey("billing-export-nightly", api.ReadOnly)
	binary.Patch[api.Key](d.admin, api.PathKey(k.Key.ID), binary.JSON{
		"description": "Writes the invoices of the night to the archive", "expires_at": time.Now().Add(48 * time.Hour).UTC(),
	})
	d.visit(secretsKeys)
	d.Shows("1–25 of 27 keys")
	for width := int64(701); width <= 1360; width += 32 {
		d.Resize(browser.Size{Width: width, Height: 900})
		var wide string
		d.EvalInto(`(() => {
			const box = document.querySelector("#keys .table-scroll");
			return box.scrollWidth > box.clientWidth ? box.scrollWidth + " in " + box.clientWidth : "";
		})()`, &wide)
		if wide != "" {
			t.Errorf("at %d px it is %s", width, wide)
		}
	}
}

// The rows are drawn before the cards above them are filled: they must not move then.
func TestRowsStayWhileTheCardsFill(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.admin.AddKey("ci-runner", api.ReadOnly)
	top := func() (at float64) {
		d.EvalInto(`document.querySelector(".keys-card").getBoundingClientRect().top`, &at)
		return at
	}
	for _, size := range []browser.Size{browser.Desktop, browser.Phone, {Width: 1024, Height: 800}, {Width: 720, Height: 800}} {
		d.Resize(size)
		var release []func()
		for _, card := range []string{"*/v1/account", "*/agent-access-key", "*/shared-secret"} {
			release = append(release, d.Hold(card))
		}
		d.Go(d.server.Site() + secretsKeys)
		d.lists("ci-runner")
		before := top()
		for _, fill := range release {
			fill()
		}
		d.Until("the cards filled", `!document.querySelector(".cards .skeleton")`)
		if after := top(); math.Abs(after-before) >= 1 {
			t.Errorf("%v: the list moved from %v to %v", size, before, after)
		}
	}
}

// A tip is gone with the press on its button, and does not come back over what the press
// did with the word of before; it does once the pointer was elsewhere.
func TestATipEndsWithAPress(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	added := d.admin.AddKey("ci-runner", api.ReadOnly)
	d.visit(keyPage(added.Key.ID)) // the button stays under the pointer there
	d.Find(browser.Button("Show " + key("ci-runner")))
	over := func(selector string) (tip string) {
		d.EvalInto(`(() => {
			document.querySelector(`+quoted(selector)+`).dispatchEvent(new PointerEvent("pointerover", { bubbles: true, pointerType: "mouse" }));
			return document.querySelector(".tip:popover-open")?.textContent ?? "";
		})()`, &tip)
		return tip
	}
	const eye = "[id$=-show] svg"
	if got := over(eye); got != "Show" {
		t.Errorf("hovered, it says %q", got)
	}
	d.Click(browser.Button("Show " + key("ci-runner")))
	d.Shows(added.Value.Reveal())
	if got := over(eye); got != "" {
		t.Errorf("pressed, it says %q", got)
	}
	over("h1")
	if got := over(eye); got != "Hide" {
		t.Errorf("hovered again, it says %q", got)
	}
}
