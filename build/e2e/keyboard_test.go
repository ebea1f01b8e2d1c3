package e2e_test

import (
	"net/http"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// The main job without a mouse: every stop is reached by Tab, every act by a key.
func TestMainJobByKeyboard(t *testing.T) {
	t.Parallel()
	server := binary.Start(t)
	d := desk{t: t, server: server, admin: server.SetUp(), Tab: chromium.Open(t)}
	clipboard := d.Clipboard()
	d.Go(server.Site() + "/sign-in")
	d.Focused(browser.Field("E-mail"))
	d.Press(binary.Email)
	d.Press(browser.TabKey)
	d.Press(binary.Password)
	d.Press(browser.Enter)
	d.At(secretsKeys)
	d.drawn()

	d.TabTo(browser.Button("Skip to the content"), 2)
	d.Press(browser.Enter)
	d.TabTo(browser.Button("Add API key").First(), 15)
	d.Press(browser.Enter)
	d.Focused(browser.Field("Name"))
	d.Press("ci-runner")
	d.TabTo(browser.Radio("READONLY"), 5)
	d.Press(browser.ArrowDown)
	d.Becomes(browser.Radio("ADMIN"), "focused", true)
	d.TabTo(browser.Choice("Expires"), 5)
	d.Press(browser.ArrowUp)
	d.TabTo(browser.Button("Create"), 8)
	d.Press(browser.Enter)
	d.Find(browser.Dialog("Created " + called("ci-runner")))
	value := api.Hide(d.Text("#new-value"))
	d.Focused(browser.Button("Copy"))
	d.Press(browser.Space)
	d.Find(browser.Button("Copied"))
	if clipboard.Text() != value.Reveal() {
		t.Error("the clipboard holds something else")
	}
	d.TabTo(browser.Button("Done"), 6)
	d.Press(browser.Enter)
	d.Gone(browser.Dialog("Created…"))
	d.lists("ci-runner")
	if k := binaryMe(d, value).Key; k.Role != api.Admin || k.ExpiresAt == nil {
		t.Errorf("the keys chose %+v", k)
	}
	var lost bool
	if d.EvalInto(`document.activeElement === document.body`, &lost); lost {
		t.Error("the focus is lost when the dialog closes")
	}

	d.TabTo(browser.Button("Show "+key("ci-runner")), 30)
	d.Press(browser.Enter)
	d.Shows(value.Reveal())
	d.Focused(browser.Button("Hide " + key("ci-runner")))
	d.Press(browser.Escape)
	d.Hides(value.Reveal())
	d.Focused(browser.Button("Show " + key("ci-runner")))

	d.TabTo(browser.Switch(called("ci-runner")+" enabled"), 5)
	d.Press(browser.Space)
	d.Becomes(browser.Switch(called("ci-runner")+" enabled"), "checked", false)
	d.Eventually("the server's word", func() string { return want(d.admin.Keys("").Items[0].Enabled, false) })
	d.server.Bearer(value).Send(http.MethodGet, api.PathMe, nil).Refused(401, fault.BadCredentials, "")

	d.Press("/")
	d.Focused(browser.Search("Search keys"))
	d.Press("nothing like it")
	d.Shows("No key matches")
	for range "nothing like it" {
		d.Press(browser.Backspace)
	}
	d.lists("ci-runner")

	d.TabTo(browser.Button("More actions for "+called("ci-runner")), 30)
	d.Press(browser.Enter)
	d.Focused(browser.MenuItem("Edit…"))
	d.Press(browser.ArrowUp)
	d.Focused(browser.MenuItem("Delete…"))
	d.Press(browser.Enter)
	d.Focused(browser.Field("Type " + called("ci-runner") + " to confirm"))
	d.Press("ci-runner")
	d.Press(browser.Enter)
	d.Gone(browser.Dialog("Delete…"))
	d.Shows("No API keys yet")
	if d.EvalInto(`document.activeElement === document.body`, &lost); lost {
		t.Error("the focus is lost after the deletion")
	}

	d.Eval("document.activeElement.blur()")
	d.Press("?")
	d.Find(browser.Dialog("Keyboard shortcuts"))
	d.Look("shortcuts")
	d.TabTo(browser.Tick("Use single-key shortcuts"), 5)
	d.Press(browser.Space)
	d.Press(browser.Escape)
	d.Gone(browser.Dialog("Keyboard shortcuts"))
	d.Eval("document.activeElement.blur()")
	d.Press("c")
	d.Press("/")
	if d.Count(browser.Dialog("Add API key")) != 0 {
		t.Error("a shortcut works that was switched off")
	}
}

// Whoever goes by Tab sees where they are, in a window as narrow as a large zoom makes it
// too: no stop is out of sight, below something else or without a ring.
func TestEveryStopIsSeen(t *testing.T) {
	t.Parallel()
	d, key := wordy(t)
	for _, size := range []browser.Size{{Width: 320, Height: 700}, browser.Desktop} {
		d.Resize(size)
		for _, screen := range []string{secretsKeys, apiKeys, usersScreen, rolesScreen, orgsScreen, devicesScreen, "/settings/audit-log", keyPage(key.ID), "/profile"} {
			d.visit(screen)
			d.Eval("window.stops = new Set(); document.activeElement.blur()")
			for at := ""; at != "none"; {
				d.Press(browser.TabKey)
				d.EvalInto(`(() => {
					const e = document.activeElement, box = e.getBoundingClientRect();
					if (e === document.body || stops.has(e)) return "none";
					stops.add(e);
					const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
					const ring = [e, e.closest(".field, .card-choice")].some((edge) => edge && getComputedStyle(edge).outlineStyle !== "none");
					return ring && top && (e.contains(top) || top.contains(e)) ? "" : e.outerHTML.slice(0, 120);
				})()`, &at)
				if at != "" && at != "none" {
					t.Errorf("%s at %d px: the focus is not seen on %s", screen, size.Width, at)
				}
			}
			var stops int
			if d.EvalInto("stops.size", &stops); stops < 10 {
				t.Errorf("%s at %d px: Tab stops at %d places only", screen, size.Width, stops)
			}
		}
	}
}
