package pages

import (
	"context"
	"encoding/base64"
	"encoding/json"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/perm"
)

// keyBundle is all that an integration needs to sign token requests, as Netography's
// clients read it from NETOSECRET: the member names and their order are the vendor's.
type keyBundle struct {
	URL          string `json:"url"`
	ShortName    string `json:"shortname"`
	AppName      string `json:"appname"`
	SharedSecret string `json:"sharedsecret"`
	AppKey       string `json:"appkey"`
}

// text is the bundle on one line: padded standard base64. It hides nothing.
func (b keyBundle) text() (string, error) {
	data, err := json.Marshal(b)
	return base64.StdEncoding.EncodeToString(data), err
}

// mayBundle reports whether the person may see both secrets of a bundle: the key's, and
// that of the organization of the page.
func mayBundle(v session.View, k api.Key, may keyActs) bool {
	return may.Show && v.May(perm.SharedSecretRead) && (k.Global() || *k.OrganizationID == v.Org.ID)
}

// bundle fetches both. Whether there is a shared secret is asked before anything is
// revealed: without it no value leaves the server, and no reveal is in the audit log. Then
// the key goes first: where that is refused the other is not asked for.
func (d *keyDesk) bundle(k api.Key) func(context.Context) (string, error) {
	b := keyBundle{URL: d.base() + "/api/v1", ShortName: d.view.Org.ShortName, AppName: k.Name}
	org := d.view.Org.ID
	return func(ctx context.Context) (string, error) {
		if secret, err := client.API.Secret(ctx, org, api.SharedSecret); err != nil {
			return "", err
		} else if secret == nil {
			return "", errNoSharedSecret
		}
		key, err := client.API.RevealKey(ctx, k.ID, api.PurposeBundle)
		if err != nil {
			return "", err
		}
		secret, err := client.API.RevealSecret(ctx, org, api.SharedSecret, api.PurposeBundle)
		if err != nil {
			return "", err
		}
		b.AppKey, b.SharedSecret = key.Reveal(), secret.Reveal()
		return b.text()
	}
}

// errNoSharedSecret has a code for which the console has no words of its own: the
// sentence stays.
var errNoSharedSecret = fault.New(fault.InvalidValue, "Create an API shared secret first.")

// copyBundle puts the bundle into the clipboard, and draws nothing.
func (d *keyDesk) copyBundle(k api.Key) func(app.Context) {
	return func(app.Context) {
		d.copyFrom(k, d.bundle(k), "Copied the connection bundle of "+quoted(k.Name)+": it is encoded, not encrypted.")
	}
}
