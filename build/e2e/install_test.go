package e2e_test

import (
	"testing"

	"keystead/build/e2e/browser"
)

// The browser's offer to install waits in the person's menu until it is asked for.
func TestInstallIsOfferedInTheMenu(t *testing.T) {
	t.Parallel()
	d := open(t, secretsKeys)
	d.Until("the offer taken", `(() => {
		const offer = new Event("beforeinstallprompt", { cancelable: true });
		offer.prompt = async () => { globalThis.prompted = (globalThis.prompted ?? 0) + 1; };
		return !dispatchEvent(offer);
	})()`)
	d.Click(browser.Button("Your settings"))
	d.Click(browser.MenuItem("Install Keystead"))
	d.Until("the browser's own prompt", "globalThis.prompted === 1")
	d.Click(browser.Button("Your settings"))
	d.Find(browser.MenuItem("Sign out"))
	d.Gone(browser.MenuItem("Install Keystead")) // an offer is good for one prompt
}

// An address that leads nowhere says so, on a fresh visit and within the console.
func TestUnknownAddress(t *testing.T) {
	t.Parallel()
	d := open(t, "/nowhere/at/all")
	d.Find(browser.Heading("There is no such page"))
	d.Click(browser.Link("Go to Secrets & Keys"))
	d.Find(browser.Heading("Secrets & Keys"))
	d.Back()
	d.Find(browser.Heading("There is no such page"))
}
