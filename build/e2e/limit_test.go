package e2e_test

import (
	"strings"
	"testing"

	"keystead/build/e2e/browser"
	"keystead/shared/api"
)

func TestGlobalKeyAndTheLimit(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "--max-keys-per-user", "2")
	d.admin.AddKey("one", api.ReadOnly)
	d.admin.AddKey("two", api.ReadOnly)
	d.visit(secretsKeys)
	d.Click(browser.Button("Add API key"))
	d.Shows("You hold 2 of 2 keys in Northwind Ops.")
	if !d.Find(browser.Button("Create")).Is("disabled") {
		t.Error("a third key is offered")
	}
	d.Look("key-new-full")
	d.Choose(browser.Choice("Works in"), "All my organizations")
	d.Shows("You hold 0 of 2 global keys.")
	d.Type(browser.Field("Name"), "everywhere")
	d.Click(browser.Button("Create"))
	d.Find(browser.Dialog("Created…"))
	d.Click(browser.Button("Done"))
	d.Click(browser.Button("Close without copying"))
	d.lists("everywhere", "one", "two")
	if row := d.row("everywhere"); !strings.Contains(row, "Global") {
		t.Errorf("the row says %q", row)
	}
}
