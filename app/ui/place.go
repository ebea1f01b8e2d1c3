package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// box is a rectangle on the screen, in CSS pixels.
type box struct{ x, y, w, h float64 }

const placeGap = 4

// beside says where a floating box stands: below its anchor and level with its end,
// above where there is no room, never outside the view.
func beside(anchor box, w, h, viewW, viewH float64) (x, y float64) {
	x = anchor.x + anchor.w - w
	y = anchor.y + anchor.h + placeGap
	if y+h > viewH && anchor.y-placeGap-h >= 0 {
		y = anchor.y - placeGap - h
	}
	return clamp(x, viewW-w), clamp(y, viewH-h)
}

func clamp(v, most float64) float64 { return max(0, min(v, most)) }

// place hands the position to the style sheet as --x and --y, through the CSSOM: the
// page's policy forbids style attributes. On a phone the style sheet ignores it.
func place(floating, anchor app.Value) {
	f, a := rect(floating), rect(anchor)
	x, y := beside(a, f.w, f.h, window().Get("innerWidth").Float(), window().Get("innerHeight").Float())
	style := floating.Get("style")
	style.Call("setProperty", "--x", px(x))
	style.Call("setProperty", "--y", px(y))
}

func rect(el app.Value) box {
	r := el.Call("getBoundingClientRect")
	return box{r.Get("x").Float(), r.Get("y").Float(), r.Get("width").Float(), r.Get("height").Float()}
}

func px(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) + "px" }
