package pages

import (
	"fmt"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Days are those of the browser's zone. Go's own time.Local knows today's offset
// only in WASM, so a day in another season would begin an hour off; the browser's
// Date knows them all.

// dayOf writes the day of a moment, 2006-01-02.
func dayOf(t time.Time) string {
	if app.IsServer {
		return t.UTC().Format(time.DateOnly)
	}
	d := app.Window().Get("Date").New(float64(t.UnixMilli()))
	return fmt.Sprintf("%04d-%02d-%02d", d.Call("getFullYear").Int(), d.Call("getMonth").Int()+1, d.Call("getDate").Int())
}

// dayEnd is the last second of a day written 2006-01-02.
func dayEnd(day string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Time{}, false
	}
	if app.IsServer {
		return t.Add(24*time.Hour - time.Second), true
	}
	d := app.Window().Get("Date").New(t.Year(), int(t.Month())-1, t.Day(), 23, 59, 59)
	return time.UnixMilli(int64(d.Call("getTime").Float())), true
}
