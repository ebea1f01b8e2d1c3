package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Area is several lines of input.
type Area struct {
	app.Compo
	ID, Label, Value, Placeholder, Hint, Error string
	Rows                                       int
	Optional                                   bool
	OnInput                                    func(ctx app.Context, value string)
}

func (a *Area) Render() app.UI { return app.Div() }
