package e2e_test

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/fault"
)

const auditScreen = "/settings/audit-log"

// shell runs lines as a person would, and answers what they print.
func shell(t *testing.T, lines string, environment ...string) string {
	t.Helper()
	command := exec.Command("sh", "-ec", lines)
	command.Env = append(os.Environ(), environment...)
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}

// busy is a desk where a few things happened.
func busy(t *testing.T) (d desk, key api.Key) {
	t.Helper()
	d = signedIn(t)
	added := d.admin.AddKey("ci-runner", api.Admin)
	d.admin.Send(http.MethodPost, api.PathKeyReveal(added.Key.ID), binary.JSON{"purpose": "copy"}).Is(200)
	d.admin.Send(http.MethodPatch, api.PathKey(added.Key.ID), binary.JSON{"enabled": false}).Is(200)
	d.admin.AddKey("deploy", api.ReadOnly)
	return d, added.Key
}

func TestAuditLog(t *testing.T) {
	t.Parallel()
	d, _ := busy(t)
	d.visit(auditScreen)
	d.Shows(`Showed key "ci-runner" (copy)`)
	if row := d.row(`Showed key "ci-runner" (copy)`); !strings.Contains(row, "Mara Voss") || !strings.Contains(row, "Northwind Ops") || !strings.Contains(row, "127.0.0.1") {
		t.Errorf("the row says %q", row)
	}
	if first := d.names()[0]; first != `Added key "deploy"` {
		t.Errorf("the newest row is %s", first)
	}
	d.Look("audit")

	d.Click(browser.Button(`Showed key "ci-runner" (copy)`))
	d.Find(browser.Dialog(`Mara Voss showed key "ci-runner" (copy)`))
	d.Shows("api_key.reveal")
	d.Look("audit-details")
	d.Click(browser.Button("Only this key"))
	d.lists(`Disabled key "ci-runner"`, `Showed key "ci-runner" (copy)`, `Added key "ci-runner"`)
	d.Choose(browser.Choice("What"), "API keys shown")
	d.lists(`Showed key "ci-runner" (copy)`)
	if address := d.Address(); !strings.Contains(address, "act=api_key.reveal") || !strings.Contains(address, "key_id=") {
		t.Errorf("the filters are not in %s", address)
	}
	d.Reload()
	d.drawn()
	d.lists(`Showed key "ci-runner" (copy)`)
	d.Choose(browser.Choice("Result"), "Refused")
	d.Shows("No row matches")
	d.Look("audit-none")
	d.Click(browser.Button("Clear"))
	d.Shows(`Added key "deploy"`)
	d.Choose(browser.Choice("Who"), "Me")
	d.Shows(`Added key "deploy"`)
	d.Type(browser.Search("Search rows"), "deploy")
	d.lists(`Added key "deploy"`)
}

// Whose password was tried stands in the row, and leads to all that is known of them.
func TestWhosePasswordWasTried(t *testing.T) {
	t.Parallel()
	d, _ := busy(t)
	d.server.Client().Send(http.MethodPost, api.PathSession, binary.JSON{"email": binary.Email, "password": "walnut harbor engine 64"}).Refused(401, fault.BadCredentials, "")
	d.visit(auditScreen)
	tried := `Tried to sign in as "` + binary.Email + `" with a wrong password`
	d.Shows(tried)
	d.Look("audit-refused")
	d.Click(browser.Button(tried))
	d.Click(browser.Button("Only this person"))
	d.Until("the filter", `new URLSearchParams(location.search).has("user")`)
	d.Shows(tried)
	d.Shows(`Showed key "ci-runner" (copy)`)
}

