package pages

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// The parts that every list has: search, filters, faces, pages. Their ids begin with
// the plural of its rows.

// searchField is the search of the list; "/" goes there.
func (l *listing) searchField(placeholder string) app.UI {
	return &ui.Field{
		ID: l.Many + "-search", Label: "Search " + l.Many, HideLabel: true, Type: "search", Icon: ui.IconSearch,
		Placeholder: placeholder, Value: l.search, Error: unsought(l.search), Shortcut: "/", OnInput: l.onSearch,
	}
}

// filterButton opens and closes the filters, and says how many are set.
func (l *listing) filterButton() app.UI {
	label := "Filters"
	if n := l.filters(); n > 0 {
		label += " (" + strconv.Itoa(n) + ")"
	}
	return &ui.Button{
		ID: l.Many + "-filters-button", Label: label, Icon: ui.IconFilter, Expanded: yesNo(l.open), Controls: l.Many + "-filters",
		OnClick: func(app.Context) { l.open = !l.open },
	}
}

// filterBar is the row of filters, below the toolbar.
func (l *listing) filterBar(filters func() []app.UI) app.UI {
	// The slot stays where it is: a part that comes and goes would shift the table in
	// go-app's eyes, and have it drawn anew.
	slot := ui.El("div", "id", l.Many+"-filters", "hidden", yesNo(!l.open || l.denied()))
	if !l.open || l.denied() {
		return slot
	}
	bar := filters()
	if l.narrowed() {
		bar = append(bar, &ui.Button{Label: "Clear", Kind: ui.Quiet, Icon: ui.IconClose, OnClick: l.clear})
	}
	return slot.Body(ui.El("div", "class", "toolbar filters", "role", "group", "aria-label", "Filters").Body(bar...))
}

// filterBy is one of the filters: a list to choose one of.
func (l *listing) filterBy(name, label string, options []ui.Option) app.UI {
	return &ui.Select{
		ID: l.Many + "-by-" + name, Label: label, HideLabel: true, Value: l.query.Get(name), Options: options,
		OnChange: func(_ app.Context, value string) { l.set(name, value) },
	}
}

// table is the list in whichever of its faces. Empty, where the screen gives it, is
// for a list that has nothing yet.
func (l *listing) table(t *ui.Table) app.UI {
	q := l.rules.list(l.query)
	t.ID = l.Many
	if len(l.rules.Sorts) > 0 {
		t.Sort, t.Desc, t.OnSort = q.Sort, q.Order == api.Descending, l.onSort
	}
	t.Empty = l.empty(t.Empty)
	if !l.view.Offline { // see [listBase.retry]
		t.OnRetry = func(app.Context) { l.reload() }
	}
	t.State = ui.Ready
	switch {
	case l.busy || l.view.Org == nil || !l.loaded && l.problem == nil:
		t.State = ui.Loading
	case l.problem != nil && t.Empty == nil:
		t.State, t.Error = ui.Failed, client.Sentence(l.problem)
	}
	return t
}

func (l *listing) onSort(_ app.Context, column string, desc bool) {
	q := l.with("sort", column)
	q.Del("order")
	if desc {
		q.Set("order", api.Descending)
	}
	l.goTo(q)
}

// empty is why there are no rows, nil where there are.
func (l *listing) empty(noneSoFar app.UI) app.UI {
	switch l.missing() {
	case noneYet:
		return noneSoFar
	case noneMatch:
		return ui.Empty(ui.NoMatch, "No "+l.One+" matches", "Nothing here fits the search and the filters.",
			&ui.Button{ID: l.Many + "-all", Label: "Show all", OnClick: l.clear})
	case noneAllowed:
		return ui.Empty(ui.NotAllowed, "Not yours to see", "Your role does not let you see this list.", nil)
	case noneOffline:
		return ui.Empty(ui.NotSynced, "Not kept for offline use", "Only API keys are kept on this device. This list needs the server.",
			l.retry(l.Many+"-retry", l.reload))
	}
	return nil
}

// pager is the foot of the list.
func (l *listing) pager() app.UI {
	if !l.loaded || l.total == 0 {
		return nil
	}
	return &ui.Pager{
		ID: l.Many + "-pager", Pages: l.pages(), One: l.One, Many: l.Many,
		OnPage:  func(_ app.Context, page int) { l.set("page", strconv.Itoa(page)) },
		OnLimit: func(_ app.Context, limit int) { l.set("limit", strconv.Itoa(limit)) },
	}
}
