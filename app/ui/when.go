package ui

import (
	"cmp"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Moment is a time to draw.
type Moment struct {
	At    time.Time // zero draws Never
	Never string    // the word for a zero time: Never, No expiry
	Exact bool      // the exact time first and the distance below, instead of distance and day
	Day   bool      // Exact: the day is exact enough
	Bare  bool      // one line, no second
	Tone  Tone      // Warn for soon, Bad for overdue
	Lead  string    // instead of the distance: Expired
}

// When draws a moment in the browser's zone; hover and focus tell UTC and zone. The
// distance is right when it is drawn: a page that stays open renders again by itself.
func When(m Moment) app.UI {
	if m.At.IsZero() {
		return El("span", "class", "never").Text(cmp.Or(m.Never, "Never"))
	}
	exact := local(m.At)
	utc := m.At.UTC().Format(exactLayout) + " UTC"
	tip := utc
	if zone := localZone(); zone != "UTC" {
		tip = exact + " " + zone + " · " + utc
	}
	if m.Day || !m.Exact {
		exact = exact[:len("2006-01-02")]
	}
	first, second := cmp.Or(m.Lead, Distance(m.At, time.Now())), exact
	if m.Exact {
		first, second = second, first
	}
	body := []app.UI{El("span").Text(first)}
	if !m.Bare {
		body = append(body, El("small").Text(second))
	}
	return El("time",
		"datetime", m.At.UTC().Format(time.RFC3339),
		"class", "when "+string(m.Tone),
		"tabindex", "0",
		"data-tip", tip,
	).Body(body...)
}

// Distance says how far t is from now: 2 min ago, yesterday, in 24 days.
func Distance(t, now time.Time) string {
	n, unit := distance(t, now, day(t), day(now))
	if unit == "" {
		return "just now"
	}
	return relative(n, unit)
}

// Span is a length of days as [Distance] counts them: 26 days, 3 years.
func Span(d time.Duration) string {
	n := int(d / (24 * time.Hour))
	unit := "day"
	if n >= manyDays {
		n, unit = years(n), "year"
	}
	return units(n, unit)
}

// distance chooses the unit a person would: minutes and hours by the clock, days by
// the calendar, given as numbers of days, and years from two on. Negative is the past; no
// unit is now.
func distance(t, now time.Time, tDay, nowDay int) (n int, unit string) {
	switch d := t.Sub(now); {
	case d > -45*time.Second && d < 45*time.Second:
		return 0, ""
	case d > -time.Hour && d < time.Hour:
		return awayFromZero(d, time.Minute), "minute"
	case d > -24*time.Hour && d < 24*time.Hour:
		return awayFromZero(d, time.Hour), "hour"
	}
	if n = tDay - nowDay; n > -manyDays && n < manyDays {
		return n, "day"
	}
	return years(n), "year"
}

// manyDays are more than tell anybody anything: two years.
const manyDays = 2*365 + 1

// years is how many whole ones the days make.
func years(days int) int { return days * 4 / (4*365 + 1) }

// awayFromZero is how many whole units d has, and one at least.
func awayFromZero(d, unit time.Duration) int {
	n := int(d / unit)
	switch {
	case n == 0 && d < 0:
		return -1
	case n == 0:
		return 1
	}
	return n
}

// day numbers the calendar days of the browser's zone.
func day(t time.Time) int {
	midnight, err := time.Parse("2006-01-02", local(t)[:len("2006-01-02")])
	if err != nil {
		midnight = t.UTC()
	}
	return int(midnight.Unix() / (24 * 60 * 60))
}
