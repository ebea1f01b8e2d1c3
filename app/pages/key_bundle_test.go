package pages

import (
	"encoding/base64"
	"testing"

	"keystead/app/session"
	"keystead/shared/api"
	"keystead/shared/perm"
)

func TestABundleIsWhatNetographysClientsDecode(t *testing.T) {
	b := keyBundle{URL: "https://keys.northwind.dev/api/v1", ShortName: "northwind-ops", AppName: "myapp", SharedSecret: "kss_1", AppKey: "ks_2"}
	text, err := b.text()
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"url":"https://keys.northwind.dev/api/v1","shortname":"northwind-ops","appname":"myapp","sharedsecret":"kss_1","appkey":"ks_2"}`
	if got, err := base64.StdEncoding.DecodeString(text); err != nil || string(got) != want {
		t.Errorf("%s %v", got, err)
	}
}

func TestABundleIsForWhoMaySeeBothSecrets(t *testing.T) {
	here, there := api.OrgID(1), api.OrgID(2)
	holder := session.View{Org: &api.MyOrg{ID: here, Permissions: []perm.Permission{perm.SharedSecretRead}}}
	for name, c := range map[string]struct {
		view session.View
		key  api.Key
		show bool
		want bool
	}{
		"both":               {holder, api.Key{OrganizationID: &here}, true, true},
		"a global key":       {holder, api.Key{}, true, true},
		"not the key":        {holder, api.Key{OrganizationID: &here}, false, false},
		"not the secret":     {session.View{Org: &api.MyOrg{ID: here}}, api.Key{OrganizationID: &here}, true, false},
		"of another":         {holder, api.Key{OrganizationID: &there}, true, false},
		"in no organization": {session.View{}, api.Key{}, true, false},
	} {
		if got := mayBundle(c.view, c.key, keyActs{Show: c.show}); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
