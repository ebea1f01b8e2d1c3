package e2e_test

import (
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
)

// installed waits until the worker keeps the console and serves the page. What is
// missing is said: registration, cache or control.
func (d desk) installed() {
	d.t.Helper()
	d.Eventually("the worker", func() string {
		var missing string
		d.EvalInto(`(async () => {
			const registration = await navigator.serviceWorker.getRegistration();
			if (!registration?.active) return "no worker is active, " + ["installing", "waiting"].filter((state) => registration?.[state]);
			const [name] = await caches.keys();
			if (!name || !(await (await caches.open(name)).match("/"))) return "the console is not in " + name;
			return navigator.serviceWorker.controller ? "" : "it does not serve this page";
		})()`, &missing)
		return missing
	})
}

// kept waits until the lists are kept for a day without the server.
func (d desk) kept() {
	d.t.Helper()
	d.Until("the kept list", `indexedDB.databases().then(async (all) => {
		for (const { name } of all) {
			const db = await new Promise((done, fail) => { const r = indexedDB.open(name); r.onsuccess = () => done(r.result); r.onerror = fail; });
			let rows = 0;
			for (const store of db.objectStoreNames) {
				rows += await new Promise((done, fail) => { const r = db.transaction(store).objectStore(store).count(); r.onsuccess = () => done(r.result); r.onerror = fail; });
			}
			db.close();
			if (rows > 1) return true; // the key and what it seals
		}
		return false;
	})`)
}

// Without the server a deep link opens with the last lists and no secret.
func TestP52OfflineShowsTheLastListsAndNoSecret(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("ci-runner", api.Admin).Value
	d.admin.AddKey("deploy", api.ReadOnly)
	d.visit(secretsKeys)
	d.Click(browser.Button("Show " + key("ci-runner")))
	d.Shows(value.Reveal())
	d.Press(browser.Escape)
	d.installed()
	d.kept()

	d.Allow("ERR_|Failed to (load|fetch)|Failed to update a ServiceWorker")
	d.server.Stop()
	d.visit(apiKeys + "?org=northwind-ops&sort=name&order=desc")
	d.lists("deploy", "ci-runner")
	d.Shows("as of")
	d.Shows("can’t be reached")
	d.nowhere(value)
	d.Look("api-keys-offline")
	if add := d.Find(browser.Button("Add API key")); !add.Is("disabled") || !strings.Contains(add.Description(), "offline") {
		t.Errorf("Add API key is not off with a reason: %q", add.Description())
	}
	d.visit(secretsKeys)
	d.lists("ci-runner", "deploy")
	for _, act := range []string{"Show ", "Copy "} {
		if b := d.Find(browser.Button(act + key("ci-runner"))); !b.Is("disabled") || b.Description() == "" {
			t.Errorf("%sis not off with a reason: %q", act, b.Description())
		}
	}
	d.Look("secrets-keys-offline")
	d.nowhere(value)

	d.server.Run()
	d.Click(browser.Button("Retry")) // of the banner
	d.Hides("can’t be reached")
	d.Find(browser.Button("Show the agent access key"))
	d.Find(browser.Button("Copy account ID"))
	d.Becomes(browser.Button("Show "+key("ci-runner")), "disabled", false)

	// Whoever signs out leaves nothing behind.
	d.kept()
	d.Click(browser.Button("Your settings"))
	d.Click(browser.MenuItem("Sign out"))
	d.At("/sign-in")
	d.Until("nothing kept", "indexedDB.databases().then((all) => all.length === 0)")
}

// What was typed in a dialog outlives a restart of the server: once it is back, the dialog
// goes on by itself.
func TestADialogOutlivesARestart(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.Allow("ERR_CONNECTION_REFUSED")
	d.visit(secretsKeys)
	d.Click(browser.Button("Add API key").First())
	d.Type(browser.Field("Name"), "ci-runner")
	d.server.Stop()
	d.Click(browser.Button("Create"))
	d.Shows("Keystead can’t be reached.")
	d.Becomes(browser.Button("Create"), "disabled", true)
	d.server.Run()
	d.Eval(`dispatchEvent(new Event("online"))`) // or 20 seconds later
	d.Becomes(browser.Button("Create"), "disabled", false)
	d.Click(browser.Button("Create"))
	d.Find(browser.Dialog("Created " + called("ci-runner")))
}

// A session that was ended elsewhere wipes what was kept; the person comes back to
// where they were.
func TestEndedSessionLeadsToSignInAndBack(t *testing.T) {
	t.Parallel()
	d := open(t, secretsKeys)
	d.installed()
	d.kept()
	if got := d.server.Command("", "user", "disable", "--email", "nobody@example.com"); got.Code != 1 {
		t.Errorf("an unknown user was disabled: %+v", got)
	}
	d.admin.Send("DELETE", api.PathSession, nil).Is(204)
	d.Click(browser.Link("API Keys"))
	d.At("/sign-in?next=")
	d.Until("nothing kept", "indexedDB.databases().then((all) => all.length === 0)")
	fillSignIn(d.Tab, binary.Password)
	d.Press(browser.Enter)
	d.At(apiKeys)
	d.Find(browser.Heading("API Keys"))
}

// The WASM is fetched once, though page and worker both want it; a later visit asks
// for answers of the API and the worker's own check, nothing else.
func TestWarmVisitTransfersAnswersOnly(t *testing.T) {
	t.Parallel()
	d := open(t, secretsKeys)
	d.installed()
	fetched := 0
	for _, r := range d.server.Requests() {
		if strings.HasSuffix(r.Path, ".wasm") && r.Status == 200 {
			fetched++
		}
	}
	if fetched != 1 {
		t.Errorf("the WASM was fetched %d times", fetched)
	}
	before := len(d.server.Requests())
	d.visit(apiKeys)
	d.visit(secretsKeys + "?q=x")
	for _, r := range d.server.Requests()[before:] {
		if !strings.HasPrefix(r.Path, "/v1/") && r.Path != "/sw.js" {
			t.Errorf("a warm visit asks for %s %s: %d", r.Method, r.Path, r.Status)
		}
	}
}

// A panic in the console leaves a page that says so, and nothing that was shown.
func TestCrashScreen(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("ci-runner", api.ReadOnly).Value
	d.visit(secretsKeys)
	d.Click(browser.Button("Show " + key("ci-runner")))
	d.Shows(value.Reveal())
	d.Allow("planted|console|exception|The console stopped")
	d.Eval(`Node.prototype.appendChild = () => { throw new Error("planted") }; true`)
	d.Click(browser.Button("Delete " + called("ci-runner")))
	d.Shows("The console stopped.")
	d.nowhere(value)
	d.Look("crash")
	d.Focused(browser.Button("Reload"))
	d.Press(browser.Enter)
	d.drawn()
	d.lists("ci-runner")
}
