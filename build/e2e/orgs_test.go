package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/fault"
)

func TestAddRenameAndDeleteAnOrganization(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.visit(orgsScreen)
	d.Look("organizations")
	d.Click(browser.Button("Add organization"))
	d.Type(browser.Field("Name"), "Northwind Labs")
	d.Until("the short name", `[...document.querySelectorAll("dialog input")].some((i) => i.value === "northwind-labs")`)
	d.Look("organization-new")
	d.Press(browser.Enter)
	d.Shows(`Added "Northwind Labs".`)
	d.lists("Northwind Labs", binary.OrgName)
	d.Until("the switcher", `[...document.querySelector("#org").options].some((o) => o.label === "Northwind Labs")`)

	// Taken short names are told at the field.
	d.more("Northwind Labs", "Edit names…")
	d.Type(browser.Field("Short name"), binary.OrgShort)
	d.Shows("Integrations use the short name.")
	d.Look("organization-edit")
	d.Click(browser.Button("Save"))
	d.Becomes(browser.Field("Short name"), "invalid", true)
	d.Press(browser.Escape)

	// Renaming the organization of the page keeps the page.
	d.more(binary.OrgName, "Edit names…")
	d.Type(browser.Field("Short name"), "nw-ops")
	d.Click(browser.Button("Save"))
	d.Shows(`Saved "` + binary.OrgName + `".`)
	d.At(orgsScreen + "?org=nw-ops")
	d.Hides("Not your organization")
	d.lists("Northwind Labs", binary.OrgName)
	d.Reload()
	d.drawn()
	d.lists("Northwind Labs", binary.OrgName)

	// Delete lists what goes, and wants the name.
	key := d.admin.AddKey("billing", api.Admin)
	d.admin.Verify(key.Value)
	doomed := d.admin.Org().Name
	d.more(doomed, "Delete…")
	d.Shows("With it goes")
	d.Shows("its agent access key")
	d.Becomes(browser.Button("Delete organization"), "disabled", true)
	d.Look("organization-delete")
	d.Type(browser.Field(`Type "`+doomed+`" to confirm`), doomed)
	d.Click(browser.Button("Delete organization"))
	d.Shows(`Deleted "` + doomed + `".`)
	d.Until("one is left", `document.querySelectorAll("tbody tr .name").length === 1`)
	if verdict := d.admin.Verify(key.Value); verdict.Valid {
		t.Error("a key of a deleted organization is good")
	}
	d.Until("the address of the other", `new URL(location.href).searchParams.get("org") !== null`)
	d.Click(browser.Link("Users"))
	d.lists("Mara Voss")
}

func TestPolicyOfAnOrganization(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	key := d.admin.AddKey("billing", api.Admin)
	d.visit(orgsScreen)
	d.more(binary.OrgName, "Policy…")
	d.Find(browser.Dialog(`Policy of "` + binary.OrgName + `"`))
	d.Look("policy")
	d.Type(browser.Thing{Role: "spinbutton", Name: "Default lifetime in days"}, "90")
	d.Type(browser.Thing{Role: "spinbutton", Name: "Longest lifetime in days"}, "30")
	d.Click(browser.Button("Save"))
	d.Shows("This is longer than the longest lifetime.")
	d.Type(browser.Thing{Role: "spinbutton", Name: "Default lifetime in days"}, "30")
	d.Click(browser.Tick("Allow keys without expiry"))
	d.Click(browser.Radio("Never again"))
	d.Shows("Saving erases the stored value of its one key")
	d.Look("policy-never")
	d.Click(browser.Button("Save and erase values"))
	d.Shows(`Saved the policy of "` + binary.OrgName + `".`)
	d.Shows("Values never shown again")
	d.Look("organizations-policy")

	// Its effect: the key works, and nobody sees it; a new one ends within 30 days.
	if verdict := d.admin.Verify(key.Value); !verdict.Valid {
		t.Errorf("the key is refused: %s", verdict.Code)
	}
	d.admin.Send(http.MethodPost, api.PathKeyReveal(key.Key.ID), binary.JSON{}).Refused(http.StatusForbidden, fault.RevealNever, "")
	d.visit(secretsKeys)
	if tip := d.Find(browser.Button(`Show key "billing"`)).Description(); !strings.Contains(tip, "never shown again") {
		t.Errorf("Show says %q", tip)
	}
	d.Click(browser.Button("Add API key"))
	d.Shows("Keys live at most 30 days here.")
}

// Who does not manage an organization reads its policy.
func TestOrganizationsForWhoOnlyReads(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort)
	d.enter(d.server.SignIn("sam.reed@example.com"))
	d.visit(orgsScreen)
	d.lists(binary.OrgName)
	d.Gone(browser.Button("Add organization"))
	d.more(binary.OrgName, "Policy…")
	d.Becomes(browser.Tick("Let keys manage keys"), "disabled", true)
	d.Gone(browser.Button("Save"))
	d.Look("policy-reader")
	d.Click(browser.Button("Close").First())
	d.Focused(browser.Button("More actions for " + called(binary.OrgName)))
}

// Who asks for an organization that is not theirs is led to one that is.
func TestAWayOutOfAForeignOrganization(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.visit(secretsKeys + "?org=nowhere")
	d.Shows("There is no organization “nowhere” for you")
	d.Click(browser.Link("Go to " + binary.OrgName))
	d.At(secretsKeys + "?org=" + binary.OrgShort)
	d.Find(browser.Heading("Secrets & Keys"))
}
