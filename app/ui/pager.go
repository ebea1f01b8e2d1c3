package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// PageSizes are the sizes a Pager offers.
var PageSizes = []int{10, 25, 50, 100}

// Pages is the arithmetic of numbered pages, from 1.
type Pages struct{ Page, Limit, Total int }

// Pager is the foot of a list: how many there are, which page, how many a page.
type Pager struct {
	app.Compo
	ID        string
	Pages     Pages
	One, Many string // key, keys
	OnPage    func(ctx app.Context, page int)
	OnLimit   func(ctx app.Context, limit int)
}

func (p *Pager) Render() app.UI { return app.Div() }
