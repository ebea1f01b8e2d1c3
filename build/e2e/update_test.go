package e2e_test

import (
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
)

// An open console hears of a new version, goes on with the old one until the person
// takes the new one, and then runs that, headers and all.
func TestUpdateReachesAnOpenConsole(t *testing.T) {
	t.Parallel()
	next, version := binary.Second(t, "index.html", "API keys and shared secrets of your team.", "The second version.")
	d := signedIn(t)
	d.admin.AddKey("ci-runner", api.ReadOnly)
	d.visit(secretsKeys)
	d.installed()
	first := d.Eval("goappGetenv('GOAPP_VERSION')")

	d.Allow("ERR_|Failed to (load|fetch)")
	d.server.Stop()
	d.server.Binary = next
	d.server.Run()
	d.Click(browser.Button("Name")) // any answer tells
	d.Shows("A new version of Keystead is ready.")
	d.Look("banner-update")
	d.lists("ci-runner")
	if got := d.Eval("goappGetenv('GOAPP_VERSION')"); got != first {
		t.Errorf("the page runs %s before anyone took it", got)
	}
	d.Until("the new version waiting", "navigator.serviceWorker.getRegistration().then((r) => Boolean(r.waiting))")
	d.Click(browser.Button("Reload"))
	d.Until("the new version", `globalThis.goappGetenv?.("GOAPP_VERSION") === `+quoted(version))
	d.drawn()
	d.lists("ci-runner")
	d.Until("the new page", `document.querySelector("meta[name=description]").content === "The second version."`)
	d.Until("one cache", "caches.keys().then((all) => all.length === 1)")
	d.Hides("A new version of Keystead is ready.")
}
