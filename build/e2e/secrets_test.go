package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
)

func TestAgentAccessKey(t *testing.T) {
	t.Parallel()
	d := open(t, secretsKeys)
	org := d.admin.Org().ID
	revealed := func() api.Secret {
		t.Helper()
		return binary.Post[api.Revealed](d.admin, api.PathSecretReveal(org, api.AgentKey), nil, http.StatusOK).Value
	}
	value := revealed()
	if parts, ok := keyfmt.Parse(value.Reveal()); !ok || parts.Kind != keyfmt.AgentKey {
		t.Errorf("the agent access key has the form of %q", parts.Kind)
	}
	d.nowhere(value)
	d.Click(browser.Button("Show the agent access key"))
	d.Shows(value.Reveal())
	d.Look("agent-key-shown")
	d.Press(browser.Escape)
	d.Hides(value.Reveal())
	d.nowhere(value)

	clipboard := d.Clipboard()
	d.Click(browser.Button("Copy the agent access key"))
	d.Shows("Copied the agent access key.")
	if clipboard.Text() != value.Reveal() {
		t.Error("the clipboard holds something else")
	}

	d.Click(browser.Button("Rotate the agent access key"))
	d.Find(browser.Dialog("Rotate the agent access key"))
	d.Shows("Every installer stops until it has the new one.")
	d.Choose(browser.Choice("The old one works"), "For 1 more day")
	d.Hides("Every installer stops")
	d.Look("agent-key-rotate")
	d.Click(browser.Button("Rotate"))
	d.Find(browser.Dialog("Rotated the agent access key"))
	next := api.Hide(d.Text("#new-value"))
	if next.Reveal() == value.Reveal() || revealed().Reveal() != next.Reveal() {
		t.Error("the rotated value is not the new one")
	}
	d.Click(browser.Button("Copy"))
	d.Find(browser.Button("Copied"))
	d.Click(browser.Button("Done"))
	d.Gone(browser.Dialog("Rotated…"))
	d.nowhere(next)
	d.Shows("The older one works until")
	if got := binary.Get[api.OrgSecret](d.admin, api.PathSecret(org, api.AgentKey)); got.Previous == nil {
		t.Errorf("no previous in %+v", got)
	}
}

func TestSharedSecretOnBothScreens(t *testing.T) {
	t.Parallel()
	d := open(t, apiKeys)
	org := d.admin.Org().ID
	d.Click(browser.Button("API shared secret"))
	d.Find(browser.Dialog("API shared secret"))
	d.Shows("There is none yet.")
	d.Look("shared-secret-none")
	d.Click(browser.Button("Create"))
	d.Find(browser.Dialog("Create the API shared secret"))
	d.Look("shared-secret-create")
	d.Click(browser.Button("Create"))
	d.Find(browser.Dialog("Created the API shared secret"))
	value := api.Hide(d.Text("#new-value"))
	if parts, ok := keyfmt.Parse(value.Reveal()); !ok || parts.Kind != keyfmt.SharedSecret {
		t.Errorf("the shared secret has the form of %q", parts.Kind)
	}
	d.Look("shared-secret-value")
	d.Click(browser.Button("Done"))
	d.Click(browser.Button("Close without copying"))
	d.Gone(browser.Dialog("Created…"))
	d.nowhere(value)
	d.admin.Send(http.MethodPost, api.PathSecret(org, api.SharedSecret), nil).Refused(409, fault.SecretExists, "")

	d.Click(browser.Button("API shared secret"))
	d.Find(browser.Dialog("API shared secret"))
	d.Click(browser.Button("Show the API shared secret"))
	d.Shows(value.Reveal())
	d.Look("shared-secret-shown")
	d.Click(browser.Button("Hide the API shared secret"))
	d.Hides(value.Reveal())
	clipboard := d.Clipboard()
	d.Click(browser.Button("Copy the API shared secret"))
	d.Eventually("the copy", func() string { return want(clipboard.Text(), value.Reveal()) })
	d.nowhere(value)
	d.Click(browser.Button("Rotate…"))
	d.Shows("Every integration stops until it has the new one.")
	d.Look("shared-secret-rotate")
	d.Choose(browser.Choice("The old one works"), "For 7 more days")
	d.Click(browser.Button("Rotate"))
	d.Find(browser.Dialog("Rotated the API shared secret"))
	next := api.Hide(d.Text("#new-value"))
	d.Click(browser.Button("Done"))
	d.Click(browser.Button("Close without copying"))

	d.visit(secretsKeys)
	d.Click(browser.Button("Show the API shared secret"))
	d.Shows(next.Reveal())
	d.Look("secrets-keys-shared-shown")
	d.Press(browser.Escape)
	d.nowhere(next)
}

// What a person may not see or manage is not offered, and refused when asked for.
func TestSecretsAreForHoldersOfTheirPermission(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	d.server.AddUser("olga.operator@example.com", "Organization Operator", binary.OrgShort)
	operator := d.server.SignIn("olga.operator@example.com")
	org := d.admin.Org().ID
	d.enter(operator)
	d.visit(secretsKeys)
	d.Find(browser.Button("Show the agent access key"))
	for _, absent := range []browser.Thing{browser.Button("Rotate the agent access key"), browser.Button("Create"), browser.Button("Copy account ID")} {
		if d.Count(absent) != 0 {
			t.Errorf("an operator is offered %s", absent)
		}
	}
	p := operator.Send(http.MethodPost, api.PathSecretRotate(org, api.AgentKey), nil).Refused(403, fault.PermissionRequired, "")
	if !strings.Contains(p.Detail, "agent_key:manage") {
		t.Errorf("the refusal does not name the permission: %s", p.Detail)
	}
	operator.Send(http.MethodGet, api.PathSecret(org, api.SharedSecret), nil).Refused(403, fault.PermissionRequired, "")
	operator.Send(http.MethodGet, api.PathAccount, nil).Refused(403, fault.PermissionRequired, "")
}
