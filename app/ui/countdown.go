package ui

import (
	"math"
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// showFor is how long a value stays, and what "Keep showing" adds.
const showFor = 10 * time.Second

// countdown is what is left until a deadline. It is computed and never counted
// down: a hidden tab throttles its timers.
type countdown struct{ left time.Duration }

func until(deadline, now time.Time) countdown { return countdown{max(0, deadline.Sub(now))} }

func (c countdown) over() bool { return c.left <= 0 }

// seconds is the number to show: 10 for the whole first second.
func (c countdown) seconds() int { return int(math.Ceil(c.left.Seconds())) }

// next is how long the number stays right.
func (c countdown) next() time.Duration {
	if part := c.left % time.Second; part > 0 {
		return part
	}
	return min(c.left, time.Second)
}

// share is how much of the ring is left, 0 to 1.
func (c countdown) share() float64 {
	return min(1, float64(c.seconds())/showFor.Seconds())
}

const ringLength = 2 * math.Pi * 9

// ring draws the countdown. Its length is an attribute of the SVG and no style, which
// the page's policy would refuse.
func (c countdown) ring() app.UI {
	n := strconv.Itoa(c.seconds())
	gone := strconv.FormatFloat(ringLength*(1-c.share()), 'f', 1, 64)
	return El("span", "class", "countdown", "role", "timer", "aria-label", "Hides in "+n+" seconds").Body(
		svg("svg", "viewBox", "0 0 22 22", "aria-hidden", "true").Body(
			svg("circle", "class", "track", "cx", "11", "cy", "11", "r", "9"),
			svg("circle", "cx", "11", "cy", "11", "r", "9",
				"stroke-dasharray", strconv.FormatFloat(ringLength, 'f', 1, 64), "stroke-dashoffset", gone),
		),
		El("span", "aria-hidden", "true").Text(n),
	)
}
