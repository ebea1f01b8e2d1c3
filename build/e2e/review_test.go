package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/fault"
)

func TestAPIKeysScreen(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("deploy", api.Admin).Value
	d.server.Bearer(value).Send(http.MethodGet, api.PathMe, nil).Is(200)
	d.admin.AddKey("ci-runner", api.ReadOnly)
	d.visit(apiKeys)
	d.lists("ci-runner", "deploy")
	if got := d.Names("columnheader"); strings.Join(got, "|") != "All on this page|Name / Desc|Role|Last Login|Manage" {
		t.Errorf("the columns are %q", got)
	}
	if row := d.row("ci-runner"); !strings.Contains(row, "Never") {
		t.Errorf("a key that was never used says %q", row)
	}
	// 2024-12-16 19:47:38, in the browser's zone.
	d.Eventually("the last login", func() string {
		d.Reload()
		d.drawn()
		if !lastLogin.MatchString(d.row("deploy")) {
			return d.row("deploy")
		}
		return ""
	})
	d.Look("api-keys")
	d.Click(browser.Button("More actions for " + called("deploy")))
	d.Look("api-keys-menu")
	d.Click(browser.MenuItem("Disable"))
	d.Shows("Disabled " + called("deploy"))
	d.server.Bearer(value).Send(http.MethodGet, api.PathMe, nil).Refused(401, fault.BadCredentials, "")
	d.Click(browser.Button("Undo"))
	d.Shows("Enabled " + called("deploy"))
	binaryMe(d, value)
}

func TestSelectSeveral(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort)
	sam := d.server.SignIn("sam.reed@example.com")
	theirs := sam.AddKey("sams-report", api.ReadOnly)
	values := map[string]api.Secret{}
	for _, name := range []string{"one", "two", "three"} {
		values[name] = d.admin.AddKey(name, api.ReadOnly).Value
	}
	d.visit(apiKeys)
	d.Click(browser.Tick("Select one"))
	d.Click(browser.Tick("Select two"))
	d.Shows("2 selected")
	d.Look("api-keys-selected")
	d.Click(browser.Button("Disable"))
	d.Shows("Disabled 2.")
	for name, value := range values {
		answer := d.server.Bearer(value).Send(http.MethodGet, api.PathMe, nil)
		if refused := answer.Status == 401; refused != (name != "three") {
			t.Errorf("%s: %d", name, answer.Status)
		}
	}
	d.Click(browser.Button("Undo"))
	d.Shows("Enabled 2.")
	d.drawn()

	// Another administrator changes rights meanwhile: one of three is refused, and why
	// stays on the page.
	d.Click(browser.Tick("All on this page"))
	d.Shows("4 selected")
	sam.Send(http.MethodDelete, api.PathKey(theirs.Key.ID), nil).Is(204)
	d.Click(browser.Button("Disable"))
	d.Shows("Not everything was done.")
	d.Shows("Disabled 3. 1 was refused: " + called("sams-report"))
	d.Look("api-keys-summary")
	d.Click(browser.Button("Dismiss"))
	d.Hides("Not everything was done.")

	// A last login is written a moment after it; a list that is asked for then has it.
	d.Eventually("the last login of three", func() string {
		if d.admin.Keys("?q=three").Items[0].LastLoginAt == nil {
			return "none is written"
		}
		return ""
	})
	d.Reload()
	d.drawn()
	d.Click(browser.Tick("Select three"))
	d.Click(browser.Button("Delete…"))
	d.Find(browser.Dialog("Delete…"))
	d.Look("api-keys-delete-several")
	d.Press(browser.Escape)
	d.Gone(browser.Dialog("Delete…"))
	d.Click(browser.Tick("Select one"))
	d.Click(browser.Button("Delete…"))
	d.Find(browser.Dialog("Delete…"))
	d.Shows("used within the last 7 days and will be left")
	d.Press(browser.Escape)
}

func TestDeleteSeveral(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	for _, name := range []string{"one", "two", "three"} {
		d.admin.AddKey(name, api.ReadOnly)
	}
	d.visit(apiKeys)
	d.Click(browser.Tick("Select one"))
	d.Click(browser.Tick("Select two"))
	d.Click(browser.Button("Delete…"))
	d.Find(browser.Dialog("Delete 2 keys?"))
	d.Click(browser.Button("Delete 2 keys"))
	d.Shows("Deleted 2.")
	d.lists("three")
	if got := d.admin.Keys("").Total; got != 1 {
		t.Errorf("%d keys are left", got)
	}
}

func TestSelectOnAPhone(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.admin.AddKey("one", api.ReadOnly)
	d.admin.AddKey("two", api.Admin)
	d.Resize(browser.Phone)
	d.visit(apiKeys)
	d.Click(browser.Button("Select"))
	d.Click(browser.Tick("Select one"))
	d.Shows("1 selected")
	d.Look("api-keys-select-mode")
	d.Click(browser.Button("Done"))
	d.Hides("1 selected")
	d.Click(browser.Button("Sort API keys"))
	d.Look("api-keys-sort-menu")
	d.Click(browser.MenuItem("Role, descending"))
	d.Until("the order", `new URLSearchParams(location.search).get("sort") === "role"`)
	d.Click(browser.Button("Menu"))
	d.Find(browser.Link("Secrets & Keys"))
	d.Look("navigation-open")
	d.Click(browser.Link("Secrets & Keys"))
	d.Find(browser.Heading("Secrets & Keys"))
}

// Keys that expire within seven days deserve a look; the notice counts and filters.
func TestReviewNotice(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.admin.AddKey("calm", api.ReadOnly)
	binary.Post[api.AddedKey](d.admin, api.PathOrgKeys(d.admin.Org().ID), binary.JSON{
		"name": "ending", "role": api.Admin, "expires_at": time.Now().Add(3 * 24 * time.Hour).UTC().Format(time.RFC3339),
	}, http.StatusCreated)
	d.visit(apiKeys)
	d.Shows("1 key deserves a look.")
	d.Shows("One expires within 7 days.")
	d.Look("api-keys-review")
	d.Click(browser.Button("Review it"))
	d.lists("ending")
	if !strings.Contains(d.Address(), "review=true") {
		t.Errorf("the filter is not in %s", d.Address())
	}
	if row := d.row("ending"); !strings.Contains(row, "Expires in 3 days") {
		t.Errorf("why it deserves a look is not in %q", row)
	}
	d.Find(browser.Button("Filters (1)"))
	d.Look("api-keys-reviewed")
	d.Click(browser.Button("Deserves a look: remove this filter"))
	d.lists("calm", "ending")
	d.Click(browser.Button("Review it"))
	d.lists("ending")
	d.Click(browser.Button("Show all keys").First())
	d.lists("calm", "ending")
}
