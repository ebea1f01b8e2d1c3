package pages

import (
	"testing"
	"time"

	"keystead/shared/api"
	"keystead/shared/fault"
)

func utcEnd(day string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, day)
	return t.Add(24*time.Hour - time.Second), err == nil
}

func TestNameRulesSpeakAtOnce(t *testing.T) {
	f := newKeyForm(api.Policy{})
	f.SetName("  ")
	if f.NameError != "" {
		t.Error("an empty name is no fault before the form was sent")
	}
	f.SetName("a/b")
	if f.NameError == "" {
		t.Error("a slash passes")
	}
	f.SetName("ci-runner")
	if f.NameError != "" || !f.check(api.Policy{}, utcEnd, now) {
		t.Errorf("a good name is refused: %+v", f)
	}
	f.SetName("")
	if f.NameError == "" {
		t.Error("an empty name passes once the form was sent")
	}
}

func TestDayRules(t *testing.T) {
	p := api.Policy{MaxLifetimeDays: days(30)}
	f := newKeyForm(p)
	f.SetName("ci")
	f.SetExpiry(expiryDate)
	for day, ok := range map[string]bool{"": false, "2026-11-21": false, "2026-11-22": true, "2026-12-22": true, "2026-12-24": false} {
		f.SetDay(day)
		if got := f.check(p, utcEnd, now); got != ok {
			t.Errorf("%q: %v (%s)", day, got, f.ExpiryError)
		}
	}
}

func TestRefusalsStandAtTheirField(t *testing.T) {
	for _, c := range []struct {
		err  error
		read func(keyForm) string
	}{
		{fault.At("name", fault.NameTaken, "x"), func(f keyForm) string { return f.NameError }},
		{fault.At("description", fault.InvalidValue, "x"), func(f keyForm) string { return f.DescriptionError }},
		{fault.At("expires_at", fault.LifetimeTooLong, "x"), func(f keyForm) string { return f.ExpiryError }},
		{fault.New(fault.KeyLimitReached, "x"), func(f keyForm) string { return f.Error }},
	} {
		var f keyForm
		f.refuse(c.err)
		if c.read(f) == "" {
			t.Errorf("%v: %+v", c.err, f)
		}
	}
}

func TestGlobalKeysTakeTheirOwnExpiry(t *testing.T) {
	f := newKeyForm(api.Policy{AllowNoExpiry: true})
	f.SetExpiry(expiryNever)
	f.SetGlobal(true, api.Policy{MaxLifetimeDays: days(30)})
	if f.Expiry != "30" {
		t.Error(f.Expiry)
	}
	f.SetExpiry("7")
	f.SetGlobal(false, api.Policy{AllowNoExpiry: true})
	if f.Expiry != "7" {
		t.Error("an allowed choice was changed:", f.Expiry)
	}
}

func TestEditsHoldWhatChangedOnly(t *testing.T) {
	k := api.Key{Name: "ci", Description: "Runner", Role: api.Admin}
	f := keyForm{Name: " ci ", Description: "Runner", Role: api.Admin}
	if _, ok := f.edits(k, api.Maybe[time.Time]{}); ok {
		t.Error("nothing changed")
	}
	f.Name, f.Description, f.Role = "cd", "", api.ReadOnly
	e, ok := f.edits(k, api.Null[time.Time]())
	if !ok || *e.Name != "cd" || *e.Description != "" || *e.Role != api.ReadOnly || e.Enabled != nil || !e.ExpiresAt.Set {
		t.Errorf("%+v", e)
	}
}
