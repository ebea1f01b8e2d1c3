package pages

import (
	"strings"
	"time"

	"keystead/app/ui"
	"keystead/shared/api"
)

// reviewWhy is why a key deserves a look, by the rule of [api.ReviewIdle].
type reviewWhy struct{ unused, idle, expiring bool }

func whyReview(k api.Key, now time.Time) reviewWhy {
	return reviewWhy{
		unused:   k.LastLoginAt == nil && k.Role == api.Admin && now.Sub(k.CreatedAt) > api.ReviewUnused,
		idle:     now.Sub(quietSince(k)) > api.ReviewIdle,
		expiring: k.ExpiresAt != nil && !k.Expired(now) && k.ExpiresAt.Sub(now) <= api.ReviewExpiring,
	}
}

// any reports whether the key deserves a look at all.
func (w reviewWhy) any() bool { return w != reviewWhy{} }

// quietSince is when a key was used last; one that never was is quiet since it was added.
func quietSince(k api.Key) time.Time {
	if k.LastLoginAt != nil {
		return *k.LastLoginAt
	}
	return k.CreatedAt
}

// reviewBadges words why one key deserves a look.
func reviewBadges(k api.Key, now time.Time) []string {
	var words []string
	why, quiet := whyReview(k, now), ui.Span(now.Sub(quietSince(k)))
	switch {
	case k.LastLoginAt == nil && (why.unused || why.idle):
		words = append(words, "Never used in "+quiet)
	case why.idle:
		words = append(words, "Idle for "+quiet)
	}
	if why.expiring {
		words = append(words, "Expires "+ui.Distance(*k.ExpiresAt, now))
	}
	return words
}

// reviewTitle and reviewReasons word the notice about keys that deserve a look. The
// reasons count shown, which are all of them or, where there are too many, the first.
func reviewTitle(total int) string {
	if total == 1 {
		return "1 key deserves a look."
	}
	return ui.Count(total) + " keys deserve a look."
}

func reviewReasons(shown []api.Key, total int, now time.Time) string {
	if total > len(shown) {
		return "They are ADMIN and were never used, idle for over 90 days, or about to expire."
	}
	var unused, idle, expiring int
	for _, k := range shown {
		switch why := whyReview(k, now); {
		case why.unused:
			unused++
		case why.idle:
			idle++
		default:
			expiring++
		}
	}
	var parts []string
	part := func(n int, one, many string) {
		if n == 1 {
			parts = append(parts, "one "+one)
		} else if n > 1 {
			parts = append(parts, ui.Count(n)+" "+many)
		}
	}
	part(unused, "ADMIN key was never used", "ADMIN keys were never used")
	part(idle, "has been idle for over 90 days", "have been idle for over 90 days")
	part(expiring, "expires within 7 days", "expire within 7 days")
	if len(parts) == 0 {
		return ""
	}
	words := joined(parts)
	return strings.ToUpper(words[:1]) + words[1:] + "."
}
