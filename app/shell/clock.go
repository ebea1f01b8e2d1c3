package shell

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// clock is a moment in the browser's zone and manner, "01:42", with its date unless
// it is within the last twelve hours; "" for none. Go's own local time is not asked:
// under js/wasm it is today's offset all year.
func clock(t, now time.Time) string {
	if t.IsZero() || app.IsServer {
		return ""
	}
	manner := map[string]any{"hour": "2-digit", "minute": "2-digit", "hourCycle": "h23"}
	if now.Sub(t) > 12*time.Hour {
		manner["day"], manner["month"] = "numeric", "short"
	}
	return app.Window().Get("Date").New(t.UnixMilli()).Call("toLocaleString", app.Undefined(), manner).String()
}

// left is a time to go as a person counts it down: 1:59.
func left(d time.Duration) string {
	if d < 0 {
		d = 0
	}
	seconds := int((d + time.Second - 1) / time.Second)
	tens, ones := seconds%60/10, seconds%10
	return string(rune('0'+min(seconds/60, 9))) + ":" + string(rune('0'+tens)) + string(rune('0'+ones))
}
