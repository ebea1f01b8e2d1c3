package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Row is a table row; off greys it.
func Row(id string, off bool, cells ...app.UI) app.UI { return app.Tr() }

// TitleCell is the row's name and the line below it ("" for none); more may follow the name (badges).
func TitleCell(name, below string, more ...app.UI) app.UI { return app.Td() }

// Cell is a cell that says on a phone what it is.
func Cell(label string, body ...app.UI) app.UI { return app.Td() }

// EndCell holds the acts of a row.
func EndCell(body ...app.UI) app.UI { return app.Td() }

// SelectCell is the checkbox of a row; name is the row's.
func SelectCell(id, name string, on bool, onChange func(ctx app.Context, on bool)) app.UI {
	return app.Td()
}
