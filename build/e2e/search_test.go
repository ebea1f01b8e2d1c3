package e2e_test

import (
	"strings"
	"testing"

	"keystead/build/e2e/browser"
	"keystead/shared/api"
)

// A value that is pasted into a search never goes into the address: a whole one is
// searched for by its public id, a damaged one not at all.
func TestP08APastedKeyIsNotSearchedFor(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("ci-runner", api.Admin).Value.Reveal()
	d.admin.AddKey("deploy", api.ReadOnly)
	d.visit(secretsKeys)
	d.lists("ci-runner", "deploy")
	d.Type(browser.Search("Search keys"), value)
	d.lists("ci-runner")
	public := value[len("ks_"):][:10]
	if !strings.Contains(d.Address(), "q="+public) || strings.Contains(d.Address(), value) {
		t.Errorf("the address is %s", d.Address())
	}
	d.Until("the public id alone in the field", `document.querySelector("#keys-search").value === "`+public+`"`)

	d.Type(browser.Search("Search keys"), value[:len(value)-1])
	d.Shows("That looks like a key’s value.")
	d.Look("secrets-keys-search-value")
	d.visit(apiKeys)
	d.Type(browser.Search("Search keys"), "KEY="+value)
	d.Shows("That looks like a key’s value.")
	if strings.Contains(d.Address(), "q=") {
		t.Errorf("the address is %s", d.Address())
	}
}
