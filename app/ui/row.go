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
	return titleCell(El("span", "class", "name").Text(name), below, more)
}

// TitleLink is a TitleCell whose name leads to a page of its own.
func TitleLink(name, href, below string, more ...app.UI) app.UI {
	return titleCell(El("a", "class", "name", "href", href).Text(name), below, more)
}

// TitleAct is a TitleCell whose name opens something.
func TitleAct(name, below string, onClick func(ctx app.Context), more ...app.UI) app.UI {
	return titleCell(&nameButton{Text: name, OnClick: onClick}, below, more)
}

func titleCell(name app.UI, below string, more []app.UI) app.UI {
	body := []app.UI{El("div", "class", "name-line").Body(append([]app.UI{name}, more...)...)}
	if below != "" {
		body = append(body, El("span", "class", "desc", "data-tip", below).Text(below))
	}
	return El("td", "class", "title", "role", "rowheader").Body(body...)
}

// nameButton is a name that opens something.
type nameButton struct {
	app.Compo
	Text    string
	OnClick func(ctx app.Context)
}

func (b *nameButton) Render() app.UI {
	return El("button", "type", "button", "class", "name").OnClick(b.onClick).Text(b.Text)
}

func (b *nameButton) onClick(ctx app.Context, e app.Event) { call(ctx, b.OnClick) }

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
func skeletonRows(selectable bool, columns int) []app.UI {
	const count = 5
	rows := make([]app.UI, count)
	for i := range rows {
		var cells []app.UI
		if selectable {
			cells = append(cells, El("td", "role", "cell", "class", "select"))
		}
		cells = append(cells, El("td", "role", "cell", "class", "title").Body(bone()))
		for range columns - 1 {
			cells = append(cells, El("td", "role", "cell").Body(bone()))
		}
		rows[i] = El("tr", "role", "row", "class", "skeleton-row", "aria-hidden", "true").Body(cells...)
	}
	return rows
}
