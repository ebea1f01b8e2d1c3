package e2e_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

// The screens.
const (
	secretsKeys = "/settings/secrets-keys"
	apiKeys     = "/settings/user-management/api-keys"
)

// desk is a console at work: a server of its own, set up, and a tab signed in as its
// administrator.
type desk struct {
	*browser.Tab
	t      *testing.T
	server *binary.Server
	admin  *binary.Client
}

// open starts a server and opens the console on a screen.
func open(t *testing.T, screen string, args ...string) desk {
	t.Helper()
	d := signedIn(t, args...)
	d.visit(screen)
	return d
}

// signedIn is a desk whose tab shows nothing yet, so that a test can put something
// into the data first.
func signedIn(t *testing.T, args ...string) desk {
	t.Helper()
	server := binary.Start(t, args...)
	d := desk{t: t, server: server, admin: server.SetUp(), Tab: chromium.Open(t)}
	d.enter(d.admin)
	return d
}

// enter signs the tab in as a client.
func (d desk) enter(c *binary.Client) {
	d.t.Helper()
	d.Cookie(d.server.Site(), c.Cookie().Name, c.Cookie().Value)
}

// visit opens a screen and waits until it is drawn.
func (d desk) visit(screen string) {
	d.t.Helper()
	d.Go(d.server.Site() + screen)
	d.drawn()
}

// drawn waits until the console runs and its list is there, be it empty.
func (d desk) drawn() {
	d.t.Helper()
	d.Until("the console", `!document.getElementById("boot") && Boolean(document.querySelector("main h1")) &&
		!document.querySelector('table[aria-busy="true"]')`)
}

// row is the text of the row of a key.
func (d desk) row(name string) string {
	d.t.Helper()
	var text string
	d.EvalInto(`[...document.querySelectorAll("tbody tr")].find((r) => r.querySelector(".name")?.textContent === `+quoted(name)+`)?.innerText ?? ""`, &text)
	return text
}

// names are those of the rows, in order.
func (d desk) names() []string {
	d.t.Helper()
	var names []string
	d.EvalInto(`[...document.querySelectorAll("tbody tr .name")].map((n) => n.textContent)`, &names)
	return names
}

// lists waits until the rows are those, in that order.
func (d desk) lists(want ...string) {
	d.t.Helper()
	d.Eventually("the rows "+strings.Join(want, ", "), func() string {
		got := strings.Join(d.names(), ", ")
		if got != strings.Join(want, ", ") {
			return "they are " + got
		}
		return ""
	})
}

// nowhere fails where the document holds a value.
func (d desk) nowhere(value api.Secret) {
	d.t.Helper()
	if strings.Contains(d.Document(), secretPart(value)) {
		d.t.Error("the document holds the value")
	}
}

// secretPart is what of a value must not be seen: not the public id.
func secretPart(value api.Secret) string {
	_, body, _ := strings.Cut(value.Reveal(), "_")
	return body[10:]
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `\"`) + `"` }

// key is how the console names a key in the names of its buttons.
func key(name string) string { return "key " + called(name) }

// called is a name in quotation marks, as the console writes it.
func called(name string) string { return `"` + name + `"` }

// into reads an answer of status 200.
func into[T any](a binary.Answer) T { return binary.Into[T](a, 200) }

// lastLogin is how the second screen writes a moment.
var lastLogin = regexp.MustCompile(`\b20\d\d-\d\d-\d\d \d\d:\d\d:\d\d\b`)

// neverMade is the i-th of some well-formed API keys that no server made.
func neverMade(i int) string {
	return keyfmt.Parts{Kind: keyfmt.APIKey, PublicID: fmt.Sprintf("NeverMade%d", i%10), Secret: fmt.Sprintf("Canary%02dkQ7wLx0ZbT4mPz9RsVn3YdGh", i)}.Value()
}

// onlyTheBodyScrolls fails unless the open dialog is too long for the window, and its
// title and its buttons stay where they are while the rest scrolls between them.
func (d desk) onlyTheBodyScrolls() {
	d.t.Helper()
	d.Until("a body that scrolls by itself", `(() => {
		const dialog = document.querySelector("dialog[open]"), body = dialog.querySelector(".body");
		return body.scrollHeight > body.clientHeight && [dialog, body.parentElement].every((e) => e.scrollHeight <= e.clientHeight)
			&& dialog.querySelector("footer").getBoundingClientRect().bottom <= innerHeight;
	})()`)
}
