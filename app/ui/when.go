package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Moment is a time to draw.
type Moment struct {
	At    time.Time // zero draws Never
	Never string    // the word for a zero time: Never, No expiry
	Exact bool      // the exact time first and the distance below, instead of the reverse
	Bare  bool      // one line, no second
	Mark  string    // "soon" or "overdue": its colour
	Lead  string    // instead of the distance: Expired
}

// When draws a moment in the browser's zone; hover and focus tell UTC and zone.
func When(m Moment) app.UI { return app.Time() }
