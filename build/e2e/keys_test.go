package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
)

// The main job, by mouse: add, use, switch off, find again, delete.
func TestKeyFromAddToDelete(t *testing.T) {
	t.Parallel()
	d := open(t, secretsKeys)
	d.Shows("No API keys yet")
	d.Look("secrets-keys-empty")
	clipboard := d.Clipboard()
	d.Click(browser.Button("Copy account ID"))
	d.Shows("Copied the account ID.")

	d.Click(browser.Button("Add API key").First())
	d.Find(browser.Dialog("Add API key"))
	d.Focused(browser.Field("Name"))
	d.Shows("You hold 0 of 10 keys in Northwind Ops.")
	d.Look("key-new")

	// What a Full Administrator's key may do here, and what only they themselves may.
	d.Click(browser.Radio("ADMIN"))
	d.Eval(`document.querySelector("details.may").open = true`)
	d.Shows("rename the organization and set its policy")
	d.Hides("invite, edit, disable and delete users")
	d.onlyTheBodyScrolls()
	d.Look("key-new-may")
	d.Choose(browser.Choice("Works in"), "All my organizations (global)")
	d.Shows("invite, edit, disable and delete users")
	d.Choose(browser.Choice("Works in"), binary.OrgName+" only")
	d.Click(browser.Radio("READONLY"))
	d.Click(browser.Button("Create"))
	d.Becomes(browser.Field("Name"), "invalid", true)
	d.Look("key-new-refused")
	d.Type(browser.Field("Name"), "ci-runner")
	d.Type(browser.Field("Description (optional)"), "Build server")
	d.Click(browser.Button("Create"))

	d.Find(browser.Dialog("Created " + called("ci-runner")))
	value := api.Hide(d.Text("#new-value"))
	if parts, ok := keyfmt.Parse(value.Reveal()); !ok || parts.Kind != keyfmt.APIKey {
		t.Fatalf("the dialog shows %q", value.Reveal())
	}
	d.Look("key-new-value")
	d.Click(browser.Button("Copy"))
	d.Find(browser.Button("Copied"))
	if got := clipboard.Text(); got != value.Reveal() {
		t.Errorf("copied %q", got)
	}
	d.Click(browser.Button("Done"))
	d.Gone(browser.Dialog("Created…"))
	d.lists("ci-runner")
	d.nowhere(value)
	if row := d.row("ci-runner"); !strings.Contains(row, "Build server") || !strings.Contains(row, "Mara Voss") || !strings.Contains(row, "READONLY") {
		t.Errorf("the row says %q", row)
	}
	d.Look("secrets-keys-one")

	me := binaryMe(d, value)
	if me.Caller != api.CallerKey || me.Key.Name != "ci-runner" {
		t.Errorf("the key is %+v", me)
	}

	d.Click(browser.Switch(called("ci-runner") + " enabled"))
	d.Becomes(browser.Switch(called("ci-runner")+" enabled"), "checked", false)
	d.Shows("Disabled " + called("ci-runner"))
	d.Eventually("the server's word", func() string { return want(d.admin.Keys("").Items[0].Enabled, false) })
	d.server.Bearer(value).Send(http.MethodGet, api.PathMe, nil).Refused(401, fault.BadCredentials, "")
	d.Look("secrets-keys-disabled")
	d.Click(browser.Switch(called("ci-runner") + " enabled"))
	d.Becomes(browser.Switch(called("ci-runner")+" enabled"), "checked", true)
	d.Eventually("the server's word", func() string { return want(d.admin.Keys("").Items[0].Enabled, true) })
	binaryMe(d, value)

	d.Reload()
	d.drawn()
	d.Click(browser.Button("Delete " + called("ci-runner")))
	d.Find(browser.Dialog("Delete " + called("ci-runner") + "?"))
	d.Find(browser.Button("Disable instead"))
	if d.Find(browser.Button("Delete key")).Is("disabled") != true {
		t.Error("a key that was just used is deleted without its name")
	}
	d.Look("key-delete-used")
	d.Type(browser.Field("Type "+called("ci-runner")+" to confirm"), "ci-runner")
	d.Click(browser.Button("Delete key"))
	d.Gone(browser.Dialog("Delete…"))
	d.Shows("No API keys yet")
	d.server.Bearer(value).Send(http.MethodGet, api.PathMe, nil).Refused(401, fault.BadCredentials, "")
}

func binaryMe(d desk, value api.Secret) api.Me {
	d.t.Helper()
	answer := d.server.Bearer(value).Send(http.MethodGet, api.PathMe, nil)
	if answer.Status != http.StatusOK {
		d.t.Fatalf("the key is refused: %s", answer.Body)
	}
	return into[api.Me](answer)
}

func want[T comparable](got, want T) string {
	if got != want {
		return "it is not so yet"
	}
	return ""
}

