package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Row is a table row; off greys it. It can take the focus by its id, after an act
// took away what had it.
func Row(id string, off bool, cells ...app.UI) app.UI {
	return El("tr", "role", "row", "id", id, "tabindex", "-1", "data-off", flag(off)).Body(cells...)
}

// TitleCell is the row's name and the line below it ("" for none); more may follow
// the name: badges.
func TitleCell(name, below string, more ...app.UI) app.UI {
	body := []app.UI{El("div", "class", "name-line").Body(append([]app.UI{El("span", "class", "name").Text(name)}, more...)...)}
	if below != "" {
		body = append(body, El("span", "class", "desc", "data-tip", below).Text(below))
	}
	return El("td", "class", "title", "role", "rowheader").Body(body...)
}

// Cell is a cell that says on a phone what it is.
func Cell(label string, body ...app.UI) app.UI {
	return El("td", "role", "cell", "data-label", label).Body(body...)
}

// EndCell holds the acts of a row.
func EndCell(body ...app.UI) app.UI {
	return El("td", "role", "cell", "class", "end").Body(El("div", "class", "acts").Body(body...))
}

// SelectCell is the checkbox of a row; name is the row's.
func SelectCell(id, name string, on bool, onChange func(ctx app.Context, on bool)) app.UI {
	return El("td", "role", "cell", "class", "select").Body(&Check{
		ID: id, Label: "Select " + name, HideLabel: true, On: on, OnChange: onChange,
	})
}

// skeletonRows stand for rows that are on their way.
func skeletonRows(columns int) []app.UI {
	const count = 5
	rows := make([]app.UI, count)
	for i := range rows {
		cells := make([]app.UI, columns)
		for j := range cells {
			cells[j] = El("td", "role", "cell").Body(bone())
		}
		rows[i] = El("tr", "role", "row", "class", "skeleton-row", "aria-hidden", "true").Body(cells...)
	}
	return rows
}
