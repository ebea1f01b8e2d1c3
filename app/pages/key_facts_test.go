package pages

import (
	"slices"
	"testing"
	"time"

	"keystead/app/ui"
	"keystead/shared/api"
)

var now = time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC)

func ago(d time.Duration) *time.Time { t := now.Add(-d); return &t }

const day = 24 * time.Hour

func TestBadges(t *testing.T) {
	org := api.OrgID(1)
	for _, c := range []struct {
		k    api.Key
		want []string
	}{
		{api.Key{Enabled: true, OrganizationID: &org}, nil},
		{api.Key{OrganizationID: &org}, []string{"Disabled"}},
		{api.Key{Enabled: true, OrganizationID: &org, ExpiresAt: ago(0)}, []string{"Expired"}},
		{api.Key{ExpiresAt: ago(day)}, []string{"Disabled", "Expired", "Global"}},
	} {
		if got := keyBadges(c.k, now); !slices.Equal(got, c.want) {
			t.Errorf("%+v: %v, want %v", c.k, got, c.want)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, c := range []struct {
		in   *time.Time
		want ui.Tone
	}{{nil, ui.Neutral}, {ago(0), ui.Bad}, {ago(-3 * day), ui.Warn}, {ago(-7 * day), ui.Warn}, {ago(-8 * day), ui.Neutral}} {
		if got := expiryTone(api.Key{ExpiresAt: c.in}, now); got != c.want {
			t.Errorf("expires %v: %q, want %q", c.in, got, c.want)
		}
	}
	for _, c := range []struct {
		in   *time.Time
		want ui.Tone
	}{{nil, ui.Neutral}, {ago(90 * day), ui.Neutral}, {ago(91 * day), ui.Warn}} {
		if got := idleTone(api.Key{LastLoginAt: c.in}, now); got != c.want {
			t.Errorf("last login %v: %q, want %q", c.in, got, c.want)
		}
	}
}

func TestRecentlyUsed(t *testing.T) {
	for _, c := range []struct {
		in   *time.Time
		want bool
	}{{nil, false}, {ago(time.Minute), true}, {ago(7 * day), true}, {ago(7*day + time.Second), false}} {
		if got := recentlyUsed(api.Key{LastLoginAt: c.in}, now); got != c.want {
			t.Errorf("last login %v: %v", c.in, got)
		}
	}
}

func TestNamesAndHints(t *testing.T) {
	if got := ownerName(api.KeyOwner{FirstName: "Rosa", LastName: "Harman"}); got != "Rosa Harman" {
		t.Error(got)
	}
	if got := ownerName(api.KeyOwner{Email: "rosa@northwind.dev"}); got != "rosa@northwind.dev" {
		t.Error(got)
	}
	if head, tail := hintEnds("ks_7Hq2mVbT9x…uA3o"); head != "ks_7Hq2mVbT9x" || tail != "uA3o" {
		t.Error(head, tail)
	}
}
