package pages

import (
	"testing"
	"time"

	"keystead/shared/api"
)

func utcDay(t time.Time) string { return t.UTC().Format(time.DateOnly) }

func days(n int) *int { return &n }

func TestExpiryChoices(t *testing.T) {
	for name, c := range map[string]struct {
		policy api.Policy
		want   string
		first  string
	}{
		"no bounds":    {api.Policy{AllowNoExpiry: true}, "7 30 90 365 date never", "90"},
		"must expire":  {api.Policy{}, "7 30 90 365 date", "90"},
		"a default":    {api.Policy{AllowNoExpiry: true, DefaultLifetimeDays: days(14)}, "7 14 30 90 365 date never", "14"},
		"at most 60":   {api.Policy{AllowNoExpiry: true, MaxLifetimeDays: days(60)}, "7 30 60 date", "60"},
		"at most 3":    {api.Policy{MaxLifetimeDays: days(3)}, "3 date", "3"},
		"at most 1000": {api.Policy{MaxLifetimeDays: days(1000), DefaultLifetimeDays: days(30)}, "7 30 90 365 1000 date", "30"},
	} {
		list, first := expiryChoices(c.policy, now, now, utcDay)
		got := ""
		for i, choice := range list {
			if i > 0 {
				got += " "
			}
			got += choice.Value
		}
		if got != c.want || first != c.first {
			t.Errorf("%s: %s, first %s; want %s, first %s", name, got, first, c.want, c.first)
		}
	}
	list, _ := expiryChoices(api.Policy{}, now, now, utcDay)
	if got := list[2].Label; got != "In 90 days, on 2027-02-20" {
		t.Error(got)
	}
	if got := list[3].Label; got != "In 1 year, on 2027-11-22" {
		t.Error(got)
	}
}

func TestExpiryOf(t *testing.T) {
	if got := expiryOf(expiryKeep, time.Time{}, api.Policy{}, now, now); got.Set {
		t.Error("keep says something")
	}
	if got := expiryOf(expiryNever, time.Time{}, api.Policy{}, now, now); !got.Set || got.Value != nil {
		t.Error("never is not null")
	}
	if got := expiryOf("30", time.Time{}, api.Policy{}, now, now); !got.Value.Equal(now.Add(30 * day)) {
		t.Error(got.Value)
	}
	end := time.Date(2026, 12, 24, 22, 59, 59, 0, time.UTC)
	if got := expiryOf(expiryDate, end, api.Policy{}, now, now); !got.Value.Equal(end) {
		t.Error(got.Value)
	}
}

func TestTheLongestLifetimeStaysInsideThePolicy(t *testing.T) {
	p := api.Policy{MaxLifetimeDays: days(30)}
	longest := now.Add(30*day - skew)
	if got := expiryOf("30", time.Time{}, p, now, now); !got.Value.Equal(longest) {
		t.Error(got.Value)
	}
	if got := expiryOf(expiryDate, now.Add(30*day+10*time.Hour), p, now, now); !got.Value.Equal(longest) {
		t.Error("the end of the last allowed day:", got.Value)
	}
	late := now.Add(40 * day)
	if got := expiryOf(expiryDate, late, p, now, now); !got.Value.Equal(late) {
		t.Error("a day beyond the policy is the server's to refuse:", got.Value)
	}
}

func TestAnothersKeyMayOnlyEndEarlier(t *testing.T) {
	values := func(list []expiryChoice) (s string) {
		for _, c := range list {
			s += c.Value + " "
		}
		return s
	}
	free := api.Policy{AllowNoExpiry: true}
	k := api.Key{ExpiresAt: ago(-60 * day)}
	if got := values(editExpiryChoices(k, false, free, now, utcDay)); got != "keep 7 30 date " {
		t.Errorf("another's: %s", got)
	}
	if got := values(editExpiryChoices(k, true, free, now, utcDay)); got != "keep 7 30 90 365 date never " {
		t.Errorf("own: %s", got)
	}
	if got := values(editExpiryChoices(api.Key{}, false, free, now, utcDay)); got != "keep 7 30 90 365 date " {
		t.Errorf("another's that never expires: %s", got)
	}
}

func TestTheLifetimeOfAnOlderKeyCountsFromWhenItWasMade(t *testing.T) {
	p := api.Policy{MaxLifetimeDays: days(60)}
	k := api.Key{CreatedAt: *ago(40 * day), ExpiresAt: ago(-5 * day)}
	for _, c := range editExpiryChoices(k, true, p, now, utcDay) {
		if c.Value == "30" || c.Value == "60" {
			t.Errorf("%s days are on offer, with 20 left", c.Value)
		}
	}
	f := keyForm{Name: "ci", Expiry: expiryDate, Day: "2026-12-20", Made: k.CreatedAt}
	if f.check(p, utcEnd, now) {
		t.Error("a day beyond the lifetime passes")
	}
	f.SetDay("2026-12-12")
	if !f.check(p, utcEnd, now) {
		t.Error(f.ExpiryError)
	}
}
