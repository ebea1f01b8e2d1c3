package ui

import (
	"slices"
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// PageSizes are the sizes a Pager offers.
var PageSizes = []int{10, 25, 50, 100}

// Pages is the arithmetic of numbered pages, from 1.
type Pages struct{ Page, Limit, Total int }

// Last is the number of the last page: 1 for an empty list.
func (p Pages) Last() int {
	if p.Limit <= 0 {
		return 1
	}
	return max(1, (p.Total+p.Limit-1)/p.Limit)
}

// Range is the first and the last row of the page, from 1; 0, 0 where it holds none.
func (p Pages) Range() (first, last int) {
	first = (p.Page-1)*p.Limit + 1
	last = min(p.Page*p.Limit, p.Total)
	if first < 1 || first > last {
		return 0, 0
	}
	return first, last
}

// Summary is what stands at the foot: 1–25 of 230 keys.
func (p Pages) Summary(one, many string) string {
	noun := many
	if p.Total == 1 {
		noun = one
	}
	first, last := p.Range()
	if first == 0 {
		return Count(p.Total) + " " + noun
	}
	return Count(first) + "–" + Count(last) + " of " + Count(p.Total) + " " + noun
}

// Pager is the foot of a list: how many there are, which page, how many a page.
type Pager struct {
	app.Compo
	ID        string // required
	Pages     Pages
	One, Many string // key, keys
	OnPage    func(ctx app.Context, page int)
	OnLimit   func(ctx app.Context, limit int)
}

func (p *Pager) Render() app.UI {
	return El("nav", "class", "pager", "aria-label", "Pages of "+p.Many).Body(
		El("span", "class", "num", "role", "status").Text(p.Pages.Summary(p.One, p.Many)),
		El("div", "class", "row").Body(
			p.sizes(),
			p.turn("Previous page", IconLeft, -1),
			El("span", "class", "num").Text("Page "+Count(p.Pages.Page)+" of "+Count(p.Pages.Last())),
			p.turn("Next page", IconRight, 1),
		),
	)
}

func (p *Pager) sizes() app.UI {
	sizes := PageSizes
	if n := p.Pages.Limit; !slices.Contains(sizes, n) { // an address may ask for any
		sizes = append([]int{n}, sizes...)
		slices.Sort(sizes)
	}
	options := make([]Option, len(sizes))
	for i, n := range sizes {
		options[i] = Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)}
	}
	return El("div", "class", "sizes").Body(&Select{
		ID: p.ID + "-limit", Label: "Rows", Value: strconv.Itoa(p.Pages.Limit), Options: options, OnChange: p.onLimit,
	})
}

func (p *Pager) turn(label string, icon Icon, by int) app.UI {
	to := p.Pages.Page + by
	off := ""
	switch {
	case to < 1:
		off = "This is the first page"
	case to > p.Pages.Last() && by > 0:
		off = "This is the last page"
	}
	return &IconButton{Label: label, Tip: label, Icon: icon, Framed: true, Off: off, OnClick: func(ctx app.Context) {
		if p.OnPage != nil {
			p.OnPage(ctx, min(to, p.Pages.Last()))
		}
	}}
}

func (p *Pager) onLimit(ctx app.Context, value string) {
	if n, err := strconv.Atoi(value); err == nil && p.OnLimit != nil {
		p.OnLimit(ctx, n)
	}
}
