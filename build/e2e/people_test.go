package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
)

// The screens of people.
const (
	usersScreen = "/settings/user-management/users"
	rolesScreen = "/settings/user-management/roles"
	orgsScreen  = "/settings/organizations"
)

// more opens the menu of a row and picks from it.
func (d desk) more(name, act string) {
	d.t.Helper()
	d.Click(browser.Button("More actions for " + called(name)))
	d.Click(browser.MenuItem(act))
}

// withSam is a desk with a second user, who holds two keys and used one.
func withSam(t *testing.T) (d desk, sam *binary.Client, used api.AddedKey) {
	t.Helper()
	d = signedIn(t)
	d.server.AddUser("sam.reed@example.com", "Read Only", binary.OrgShort)
	sam = d.server.SignIn("sam.reed@example.com")
	used = sam.AddKey("nightly-report", api.ReadOnly)
	sam.AddKey("sams-export", api.ReadOnly)
	if verdict := d.admin.Verify(used.Value); !verdict.Valid {
		t.Fatalf("the key is refused: %s", verdict.Code)
	}
	return d, sam, used
}

func TestInviteAUser(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	board := d.Clipboard()
	d.visit(usersScreen)
	d.Look("users")
	d.Click(browser.Button("Invite user"))
	d.Focused(browser.Field("E‑mail"))
	d.Look("user-invite")

	d.Type(browser.Field("E‑mail"), "nobody")
	d.Press(browser.Enter)
	d.Shows("Type one e-mail address")
	d.Becomes(browser.Field("E‑mail"), "invalid", true)
	d.Type(browser.Field("E‑mail"), "kim.lee@example.com")
	d.Type(browser.Field("First name (optional)"), "Kim")
	d.Type(browser.Field("Last name (optional)"), "Lee")
	d.Choose(browser.Choice(binary.OrgName), "Organization Operator")
	d.Click(browser.Button("Invite"))

	d.Find(browser.Dialog(`Invited "kim.lee@example.com"`))
	d.Shows("It works once, within 24 hours.")
	d.Look("user-invited")
	link := d.Text("#new-value")
	if !strings.HasPrefix(link, d.server.Site()+"/invite#") {
		t.Errorf("the link is %q", link)
	}
	d.Click(browser.Button("Done"))
	d.Shows("You have not copied it.")
	d.Click(browser.Button("Copy"))
	d.Find(browser.Button("Copied"))
	if board.Text() != link {
		t.Error("the clipboard holds something else")
	}
	d.Click(browser.Button("Done"))
	d.Gone(browser.Dialog(`Invited "kim.lee@example.com"`))
	if _, token, _ := strings.Cut(link, "#"); strings.Contains(d.Document(), token) {
		t.Error("the link is still in the document")
	}
	d.lists("Kim Lee", "Mara Voss")
	if row := d.row("Kim Lee"); !strings.Contains(row, "Invited") || !strings.Contains(row, "Organization Operator") {
		t.Errorf("the row says %q", row)
	}

	// The same address, written otherwise.
	d.Click(browser.Button("Invite user"))
	d.Type(browser.Field("E‑mail"), "Kim.Lee@Example.com")
	d.Press(browser.Enter)
	d.Becomes(browser.Field("E‑mail"), "invalid", true)
	d.Look("user-invite-refused")
	d.Press(browser.Escape)

	d.more("Kim Lee", "New invitation link…")
	d.Shows("A link is open and ends with this. Else it works until 20")
	d.Look("user-new-invitation")
	d.Click(browser.Button("Make link"))
	d.Find(browser.Button("Copy"))
	if again := d.Text("#new-value"); again == link {
		t.Error("it is the same link")
	}
}

