package pages

import (
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/shared/perm"
)

func TestDeletingAKeyInUseWantsItsName(t *testing.T) {
	used, ip := time.Now().Add(-time.Hour), "10.2.0.7"
	k := namedKey(chris)
	k.LastLoginAt, k.LastLoginIP = &used, &ip
	d := &keyDelete{Desk: deskOf(perm.All()), Open: true, Key: k}
	wants(t, app.HTMLString(d), "Chris", "10.2.0.7", "Disable instead", `Type &#34;ci-runner&#34; to confirm`, "rejected at once")
	if d.off() == "" {
		t.Error("it can be deleted without its name")
	}
	d.typed = "ci-runne"
	if d.off() == "" {
		t.Error("a part of the name is enough")
	}
	d.typed = " ci-runner "
	if d.off() != "" {
		t.Error("its name is not enough:", d.off())
	}
}

func TestDeletingAnIdleKeyAsksOnly(t *testing.T) {
	k := namedKey(rosa)
	k.Enabled = false
	d := &keyDelete{Desk: deskOf(0), Open: true, Key: k}
	html := app.HTMLString(d)
	wants(t, html, "Never", "can stay so")
	lacks(t, html, "Disable instead", "to confirm")
	if d.off() != "" {
		t.Error(d.off())
	}
	d.Desk.view.Offline = true
	if d.off() != offline {
		t.Error("it can be deleted offline")
	}
}

func TestDeletingManyLeavesKeysInUse(t *testing.T) {
	idle, used := namedKey(rosa), namedKey(rosa)
	lately := time.Now().Add(-time.Hour)
	used.ID, used.Name, used.LastLoginAt = 9, "busy", &lately
	d := &keysDelete{Desk: deskOf(0), Open: true}
	d.Keys = append(d.Keys, idle, used)
	wants(t, app.HTMLString(d), "1 key was used within the last 7 days and will be left.", "Delete 1 key")
	d.Keys = d.Keys[1:]
	wants(t, app.HTMLString(d), "All of them were used within the last 7 days.")
}
