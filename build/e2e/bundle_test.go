package e2e_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"testing"

	"keystead/build/e2e/binary"
	"keystead/build/e2e/browser"
	"keystead/shared/api"
)

// Without a shared secret there is no bundle, and no value was revealed for it.
func TestNoBundleWithoutASharedSecret(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("ci-runner", api.ReadOnly).Value
	d.visit(apiKeys)
	d.Click(browser.Button("More actions for " + called("ci-runner")))
	d.Click(browser.MenuItem("Copy as connection bundle (encoded, not encrypted)"))
	d.Shows("Create an API shared secret first.")
	d.nowhere(value)
	for _, row := range into[api.Page[api.AuditRow]](d.admin.Send(http.MethodGet, "/v1/audit", nil)).Items {
		if row.Act == "api_key.reveal" {
			t.Errorf("a reveal is in the audit log: %+v", row.Facts)
		}
	}
}

// A connection bundle holds what an integration signs its requests with; both reveals
// are in the audit log with their purpose.
func TestConnectionBundle(t *testing.T) {
	t.Parallel()
	d := signedIn(t)
	value := d.admin.AddKey("ci-runner", api.ReadOnly).Value
	secret := binary.Into[api.AddedOrgSecret](d.admin.Send(http.MethodPost, api.PathSecret(1, api.SharedSecret), nil), 201).Value
	d.visit(apiKeys)
	clipboard := d.Clipboard()
	d.Click(browser.Button("More actions for " + called("ci-runner")))
	d.Look("key-menu-bundle")
	d.Click(browser.MenuItem("Copy as connection bundle (encoded, not encrypted)"))
	d.Shows("it is encoded, not encrypted")
	text, err := base64.StdEncoding.DecodeString(clipboard.Text())
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]string
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"url": d.server.Site() + "/api/v1", "shortname": "northwind-ops", "appname": "ci-runner",
		"sharedsecret": secret.Reveal(), "appkey": value.Reveal(),
	}
	for name := range want {
		if got[name] != want[name] || len(got) != len(want) {
			t.Errorf("%s is %q, want %q", name, got[name], want[name])
		}
	}
	d.nowhere(value)
	d.nowhere(secret)
	bundles := map[string]bool{}
	for _, row := range into[api.Page[api.AuditRow]](d.admin.Send(http.MethodGet, "/v1/audit", nil)).Items {
		if row.Facts["purpose"] == string(api.PurposeBundle) {
			bundles[row.Act] = true
		}
	}
	if !bundles["api_key.reveal"] || !bundles["shared_secret.reveal"] {
		t.Errorf("audited as bundles: %v", bundles)
	}
}
