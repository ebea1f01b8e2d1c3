package pages

import (
	"strings"
	"time"

	"keystead/app/ui"
	"keystead/shared/api"
)

// The words on a key's badges.
const (
	badgeDisabled = "Disabled"
	badgeExpired  = "Expired"
	badgeGlobal   = "Global"
)

// soonExpiring is from when on a key's expiry is drawn as a warning.
const soonExpiring = api.ReviewExpiring

// keyBadges says what is special about a key, worst first.
func keyBadges(k api.Key, now time.Time) []string {
	var badges []string
	if !k.Enabled {
		badges = append(badges, badgeDisabled)
	}
	if k.Expired(now) {
		badges = append(badges, badgeExpired)
	}
	if k.Global() {
		badges = append(badges, badgeGlobal)
	}
	return badges
}

// expiryTone is how an expiry is coloured: over, soon or not at all.
func expiryTone(k api.Key, now time.Time) ui.Tone {
	switch {
	case k.ExpiresAt == nil:
		return ui.Neutral
	case k.Expired(now):
		return ui.Bad
	case k.ExpiresAt.Sub(now) <= soonExpiring:
		return ui.Warn
	}
	return ui.Neutral
}

// idleTone colours a last login that is so long ago that the key deserves a look.
func idleTone(k api.Key, now time.Time) ui.Tone {
	if k.LastLoginAt != nil && now.Sub(*k.LastLoginAt) > api.ReviewIdle {
		return ui.Warn
	}
	return ui.Neutral
}

// recentlyUsed reports whether deleting the key asks for its name: something used
// it within [api.RecentUse].
func recentlyUsed(k api.Key, now time.Time) bool {
	return k.LastLoginAt != nil && now.Sub(*k.LastLoginAt) <= api.RecentUse
}

// overlapping reports whether the value before the last rotation is still good.
func overlapping(p *api.Previous, now time.Time) bool {
	return p != nil && now.Before(p.ValidUntil)
}

// ownerName is how the owner of a key is called.
func ownerName(o api.KeyOwner) string {
	if name := strings.TrimSpace(o.FirstName + " " + o.LastName); name != "" {
		return name
	}
	return o.Email
}

// hintEnds takes a hint apart into what stands before and after the mask.
func hintEnds(hint string) (head, tail string) {
	head, tail, _ = strings.Cut(hint, "…")
	return head, tail
}

// quoted sets a name off from the sentence around it.
func quoted(name string) string { return `"` + name + `"` }

// at is the time of a pointer, zero for none.
func at(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
