package ui

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// exactLayout is how an exact time looks everywhere.
const exactLayout = "2006-01-02 15:04:05"

// The browser's zone is known to the browser only: Go's time.Local in WASM is
// today's fixed offset, an hour wrong for half of the year. These are made once.
var (
	exactFormat    app.Value
	relativeFormat app.Value
	zoneName       string
)

func intl() (app.Value, bool) {
	v := window().Get("Intl")
	return v, v.Truthy()
}

// local writes t as exactLayout in the browser's zone, in UTC where there is no
// browser. The Swedish locale is ISO 8601 with a space.
func local(t time.Time) string {
	api, ok := intl()
	if !ok {
		return t.UTC().Format(exactLayout)
	}
	if exactFormat == nil {
		exactFormat = api.Get("DateTimeFormat").New("sv-SE", map[string]any{"dateStyle": "short", "timeStyle": "medium"})
	}
	return exactFormat.Call("format", t.UnixMilli()).String()
}

// localZone names the browser's zone: Europe/Berlin.
func localZone() string {
	if zoneName == "" {
		zoneName = "UTC"
		if api, ok := intl(); ok {
			zoneName = api.Get("DateTimeFormat").New().Call("resolvedOptions").Get("timeZone").String()
		}
	}
	return zoneName
}

// relative words n units: in 3 days, yesterday. Years are written out, where the browser
// would say "3 yr ago".
func relative(n int, unit string) string {
	api, ok := intl()
	if !ok || unit == "year" {
		return plainRelative(n, unit)
	}
	if relativeFormat == nil {
		relativeFormat = api.Get("RelativeTimeFormat").New("en", map[string]any{"numeric": "auto", "style": "short"})
	}
	return strings.ReplaceAll(relativeFormat.Call("format", n, unit).String(), ".", "")
}

// plainRelative is relative in plain English.
func plainRelative(n int, unit string) string {
	words := units(max(n, -n), unit)
	if n < 0 {
		return words + " ago"
	}
	return "in " + words
}

// units are n of them: 1 day, 1,049 days.
func units(n int, unit string) string {
	if n != 1 {
		unit += "s"
	}
	return Count(n) + " " + unit
}

// Today is the current day in the browser's zone, as a date field writes it.
func Today() string { return local(time.Now())[:len("2006-01-02")] }