// An export holds what the filters let through, and the page's policy lets it be saved.
func TestAuditExport(t *testing.T) {
	t.Parallel()
	d, key := busy(t)
	d.visit(auditScreen + "?act=api_key&limit=1")
	d.Shows("1–1 of 4 rows")
	files := d.Downloads()
	d.Click(browser.Button("Export"))
	d.Look("audit-export")
	d.Click(browser.MenuItem("As CSV"))
	table := files.One("keystead-audit-*.csv")
	if lines := strings.Split(strings.TrimSpace(table), "\r\n"); len(lines) != 5 || !strings.HasPrefix(lines[0], "id,at,act,result,") {
		t.Errorf("the file holds %q", table)
	}
	d.Click(browser.Button("Export"))
	d.Click(browser.MenuItem("As JSON Lines"))
	lines := strings.Split(strings.TrimSpace(files.One("keystead-audit-*.jsonl")), "\n")
	var oldest api.AuditRow
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &oldest); err != nil || len(lines) != 4 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	if oldest.Act != "api_key.add" || oldest.TargetID == nil || *oldest.TargetID != int64(key.ID) {
		t.Errorf("the last line is %+v", oldest)
	}
	d.Shows("Saved keystead-audit-")
}

func TestThePageOfAKey(t *testing.T) {
	t.Parallel()
	d, key := busy(t)
	d.visit(apiKeys)
	d.Click(browser.Link("ci-runner"))
	d.At("/settings/api-keys/")
	d.Find(browser.Heading("ci-runner"))
	d.Shows("Added key")
	d.lists(`Disabled key "ci-runner"`, `Showed key "ci-runner" (copy)`, `Added key "ci-runner"`)
	d.Look("key-page")
	d.Click(browser.Switch(called("ci-runner") + " enabled"))
	d.Shows("Enabled " + called("ci-runner"))
	d.lists(`Enabled key "ci-runner"`, `Disabled key "ci-runner"`, `Showed key "ci-runner" (copy)`, `Added key "ci-runner"`)
	d.Click(browser.Button("Show key " + called("ci-runner")))
	d.Shows(`Showed key "ci-runner"` + "\n")
	d.Click(browser.Button("Hide key " + called("ci-runner")))
	d.Click(browser.Button("Actions for " + called("ci-runner")))
	d.Look("key-page-actions")
	d.Click(browser.MenuItem("Edit…"))
	d.Type(browser.Field("Name"), "ci-runner-2")
	d.Click(browser.Button("Save"))
	d.Find(browser.Heading("ci-runner-2"))
	d.Shows(`Edited key "ci-runner-2"`)

	d.Click(browser.Link("In the audit log"))
	d.At(auditScreen)
	d.Shows(`Edited key "ci-runner-2"`)
	d.Back()
	d.Find(browser.Heading("ci-runner-2"))
	d.Click(browser.Button("Actions for " + called("ci-runner-2")))
	d.Click(browser.MenuItem("Delete…"))
	d.Click(browser.Button("Delete key"))
	d.Shows("Deleted " + called("ci-runner-2"))
	d.Shows("There is no API key here")
	d.Look("key-page-gone")
	d.Click(browser.Link("API Keys").First())
	d.lists("deploy")
	if key.ID == 0 {
		t.Error("no key")
	}
}

// The page of another's key: what its owner may do is not told, its value never.
func TestThePageOfAnothersKey(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort)
	theirs := d.server.SignIn("sam.reed@example.com").AddKey("sams-report", api.ReadOnly)
	d.visit(keyPage(theirs.Key.ID))
	d.Find(browser.Heading("sams-report"))
	d.Shows(`Added key "sams-report"`)
	if d.Count(browser.Button("Show key "+called("sams-report"))) != 0 {
		t.Error("another's key can be shown")
	}
	d.Look("key-page-anothers")
	d.visit("/settings/api-keys/999999")
	d.Shows("There is no API key here")
}

// A key stands in its own organization, whatever the address says.
func TestThePageOfAKeyKnowsItsOrganization(t *testing.T) {
	t.Parallel()
	d, key := busy(t)
	binary.Post[api.Org](d.admin, api.PathOrgs, binary.JSON{"name": "Northwind Labs"}, http.StatusCreated)
	page := keyPage(key.ID)
	d.visit(page + "?org=northwind-labs")
	d.At(page + "?org=" + binary.OrgShort)
	d.Find(browser.Heading("ci-runner"))
	d.Choose(browser.Choice("Organization"), "Northwind Labs")
	d.At(apiKeys + "?org=northwind-labs")
	d.Shows("No API keys yet")
}