// Values that were shown are nowhere once they hide, whatever hides them.
func TestP57ShownValueHides(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("ci-runner", api.ReadOnly).Value
	other := d.admin.AddKey("deploy", api.Admin).Value
	d.visit(secretsKeys)
	show, hide := browser.Button("Show "+key("ci-runner")), browser.Button("Hide "+key("ci-runner"))
	shown := func() {
		t.Helper()
		d.Click(show)
		d.Shows(value.Reveal())
	}
	hidden := func(by string) {
		t.Helper()
		d.Hides(value.Reveal())
		d.nowhere(value)
		if t.Failed() {
			t.Fatal("after " + by)
		}
	}
	d.nowhere(value)

	shown()
	d.Look("secrets-keys-shown")
	d.Until("room between the value and its countdown", `(() => {
		const text = document.createRange();
		text.selectNodeContents(document.querySelector(".secret[data-state=shown] code"));
		return document.querySelector(".secret[data-state=shown] .left svg").getBoundingClientRect().left - text.getBoundingClientRect().right >= 4;
	})()`)
	d.Click(hide)
	hidden("Hide")

	shown()
	d.Press(browser.Escape)
	hidden("Escape")

	shown()
	d.Cover()
	d.Until("nothing behind another tab", `!document.body.innerText.includes(`+quoted(value.Reveal())+`)`)
	d.nowhere(value)
	d.Front()
	hidden("a hidden tab")

	shown()
	d.Click(browser.Link("API Keys"))
	d.Find(browser.Heading("API Keys"))
	hidden("another page")
	d.Back()
	d.Find(browser.Heading("Secrets & Keys"))
	d.drawn()
	hidden("the way back")

	shown()
	d.Click(browser.Button("Show " + key("deploy")))
	d.Shows(other.Reveal())
	hidden("another value that is shown")
	d.Press(browser.Escape)
	d.Hides(other.Reveal())

	shown()
	d.Click(browser.Button("Your settings"))
	d.Click(browser.MenuItem("Sign out"))
	d.At("/sign-in")
	hidden("sign-out")
}

// The time is the promise here, so this test waits for it.
func TestP57ShownValueHidesAfterTenSeconds(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("ci-runner", api.ReadOnly).Value
	d.visit(secretsKeys)
	// The page notes when the value came and when it went, and each number of the
	// countdown.
	d.Eval(`(() => {
		window.seen = { numbers: [] };
		new MutationObserver(() => {
			const text = document.querySelector(".secret .value")?.textContent;
			const timer = document.querySelector("[role=timer]")?.getAttribute("aria-label");
			if (text && !seen.from) seen.from = performance.now();
			if (!text && seen.from && !seen.to) seen.to = performance.now();
			if (timer && seen.numbers.at(-1) !== timer) seen.numbers.push(timer);
		}).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
	})()`)
	d.Click(browser.Button("Show " + key("ci-runner")))
	d.Shows(value.Reveal())
	d.Hides(value.Reveal())
	d.nowhere(value)
	var seen struct {
		From, To float64
		Numbers  []string
	}
	d.EvalInto("seen", &seen)
	if lasted := (seen.To - seen.From) / 1000; lasted < 9 || lasted > 11.5 {
		t.Errorf("the value was there for %.1f s", lasted)
	}
	if len(seen.Numbers) < 9 || seen.Numbers[0] != "Hides in 10 seconds" {
		t.Errorf("the countdown said %q", seen.Numbers)
	}

	d.Eval("window.seen = { numbers: [] }; true")
	d.Click(browser.Button("Show " + key("ci-runner")))
	d.Shows(value.Reveal())
	d.Click(browser.Button("Keep showing " + key("ci-runner")))
	d.Until("more than ten seconds", `seen.numbers.some((n) => Number(n.match(/\d+/)[0]) > 12)`)
	d.Click(browser.Button("Hide " + key("ci-runner")))
	d.Hides(value.Reveal())
}

func TestP57CopyDrawsNothing(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("ci-runner", api.ReadOnly).Value
	d.visit(secretsKeys)
	clipboard := d.Clipboard()
	// Whatever the page draws from now on is remembered.
	d.Eval(`(() => {
		window.drawn = "";
		new MutationObserver(() => drawn += document.documentElement.outerHTML.includes(` + quoted(secretPart(value)) + `) ? "the value" : "")
			.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
	})()`)
	d.Click(browser.Button("Copy " + key("ci-runner")))
	d.Shows("Copied key " + called("ci-runner"))
	if got := clipboard.Text(); got != value.Reveal() {
		t.Errorf("copied %q", got)
	}
	if got := d.Eval("drawn"); got != `""` {
		t.Errorf("the copy drew %s", got)
	}
	d.Look("secrets-keys-copied")

	clipboard.Put("something else")
	d.visit(apiKeys)
	for item, form := range map[string]string{
		"Copy as value":     value.Reveal(),
		"Copy as env line":  "KEYSTEAD_KEY=" + value.Reveal(),
		"Copy as curl line": `curl -H "Authorization: Bearer ` + value.Reveal() + `" ` + d.server.Site() + "/v1/me",
	} {
		d.Click(browser.Button("More actions for " + called("ci-runner")))
		d.Click(browser.MenuItem(item))
		d.Eventually(item, func() string { return want(clipboard.Text(), form) })
		d.nowhere(value)
	}
}

