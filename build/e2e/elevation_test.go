package e2e_test

import (
	"net/http"
	"testing"
	"time"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// lapsed waits until a session is no longer elevated.
func lapsed(t *testing.T, tab *browser.Tab, c *binary.Client) {
	t.Helper()
	tab.Eventually("the end of the elevation", func() string {
		if s := binary.Get[api.Session](c, api.PathSession); s.ElevatedUntil != nil && time.Now().Before(*s.ElevatedUntil) {
			return "it lasts until " + s.ElevatedUntil.String()
		}
		return ""
	})
}

// session is a client with the tab's session: a proof of identity changes its cookie.
func (d desk) session() *binary.Client { return d.admin.As(d.Cookies()[d.admin.Cookie().Name]) }

// The console asks for the password when the server wants it, and then does by itself
// what was asked for.
func TestElevationIsAskedForAndTheActGoesOn(t *testing.T) {
	t.Parallel()
	d := signedIn(t, "--elevation", "1s")
	added := d.admin.AddKey("ci-runner", api.ReadOnly)
	d.visit(secretsKeys)
	lapsed(t, d.Tab, d.admin)
	d.admin.Send(http.MethodPost, api.PathKeyReveal(added.Key.ID), nil).Refused(403, fault.ElevationRequired, "")

	d.Click(browser.Button("Show " + key("ci-runner")))
	d.Find(browser.Dialog("Confirm it’s you"))
	d.Focused(browser.Field("Password"))
	d.Look("elevation")
	d.Type(browser.Field("Password"), "not my password at all")
	d.Press(browser.Enter)
	d.Becomes(browser.Field("Password"), "invalid", true)
	d.Look("elevation-refused")
	d.Type(browser.Field("Password"), binary.Password)
	d.Press(browser.Enter)
	d.Gone(browser.Dialog("Confirm it’s you"))
	d.Shows(added.Value.Reveal())
	d.Press(browser.Escape)
	d.Hides(added.Value.Reveal())

	// A copy too: it waits in the click for the value.
	clipboard := d.Clipboard()
	lapsed(t, d.Tab, d.session())
	d.Click(browser.Button("Copy " + key("ci-runner")))
	d.Find(browser.Dialog("Confirm it’s you"))
	d.Type(browser.Field("Password"), binary.Password)
	d.Click(browser.Button("Confirm"))
	d.Gone(browser.Dialog("Confirm it’s you"))
	d.Eventually("the copy or the value by hand", func() string {
		if clipboard.Text() == added.Value.Reveal() {
			return ""
		}
		return "the clipboard holds something else"
	})

	// Who does not want to, does not have to.
	lapsed(t, d.Tab, d.session())
	d.Click(browser.Button("Rotate the agent access key"))
	d.Find(browser.Dialog("Rotate the agent access key"))
	d.Click(browser.Button("Rotate"))
	d.Find(browser.Dialog("Confirm it’s you"))
	d.Press(browser.Escape)
	d.Gone(browser.Dialog("Confirm it’s you"))
	d.Find(browser.Dialog("Rotate the agent access key"))
	if got := binary.Get[api.OrgSecret](d.session(), api.PathSecret(d.session().Org().ID, api.AgentKey)); got.Previous != nil {
		t.Error("it was rotated all the same")
	}
}

func TestElevationIsNeededWhereItIsPromised(t *testing.T) {
	t.Parallel()
	server := binary.Start(t, "--elevation", "1s")
	admin := server.SetUp()
	key := admin.AddKey("ci-runner", api.Admin)
	org := admin.Org().ID
	lapsed(t, chromium.Open(t), admin)
	for _, path := range []string{
		api.PathKeyReveal(key.Key.ID), api.PathKeyRotate(key.Key.ID),
		api.PathSecretReveal(org, api.AgentKey), api.PathSecretRotate(org, api.AgentKey),
	} {
		admin.Send(http.MethodPost, path, nil).Refused(403, fault.ElevationRequired, "")
	}
	// An ADMIN key of the owner's needs none.
	server.Bearer(key.Value).Send(http.MethodPost, api.PathKeyReveal(key.Key.ID), nil).Is(200)
	admin.Send(http.MethodPost, api.PathElevate, binary.JSON{"password": "not my password at all"}).Refused(401, fault.BadCredentials, "password")
	binary.Post[api.Session](admin, api.PathElevate, binary.JSON{"password": binary.Password}, 200)
	admin.Send(http.MethodPost, api.PathKeyReveal(key.Key.ID), nil).Is(200)
}
