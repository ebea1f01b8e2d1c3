package e2e_test

import (
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
)

// By plain http under a name of the network the console works, says what browsers
// withhold there, and copies by the way that is left.
func TestPlainHTTPOnANetworkName(t *testing.T) {
	t.Parallel()
	server := binary.StartAt(t, "0.0.0.0", "--insecure-http")
	admin := server.SetUp()
	value := admin.AddKey("ci-runner", api.ReadOnly).Value
	tab := chromium.Open(t)
	// Browsers report each header that they ignore on such an address.
	tab.Allow("Cross-Origin-(Opener|Embedder)-Policy|Origin-Agent-Cluster")
	d := desk{t: t, server: server, admin: admin, Tab: tab}
	d.Go("http://" + browser.ForeignName + ":" + server.Port + secretsKeys)
	d.At("/sign-in?next=")
	if d.Eval("isSecureContext") != "false" {
		t.Fatal("the browser trusts the address")
	}
	fillSignIn(tab, binary.Password)
	d.Press(browser.Enter)
	d.At(secretsKeys)
	d.drawn()
	d.Shows("This address has no TLS")
	d.Look("insecure-address")
	clipboard := d.Clipboard()
	d.Click(browser.Button("Copy " + key("ci-runner")))
	d.Shows("Copied key " + called("ci-runner"))
	if got := clipboard.Text(); got != value.Reveal() {
		t.Errorf("the clipboard holds %q", got)
	}
	d.nowhere(value)
	d.Click(browser.Button("Show " + key("ci-runner")))
	d.Shows(value.Reveal())
	d.Press(browser.Escape)
	d.Hides(value.Reveal())
	d.Click(browser.Switch(called("ci-runner") + " enabled"))
	d.Shows("Disabled " + called("ci-runner"))
	d.Click(browser.Button("Got it"))
	d.Hides("This address has no TLS")
	d.Click(browser.Button("Your settings"))
	d.Click(browser.MenuItem("Sign out"))
	d.At("/sign-in")
}