// The link that an administrator hands over leads its reader to a password, into the
// console, and to what their role allows there; a second time it leads nowhere.
func TestAnInvitedUserComesIn(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.visit(usersScreen)
	d.Click(browser.Button("Invite user"))
	d.Type(browser.Field("E‑mail"), "kim.lee@example.com")
	d.Choose(browser.Choice(binary.OrgName), "Organization Operator")
	d.Click(browser.Button("Invite"))
	d.Find(browser.Dialog(`Invited "kim.lee@example.com"`))
	link := d.Text("#new-value")

	kim := desk{t: t, server: d.server, Tab: chromium.Open(t)}
	kim.Go(link)
	_, token, _ := strings.Cut(link, "#")
	if strings.Contains(kim.Address(), token) {
		t.Errorf("the address still says %s", kim.Address())
	}
	kim.Look("invitation")
	kim.Type(browser.Field("First name (optional)"), "Kim")
	kim.Type(browser.Field("Last name (optional)"), "Lee")
	kim.Type(browser.Field("New password"), "gravel anthem willow 83")
	kim.Click(browser.Button("Set password and sign in"))
	kim.At(secretsKeys)
	kim.drawn()
	kim.Find(browser.Heading("Secrets & Keys"))
	kim.Shows("Kim Lee")
	kim.Find(browser.Link("Users"))
	kim.Gone(browser.Link("Roles"))
	kim.Gone(browser.Link("Audit log"))
	kim.visit(usersScreen)
	kim.lists("Kim Lee", "Mara Voss")
	kim.Gone(browser.Button("Invite user"))

	d.visit(usersScreen)
	d.lists("Kim Lee", "Mara Voss")
	if row := d.row("Kim Lee"); strings.Contains(row, "Invited") {
		t.Errorf("the row says %q", row)
	}

	late := chromium.Open(t)
	late.Allow("status of 4")
	late.Go(link)
	late.Type(browser.Field("New password"), "another anthem willow 84")
	late.Click(browser.Button("Set password and sign in"))
	late.Until("a refusal", `document.getElementById("form-error").textContent !== "" || document.getElementById("token-error").textContent !== ""`)
	late.At("/invite")
}

func TestWhatHappensToAUsersKeysIsSaidAndDone(t *testing.T) {
	t.Parallel()
	d, sam, used := withSam(t)
	d.visit(usersScreen)
	d.Until("how many keys Sam holds", `[...document.querySelectorAll("tbody tr")].some((r) => r.innerText.includes("Sam Reed") && r.querySelector("[data-label=Keys]").innerText === "2")`)

	// Another address: signed out, and nothing can be shown any more.
	d.more("Sam Reed", "Edit…")
	d.Find(browser.Dialog(`Edit "Sam Reed"`))
	d.Focused(browser.Field("First name (optional)"))
	d.Type(browser.Field("E‑mail"), "sam@example.com")
	d.Shows("the values of 2 keys of theirs can’t be shown any more")
	d.Look("user-edit")
	d.Click(browser.Button("Save"))
	d.Gone(browser.Dialog(`Edit "Sam Reed"`))
	d.Shows("sam@example.com")
	sam.Send(http.MethodGet, api.PathMe, nil).Is(http.StatusUnauthorized)
	if verdict := d.admin.Verify(used.Value); !verdict.Valid {
		t.Errorf("the key is refused: %s", verdict.Code)
	}

	d.more("Sam Reed", "Reset link…")
	d.Shows("none could be shown anyway")
	d.Look("user-reset")
	d.Click(browser.Button("Make link"))
	d.Shows("It works once, within 30 minutes.")
	link := d.Text("#new-value")
	d.Press(browser.Escape)
	d.Shows("You have not copied it.")
	d.Press(browser.Escape)
	d.Gone(browser.Dialog(`Reset link for "Sam Reed"`))
	back := chromium.Open(t)
	back.Go(link)
	back.Find(browser.Heading("Choose a new password"))
	back.Gone(browser.Field("First name (optional)"))
	back.Gone(browser.Field("Link token"))
	back.Look("reset")
	back.Type(browser.Field("New password"), "gravel anthem willow 83")
	back.Click(browser.Button("Set password and sign in"))
	back.At(secretsKeys)

	// Disabled: the keys are refused; enabled: they are good again.
	d.more("Sam Reed", "Disable…")
	d.Shows("their 2 keys are refused at once")
	d.Shows("nightly-report")
	d.Look("user-disable")
	d.Click(browser.Button("Disable user"))
	d.Shows(`Disabled "Sam Reed".`)
	if verdict := d.admin.Verify(used.Value); verdict.Code != "OWNER_DISABLED" {
		t.Errorf("got %s", verdict.Code)
	}
	d.Until("the state", `[...document.querySelectorAll("tbody tr")].some((r) => r.innerText.includes("Sam Reed") && r.innerText.includes("Disabled"))`)
	d.Look("users-disabled")
	d.more("Sam Reed", "Enable")
	d.Shows(`Enabled "Sam Reed".`)
	if verdict := d.admin.Verify(used.Value); !verdict.Valid {
		t.Errorf("got %s", verdict.Code)
	}

	// Deleted: what was used lately is listed, Disable is offered, the address typed.
	d.Until("the state", `[...document.querySelectorAll("tbody tr")].some((r) => r.innerText.includes("Sam Reed") && r.innerText.includes("Active"))`)
	d.more("Sam Reed", "Delete…")
	d.Shows("1 key was used within the last 7 days.")
	d.Find(browser.Button("Disable instead"))
	d.Becomes(browser.Button("Delete user"), "disabled", true)
	d.Look("user-delete")
	d.Type(browser.Field(`Type "sam@example.com" to confirm`), "sam@example.com")
	d.Click(browser.Button("Delete user"))
	d.lists("Mara Voss")
	if verdict := d.admin.Verify(used.Value); verdict.Valid {
		t.Error("the key of a deleted user is good")
	}
}

