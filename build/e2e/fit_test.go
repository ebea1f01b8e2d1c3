package e2e_test

import (
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// wordy is a desk whose names are as long as people make them, and longer.
func wordy(t *testing.T) (d desk, key api.Key) {
	t.Helper()
	d = signedIn(t)
	org := d.admin.Org().ID
	long := "Runs the reconciliation of each night on the build server in the second data centre; ask the platform team before you touch it."
	key = d.admin.AddKey("automation-for-the-quarterly-reconciliation-of-invoices-in-the-european-region-v2", api.ReadOnly).Key
	binary.Patch[api.Key](d.admin, api.PathKey(key.ID), binary.JSON{"description": long})
	d.admin.AddKey(strings.Repeat("Reconciliation", 8), api.Admin)
	binary.Patch[api.Org](d.admin, api.PathOrg(org), binary.JSON{"name": "Northwind " + strings.Repeat("Operations", 8)})
	binary.Post[api.Role](d.admin, api.PathRoles, binary.JSON{
		"name": "Looks after everything that an organization can give away, with care", "description": long,
		"scope": perm.Organization, "organization_id": org, "permissions": []perm.Permission{perm.KeysList, perm.DevicesRead},
	}, http.StatusCreated)
	address := "maximiliane.theodora.von.hohenzollern.sigmaringen@mail.subdomain.northwind-operations.example.com"
	d.server.AddUser(address, "Looks after everything that an organization can give away, with care", binary.OrgShort)
	theirs := d.server.SignIn(address)
	binary.Patch[api.Me](theirs, api.PathMe, binary.JSON{"first_name": "Maximiliane Theodora", "last_name": "von Hohenzollern-Sigmaringen"})
	theirs.AddKey("theirs", api.Admin)
	d.enroll(d.agentKey(), "build-server-0001.rack-17.datacentre-two.europe.northwind-operations.example.com")
	return d, key
}

// keyPage is the page of one key.
func keyPage(id api.KeyID) string { return "/settings/api-keys/" + strconv.FormatInt(int64(id), 10) }

// beside lists what of the page is not seen without scrolling sideways, or is cut off.
const beside = `(() => {
	const wide = [document.scrollingElement, ...document.querySelectorAll(".table-scroll, .nav, h1")].filter((e) => e.scrollWidth > e.clientWidth)
		.map((e) => (e.className || "the page") + " is " + e.scrollWidth + " in " + e.clientWidth);
	const hidden = [...document.querySelectorAll("td.end button")].filter((b) => b.offsetParent)
		.filter((b) => b.getBoundingClientRect().right > b.closest(".table-scroll").getBoundingClientRect().right);
	const cut = [...document.querySelectorAll(".secret[data-state=hidden] code")].filter((e) => e.scrollWidth > e.clientWidth);
	return [...wide, ...hidden.map((b) => b.id + " is outside"), ...cut.map((e) => e.textContent + " is cut off")].join("; ");
})()`

// Whatever the words are, every list lies within its card with all of its acts, and
// every hint keeps its last four: on a phone, beside the navigation and without it.
func TestEveryListFits(t *testing.T) {
	t.Parallel()
	d, _ := wordy(t)
	screens := []string{secretsKeys, apiKeys, usersScreen, rolesScreen, orgsScreen, "/settings/devices", "/settings/audit-log"}
	for _, key := range d.admin.Keys("").Items {
		screens = append(screens, keyPage(key.ID))
	}
	for _, screen := range screens {
		d.visit(screen)
		for _, width := range []int64{320, 390, 640, 701, 800, 940, 1024, 1280, 1360} {
			d.Resize(browser.Size{Width: width, Height: 800})
			var against string
			if d.EvalInto(beside, &against); against != "" {
				t.Errorf("%s at %d px: %s", screen, width, against)
			}
		}
	}
}

// columns are how wide those of the list are.
const columns = `[...document.querySelectorAll("main th")].map((head) => head.getBoundingClientRect().width)`

// While a list is on its way its columns stand where they stay, whatever then is in them.
func TestColumnsStayWhenTheRowsCome(t *testing.T) {
	t.Parallel()
	d, key := wordy(t)
	for screen, rows := range map[string]string{
		secretsKeys: "*/v1/*api-keys?*", apiKeys: "*/v1/*api-keys?*", usersScreen: "*/v1/users?*", rolesScreen: "*/v1/roles?*", orgsScreen: "*/v1/organizations?*",
		devicesScreen: "*/v1/*devices?*", "/settings/audit-log": "*/v1/audit?*", keyPage(key.ID): "*/v1/*history?*",
	} {
		tab := d.Another()
		release := tab.Hold(rows)
		tab.Go(d.server.Site() + screen)
		tab.Until("the rows on their way", `document.querySelectorAll('table[aria-busy="true"] .skeleton-row').length > 1`)
		widths := []int64{1360, 1024}
		before := make([][]float64, len(widths))
		for i, width := range widths {
			tab.Resize(browser.Size{Width: width, Height: 800})
			tab.EvalInto(columns, &before[i])
		}
		release()
		tab.Until("the rows", `document.querySelectorAll("tbody tr:not(.skeleton-row)").length > 0 && !document.querySelector("[aria-busy=true]")`)
		for i, width := range widths {
			tab.Resize(browser.Size{Width: width, Height: 800})
			var after []float64
			tab.EvalInto(columns, &after)
			if !slices.EqualFunc(before[i], after, func(a, b float64) bool { return math.Abs(a-b) <= 1 }) {
				t.Errorf("%s at %d px: the columns move from %v to %v", screen, width, before[i], after)
			}
		}
	}
}

// Dialogs hold the same words: nothing of what a person is asked about is cut off, and no
// dialog is larger than a small phone.
func TestEveryDialogFits(t *testing.T) {
	t.Parallel()
	d, key := wordy(t)
	d.Resize(browser.Size{Width: 360, Height: 640, Mobile: true})
	fits := func(what string) {
		t.Helper()
		d.Find(browser.Dialog("…"))
		var against string
		if d.EvalInto(`(() => {
			const dialog = document.querySelector("dialog[open]"), box = dialog.getBoundingClientRect();
			const wide = [dialog, ...dialog.querySelectorAll("*")].filter((e) => !e.matches("input, select, .sr") && e.clientWidth && e.scrollWidth > e.clientWidth + 1);
			return (box.bottom > innerHeight ? "below the window " : "") + wide.map((e) => e.outerHTML.slice(0, 80)).join("; ");
		})()`, &against); against != "" {
			t.Errorf("%s: %s", what, against)
		}
		d.Press(browser.Escape)
		d.Gone(browser.Dialog("…"))
	}
	owner, org := "Maximiliane Theodora von Hohenzollern-Sigmaringen", d.admin.Org().Name
	role := "Looks after everything that an organization can give away, with care"
	for _, row := range []struct {
		screen, name string
		acts         []string
	}{
		{secretsKeys, key.Name, []string{"Edit…", "Rotate…", "Delete…"}},
		{usersScreen, owner, []string{"Edit…", "Roles…", "Reset link…", "Disable…", "Delete…"}},
		{rolesScreen, role, []string{"Edit…", "Copy as a new role…"}},
		{orgsScreen, org, []string{"Edit…", "Policy…", "Delete…"}},
	} {
		d.visit(row.screen)
		for _, act := range row.acts {
			d.more(row.name, act)
			fits(row.screen + ", " + act)
		}
	}
	for _, button := range []struct{ screen, name string }{
		{secretsKeys, "Add API key"}, {usersScreen, "Invite user"}, {rolesScreen, "What " + called(role) + " allows"},
		{"/settings/devices", `Delete "build-server…`}, {"/settings/audit-log", "Signed in"},
	} {
		d.visit(button.screen)
		d.Click(browser.Button(button.name).First())
		fits(button.screen + ", " + button.name)
	}
	d.visit(apiKeys)
	d.Click(browser.Button("Select"))
	d.Click(browser.Tick("All on this page"))
	d.Click(browser.Button("Delete…"))
	fits("several keys")
}

// A value that is shown lies in the place of the words beside it; the switch and the acts
// of its row stay free.
func TestAShownValueLeavesTheActsFree(t *testing.T) {
	t.Parallel()
	d, key := wordy(t)
	d.visit(secretsKeys)
	for _, width := range []int64{1360, 1600} {
		d.Resize(browser.Size{Width: width, Height: 800})
		d.Click(browser.Button("Show key " + called(key.Name)))
		d.Until("room for the switch", `(() => {
			const value = document.querySelector(".secret[data-state=shown]"), row = value?.closest("tr");
			return Boolean(row) && [...row.querySelectorAll(".switch, td.end button")].every((e) => e.getBoundingClientRect().left - value.getBoundingClientRect().right >= 4)
				&& [...row.querySelectorAll("td > :is(.badge, .when, .never)")].every((e) => !e.checkVisibility({ visibilityProperty: true }));
		})()`)
		d.Press(browser.Escape)
	}
}

// clipped lists the filters of which a part of what is chosen is not seen. Where the browser
// draws the label itself, on its one line, a canvas says how long that is.
const clipped = `[...document.querySelectorAll(".filters select")].filter((list) => {
	const box = list.closest(".field").getBoundingClientRect(), label = list.selectedOptions[0].label;
	const drawn = [...list.parentElement.children].find((e) => e !== list && e.textContent === label);
	if (!drawn) {
		const pen = document.createElement("canvas").getContext("2d");
		pen.font = getComputedStyle(list).font;
		return pen.measureText(label).width > list.clientWidth - parseFloat(getComputedStyle(list).paddingInlineEnd);
	}
	const words = document.createRange();
	words.selectNodeContents(drawn);
	const at = words.getBoundingClientRect();
	return !at.height || at.left < box.left || at.right > box.right - 20 || at.top < box.top || at.bottom > box.bottom;
}).map((list) => list.id + ": " + list.selectedOptions[0].label).join("; ")`

// A filter says all of what is chosen in it, however narrow the phone.
func TestALongFilterIsReadWhole(t *testing.T) {
	t.Parallel()
	d, _ := wordy(t)
	for _, screen := range []string{secretsKeys, apiKeys, usersScreen, rolesScreen, "/settings/audit-log"} {
		d.Resize(browser.Phone)
		d.visit(screen)
		d.Click(browser.Button("Filters"))
		var longest map[string]string
		d.Until("the filters", `document.querySelectorAll(".filters select").length > 1`)
		d.EvalInto(`Object.fromEntries([...document.querySelectorAll(".filters select")].map((list) =>
			[list.labels[0].textContent, [...list.options].map((o) => o.label).sort((a, b) => b.length - a.length)[0]]))`, &longest)
		for filter, label := range longest {
			d.Choose(browser.Choice(filter), label)
			d.drawn()
		}
		for _, width := range []int64{320, 390, 1024} {
			d.Resize(browser.Size{Width: width, Height: 800, Mobile: width < 700})
			d.Eventually(fmt.Sprintf("filters of %s that are whole at %d px", screen, width), func() (cut string) {
				d.EvalInto(clipped, &cut)
				return cut
			})
		}
	}
}

// small lists what a thumb may miss: the targets of the page below 44 px, where a
// field's is its box and a tick's its label. Links within sentences are exempt (WCAG 2.5.8).
const small = `[...document.querySelectorAll("main :is(button, a, input, select), nav :is(button, a)")].filter((e) => {
	if (!e.offsetParent || e.closest(".sr, main p, .hint")) return false;
	const target = e.closest(".field, .check") ?? e;
	const box = target.getBoundingClientRect(), more = -2 * (parseFloat(getComputedStyle(e, "::before").top) || 0);
	return box.height + (e.matches(".switch") ? more : 0) < 43.5;
}).map((e) => e.outerHTML.slice(0, 120)).join("\n")`

// The targets of what is touched are as wide as a thumb: a phone's, and those of a tablet
// of any width, where all of every list still lies within its card.
func TestAThumbMeetsWhatItMeans(t *testing.T) {
	t.Parallel()
	d, key := wordy(t)
	for _, screen := range []string{secretsKeys, apiKeys, usersScreen, rolesScreen, orgsScreen, "/settings/devices", "/settings/audit-log", "/profile", keyPage(key.ID), "/nowhere"} {
		d.Resize(browser.Phone)
		d.visit(screen)
		for _, width := range []int64{390, 701, 768, 860, 1024, 1366} {
			d.Resize(browser.Size{Width: width, Height: 844, Mobile: true})
			var missed, against string
			if d.EvalInto(small, &missed); missed != "" {
				t.Errorf("%s at %d px:\n%s", screen, width, missed)
			}
			if d.EvalInto(beside, &against); against != "" {
				t.Errorf("%s at %d px: %s", screen, width, against)
			}
		}
	}
}
