package pages

import (
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/session"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// deskOf is a desk at which Rosa works in an organization, with these permissions there.
func deskOf(here perm.Set) *keyDesk {
	org := api.MyOrg{ID: 1, Name: "Northwind Ops", ShortName: "northwind-ops", Permissions: here.List(), Keys: api.KeyCount{Held: 4, Max: 10},
		Policy: api.Policy{Reveal: api.RevealOwner, AllowNoExpiry: true, KeysManageKeys: true}}
	me := api.Me{User: api.User{ID: rosa, FirstName: "Rosa"}, Organizations: []api.MyOrg{org}, KeyPolicy: org.Policy}
	return &keyDesk{org: 1, listBase: listBase{view: session.View{Me: me, Known: true, Org: &org}}}
}

func namedKey(owner api.UserID) api.Key {
	k := keyOfUser(owner, false)
	k.ID, k.Name, k.Enabled, k.Hint = 8, "ci-runner", true, "ks_7Hq2mVbT9x…uA3o"
	k.User.FirstName = map[api.UserID]string{rosa: "Rosa", chris: "Chris"}[owner]
	return k
}

func rowHTML(d *keyDesk, k api.Key) string {
	return app.HTMLString(&keyRow{Desk: d, Key: k, May: d.rights().On(k)})
}

func wants(t *testing.T, html string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(html, part) {
			t.Errorf("no %s in\n%s", part, html)
		}
	}
}

func lacks(t *testing.T, html string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if strings.Contains(html, part) {
			t.Errorf("%s in\n%s", part, html)
		}
	}
}

// said is a string as app.HTMLString writes it into an attribute.
func said(text string) string { return strings.ReplaceAll(text, `"`, `\"`) }

func TestOnesOwnRowOffersEverything(t *testing.T) {
	html := rowHTML(deskOf(0), namedKey(rosa))
	wants(t, html, said(`Show key "ci-runner"`), said(`Copy key "ci-runner"`), said(`Delete "ci-runner"`),
		said(`More actions for "ci-runner"`), said(`"ci-runner" enabled`), "ks_7Hq2", "uA3o", "key-row-8")
}

func TestAnothersRowOffersWhatThePermissionsDo(t *testing.T) {
	listed := rowHTML(deskOf(perm.Of(perm.KeysList)), namedKey(chris))
	wants(t, listed, "Only Chris and administrators can switch this key.")
	lacks(t, listed, "Show key", "Copy key", said(`Delete "ci-runner"`), "More actions")

	modified := rowHTML(deskOf(perm.Of(perm.KeysList, perm.KeysModify)), namedKey(chris))
	wants(t, modified, "More actions")
	lacks(t, modified, "Show key", "Copy key", said(`Delete "ci-runner"`), "Only Chris")
}

func TestMenusHoldWhatMayBeDone(t *testing.T) {
	labels := func(d *keyDesk, k api.Key) string {
		var list []string
		for _, item := range d.menu(k, d.rights().On(k)) {
			list = append(list, item.Label)
		}
		return strings.Join(list, " ")
	}
	everything := "Edit… Rotate… Copy as value Copy as env line Copy as curl line Disable Delete…"
	if got := labels(deskOf(0), namedKey(rosa)); got != everything {
		t.Errorf("own: %s", got)
	}
	off := namedKey(chris)
	off.Enabled = false
	if got := labels(deskOf(perm.Of(perm.KeysModify)), off); got != "Edit… Enable" {
		t.Errorf("another's, modify: %s", got)
	}
	if got := labels(deskOf(perm.Of(perm.KeysDelete)), off); got != "Delete…" {
		t.Errorf("another's, delete: %s", got)
	}
	d := deskOf(0)
	d.view.Offline = true
	for _, item := range d.menu(namedKey(rosa), d.rights().On(namedKey(rosa))) {
		if item.Off != offline {
			t.Errorf("%s is on while offline", item.Label)
		}
	}
}

func TestTheSecondScreenNamesTheOwnerOfOthersKeys(t *testing.T) {
	d := deskOf(perm.Of(perm.KeysList))
	html := func(k api.Key) string {
		return app.HTMLString(&apiKeyRow{Desk: d, Key: k, May: d.rights().On(k)})
	}
	k := namedKey(chris)
	wants(t, html(k), ">Chris<", "Never", "Select ci-runner")
	k.Description = "Build farm"
	wants(t, html(k), "Chris · Build farm")
	lacks(t, html(namedKey(rosa)), ">Rosa<")
	lacks(t, html(k), "ks_7Hq2", "uA3o")
}

// What is kept for offline use has no hint: the cell shows the mask alone.
func TestAKeptRowHasNoHint(t *testing.T) {
	k := namedKey(rosa)
	k.Hint = ""
	if html := rowHTML(deskOf(perm.All()), k); strings.Contains(html, ">_<") {
		t.Errorf("half a hint in\n%s", html)
	}
}

func TestTheSwitchOfAnExpiredKeySaysSo(t *testing.T) {
	k, past := namedKey(rosa), time.Now().Add(-time.Hour)
	k.ExpiresAt = &past
	wants(t, rowHTML(deskOf(perm.All()), k), "enabled, but expired")
	k.Enabled = false
	if html := rowHTML(deskOf(perm.All()), k); strings.Contains(html, "but expired") {
		t.Errorf("a switch that is off is called enabled in\n%s", html)
	}
}