func TestRolesOfAUser(t *testing.T) {
	t.Parallel()
	d, sam, _ := withSam(t)
	binary.Post[api.Org](d.admin, api.PathOrgs, binary.JSON{"name": "Northwind Labs"}, http.StatusCreated)
	d.visit(usersScreen)
	d.more("Sam Reed", "Roles…")
	d.Find(browser.Dialog(`Roles of "Sam Reed"`))
	d.Choose(browser.Choice("Add an organization"), "Northwind Labs")
	d.Choose(browser.Choice("Northwind Labs"), "Organization Operator")
	d.Click(browser.Button("Take out of " + binary.OrgName))
	d.Shows("They leave " + binary.OrgName + ".")
	d.Look("user-roles")
	d.Click(browser.Button("Save"))
	d.Shows(`Saved "Sam Reed".`)
	me := binary.Get[api.Me](sam, api.PathMe)
	if len(me.Organizations) != 1 || me.Organizations[0].Role != "Organization Operator" {
		t.Errorf("Sam is now %+v", me.Organizations)
	}

	// The last Full Administrator stays.
	d.more("Mara Voss", "Roles…")
	d.Choose(browser.Choice("Role on the account"), "None")
	d.Choose(browser.Choice("Add an organization"), "Northwind Labs")
	d.Click(browser.Button("Save"))
	d.Shows("This is the last active Full Administrator.")
	d.Look("user-roles-refused")
	d.Press(browser.Escape)
}

func TestUsersBySearchSortAndFilter(t *testing.T) {
	t.Parallel()
	d, _, _ := withSam(t)
	d.server.AddUser("ada@example.com", "Verifier", binary.OrgShort)
	d.visit(usersScreen)
	d.Shows("1–3 of 3 users")
	d.Click(browser.Button("Role"))
	d.Until("the order told", `document.querySelector("[aria-sort=ascending]")?.textContent.includes("Role")`)
	d.At(usersScreen + "?org=" + binary.OrgShort + "&sort=role")
	d.Type(browser.Search("Search users"), "SAM.REED@")
	d.lists("Sam Reed")
	d.Type(browser.Search("Search users"), "nobody at all")
	d.Shows("No user matches")
	d.Look("users-no-match")
	d.Click(browser.Button("Show all users"))
	d.Choose(browser.Choice("Role"), "Full Administrator")
	d.lists("Mara Voss")
	d.Choose(browser.Choice("State"), "Disabled")
	d.Shows("No user matches")
	address := d.Address()
	d.Back()
	d.lists("Mara Voss")
	d.visit(strings.TrimPrefix(address, d.server.Site()))
	d.Shows("No user matches")
	d.Click(browser.Button("Clear"))
	d.Shows("1–3 of 3 users")
}

// Who only reads sees the members of the organization and no acts.
func TestUsersForWhoOnlyReads(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.server.AddUser("sam.reed@example.com", "Organization Operator", binary.OrgShort)
	sam := d.server.SignIn("sam.reed@example.com")
	d.enter(sam)
	d.visit(usersScreen)
	d.lists("Mara Voss", "Sam Reed")
	d.Gone(browser.Button("Invite user"))
	if n := d.Count(browser.Button("More actions for…")); n != 0 {
		t.Errorf("%d menus", n)
	}
	d.Gone(browser.Link("Roles"))
	d.Look("users-reader")
	d.Allow("status of 403")
	d.visit(rolesScreen)
	d.Shows("Not yours to see")
	d.Look("roles-refused")
}

func TestUsersOfflineAndFailing(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.Allow("status of 500")
	broken := true
	d.Answer("*/v1/users?*", func() (int, string) {
		if broken {
			return 500, `{"code":"internal","detail":"No."}`
		}
		return 0, ""
	})
	d.visit(usersScreen)
	d.Shows("Couldn’t load the list.")
	d.Look("users-failed")
	broken = false
	d.Click(browser.Button("Retry"))
	d.lists("Mara Voss")
}
