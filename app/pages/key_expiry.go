package pages

import (
	"strconv"
	"time"

	"keystead/shared/api"
)

// Values of the expiry choice besides numbers of days.
const (
	expiryKeep  = "keep" // edit only: as it is
	expiryDate  = "date"
	expiryNever = "never"
)

// expiryDays are the lifetimes on offer, as far as the policy allows them.
var expiryDays = []int{7, 30, 90, 365}

// preferredDays is chosen where the policy has no default.
const preferredDays = 90

// skew keeps a key's longest lifetime inside the policy where the browser's clock
// is ahead of the server's.
const skew = 5 * time.Minute

// expiryChoice is one line of the list.
type expiryChoice struct {
	Value string // a number of days, or one of the constants above
	Label string
}

// expiryChoices are the lifetimes that the policy allows a key made then, and the one
// to begin with. day writes a moment as a day of the browser's zone, 2006-01-02.
func expiryChoices(p api.Policy, made, now time.Time, day func(time.Time) string) (list []expiryChoice, first string) {
	days := append([]int(nil), expiryDays...)
	for _, bound := range []*int{p.DefaultLifetimeDays, p.MaxLifetimeDays} {
		if bound != nil {
			days = insertSorted(days, *bound)
		}
	}
	for _, n := range days {
		if longest, bound := longestExpiry(p, made); bound && now.AddDate(0, 0, n).Sub(longest) > skew {
			continue
		}
		list = append(list, expiryChoice{strconv.Itoa(n), "In " + daysWord(n) + ", on " + day(now.AddDate(0, 0, n))})
	}
	list = append(list, expiryChoice{expiryDate, "On a day of your choice"})
	if mayLiveForever(p) {
		list = append(list, expiryChoice{expiryNever, "Never"})
	}
	return list, firstExpiry(p)
}

// mayLiveForever reports whether a key without expiry is allowed.
func mayLiveForever(p api.Policy) bool { return p.AllowNoExpiry && p.MaxLifetimeDays == nil }

func firstExpiry(p api.Policy) string {
	n := preferredDays
	if p.DefaultLifetimeDays != nil {
		n = *p.DefaultLifetimeDays
	}
	if p.MaxLifetimeDays != nil {
		n = min(n, *p.MaxLifetimeDays)
	}
	return strconv.Itoa(n)
}

// expiryOf turns a choice into the member of the request. dayEnd is when the chosen
// day ends in the browser's zone; it counts for [expiryDate] only.
func expiryOf(choice string, dayEnd time.Time, p api.Policy, made, now time.Time) api.Maybe[time.Time] {
	switch choice {
	case expiryKeep:
		return api.Maybe[time.Time]{}
	case expiryNever:
		return api.Null[time.Time]()
	}
	end := dayEnd
	if choice != expiryDate {
		n, _ := strconv.Atoi(choice)
		end = now.Add(time.Duration(n) * 24 * time.Hour)
	}
	if longest, ok := longestExpiry(p, made); ok && end.After(longest) && end.Sub(longest) < 26*time.Hour {
		end = longest // the last allowed day is chosen as a whole
	}
	return api.Just(end.UTC().Truncate(time.Second))
}

// longestExpiry is the latest moment that the policy allows a key made then.
func longestExpiry(p api.Policy, made time.Time) (time.Time, bool) {
	if p.MaxLifetimeDays == nil {
		return time.Time{}, false
	}
	return made.Add(time.Duration(*p.MaxLifetimeDays)*24*time.Hour - skew), true
}

func insertSorted(days []int, n int) []int {
	for i, d := range days {
		if d == n {
			return days
		}
		if d > n {
			return append(days[:i], append([]int{n}, days[i:]...)...)
		}
	}
	return append(days, n)
}

// daysWord is a number of days as people say it.
func daysWord(n int) string {
	switch n {
	case 1:
		return "1 day"
	case 365:
		return "1 year"
	}
	return strconv.Itoa(n) + " days"
}

// editExpiryChoices begin with the expiry as it is. One's own key may live as long as
// the policy allows; another's may only end earlier than it does.
func editExpiryChoices(k api.Key, own bool, p api.Policy, now time.Time, day func(time.Time) string) []expiryChoice {
	kept := "As it is: never"
	if k.ExpiresAt != nil {
		kept = "As it is: " + day(*k.ExpiresAt)
	}
	list := []expiryChoice{{expiryKeep, kept}}
	offered, _ := expiryChoices(p, k.CreatedAt, now, day)
	for _, c := range offered {
		n, err := strconv.Atoi(c.Value)
		switch {
		case c.Value == expiryNever && (!own || k.ExpiresAt == nil):
		case err == nil && !own && k.ExpiresAt != nil && !now.AddDate(0, 0, n).Before(*k.ExpiresAt):
		default:
			list = append(list, c)
		}
	}
	return list
}