// Only when every way to copy is refused does the value show, selected, and "Copied"
// is never said.
func TestP57RefusedCopyIsNotCalledCopied(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("ci-runner", api.ReadOnly).Value
	d.RefuseClipboard()
	d.visit(secretsKeys)
	d.Click(browser.Button("Copy " + key("ci-runner")))
	d.Shows("Press Ctrl+C")
	d.Until("the value selected", "getSelection().toString() === "+quoted(value.Reveal()))
	if strings.Contains(d.Text("body"), "Copied") {
		t.Error(`the console says "Copied"`)
	}
	d.Look("secrets-keys-by-hand")
	d.Press(browser.Escape)
	d.Hides(value.Reveal())
	d.nowhere(value)

	d.Click(browser.Button("Add API key"))
	d.Type(browser.Field("Name"), "deploy")
	d.Click(browser.Button("Create"))
	d.Find(browser.Dialog("Created…"))
	d.Click(browser.Button("Copy"))
	d.Shows("press Ctrl+C")
	if d.Count(browser.Button("Copied")) != 0 {
		t.Error(`the dialog says "Copied"`)
	}
}

// A server that refuses the value lets nobody say "Copied".
func TestCopyOfAnErasedValueSaysWhy(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.admin.AddKey("ci-runner", api.ReadOnly)
	if got := d.server.Command("a wholly other phrase 77\n", "user", "reset-password", "--email", "mara.voss@example.com", "--password-stdin"); got.Code != 0 {
		t.Fatalf("reset-password: %+v", got)
	}
	again := d.server.Client()
	if got := again.Send(http.MethodPost, api.PathSession, map[string]string{"email": "mara.voss@example.com", "password": "a wholly other phrase 77"}); got.Status != 200 {
		t.Fatalf("sign in: %s", got.Body)
	}
	d.enter(again)
	clipboard := d.Clipboard()
	d.visit(secretsKeys)
	d.Click(browser.Button("Copy " + key("ci-runner")))
	d.Until("a reason", `Boolean(document.querySelector(".toast")?.innerText)`)
	if strings.Contains(d.Text(".toasts"), "Copied") {
		t.Errorf("the console says %q", d.Text(".toasts"))
	}
	if got := clipboard.Text(); strings.Contains(got, "ks_") {
		t.Errorf("the clipboard holds %q", got)
	}
}

func TestRotateWithOverlap(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	old := d.admin.AddKey("ci-runner", api.ReadOnly).Value
	d.visit(secretsKeys)
	d.Click(browser.Button("More actions for " + called("ci-runner")))
	d.Look("key-menu")
	d.Click(browser.MenuItem("Rotate…"))
	d.Find(browser.Dialog("Rotate " + called("ci-runner")))
	d.Shows("rejected at once")
	d.Choose(browser.Choice("The old value works"), "For 1 more hour")
	d.Shows("Both values work until then")
	d.Look("key-rotate")
	d.Click(browser.Button("Rotate"))
	d.Find(browser.Dialog("Rotated…"))
	first := api.Hide(d.Text("#new-value"))
	d.Click(browser.Button("Done"))
	d.Shows("You have not copied it.")
	d.Look("key-rotate-uncopied")
	d.Click(browser.Button("Close without copying"))
	d.Gone(browser.Dialog("Rotated…"))
	d.nowhere(first)
	d.Shows("Older value")
	binaryMe(d, old)
	binaryMe(d, first)
	d.Look("secrets-keys-overlap")

	d.Click(browser.Button("More actions for " + called("ci-runner")))
	d.Click(browser.MenuItem("Rotate…"))
	d.Shows("Two values work at this moment.")
	d.Click(browser.Button("Rotate"))
	d.Find(browser.Dialog("Rotated…"))
	second := api.Hide(d.Text("#new-value"))
	d.server.Bearer(old).Send(http.MethodGet, api.PathMe, nil).Refused(401, fault.BadCredentials, "")
	d.server.Bearer(first).Send(http.MethodGet, api.PathMe, nil).Refused(401, fault.BadCredentials, "")
	binaryMe(d, second)
}

func TestEditAKey(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("ci-runner", api.ReadOnly).Value
	d.admin.AddKey("deploy", api.ReadOnly)
	d.visit(secretsKeys)
	d.Click(browser.Button("More actions for " + called("ci-runner")))
	d.Click(browser.MenuItem("Edit…"))
	d.Find(browser.Dialog("Edit " + called("ci-runner")))
	d.Look("key-edit")
	d.Type(browser.Field("Name"), "DEPLOY")
	d.Click(browser.Button("Save"))
	d.Becomes(browser.Field("Name"), "invalid", true)
	d.Type(browser.Field("Name"), "builder")
	d.Click(browser.Radio("ADMIN"))
	d.Choose(browser.Choice("Expires"), "In 30 days")
	d.Click(browser.Button("Save"))
	d.Gone(browser.Dialog("Edit…"))
	d.lists("builder", "deploy")
	me := binaryMe(d, value)
	if me.Key.Name != "builder" || me.Key.Role != api.Admin || me.Key.ExpiresAt == nil {
		t.Errorf("the key became %+v", me.Key)
	}
}
