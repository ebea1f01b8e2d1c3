package pages

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// The parts of a roll's list: search, filters, faces, pages.

// card is the whole list: its tools, its rows and its foot. filters are those of
// [roll.filterBy].
func (r *roll) card(placeholder string, t *ui.Table, none app.UI, filters ...app.UI) app.UI {
	tools := []app.UI{&ui.Field{
		ID: t.ID + "-search", Label: "Search " + r.kind.Many, HideLabel: true, Type: "search", Icon: ui.IconSearch,
		Placeholder: placeholder, Value: r.search, Error: unsought(r.search), Shortcut: "/", AutoComplete: "off", OnInput: r.onSearch,
	}, ui.El("span", "class", "grow")}
	if len(filters) > 0 {
		tools = append(tools, r.filterButton())
	}
	return ui.El("section", "class", "card", "aria-labelledby", t.ID+"-heading").Body(
		ui.El("h2", "class", "sr", "id", t.ID+"-heading").Text(t.Label),
		ui.El("div", "class", "toolbar", "hidden", yesNo(r.denied())).Body(tools...),
		r.filterBar(filters),
		r.table(t, none),
		r.pager(t.ID+"-pager"),
	)
}

// denied reports whether the person may not see the list: then there is nothing to
// search or filter.
func (r *roll) denied() bool { return fault.Is(r.list.problem, fault.PermissionRequired) }

// filterButton opens and closes the filters, and says how many are set.
func (r *roll) filterButton() app.UI {
	label := "Filters"
	if n := r.list.query.set(); n > 0 {
		label = "Filters (" + ui.Count(n) + ")"
	}
	return &ui.Button{
		ID: "filters-button", Label: label, Icon: ui.IconFilter, Expanded: yesNo(r.filters), Controls: "filters",
		OnClick: func(app.Context) { r.filters = !r.filters },
	}
}

// filterBar is the row of filters. Its slot is always there, or opening it would have
// the table below drawn anew.
func (r *roll) filterBar(filters []app.UI) app.UI {
	closed := !r.filters || len(filters) == 0 || r.denied()
	slot := ui.El("div", "id", "filters", "hidden", yesNo(closed))
	if closed {
		return slot
	}
	if r.list.query.narrowed() {
		filters = append(filters, &ui.Button{Label: "Clear", Kind: ui.Quiet, Icon: ui.IconClose, OnClick: r.clear})
	}
	return slot.Body(ui.El("div", "class", "toolbar filters", "role", "group", "aria-label", "Filters").Body(filters...))
}

// filterBy is the list from which the i-th filter of the kind is set.
func (r *roll) filterBy(i int, label string, options []ui.Option) app.UI {
	return &ui.Select{
		ID: "filter-" + r.kind.Filters[i].Name, Label: label, HideLabel: true, Value: r.list.query.By[i], Options: options,
		OnChange: func(_ app.Context, v string) { r.filter(func(q *rollQuery) { q.By[i] = v }) },
	}
}

// table is the list in whichever of its faces; none is shown where there is nothing yet.
func (r *roll) table(t *ui.Table, none app.UI) app.UI {
	q := r.kind.filled(r.list.query)
	t.Sort, t.Desc = q.Sort, q.Order == api.Descending
	t.Empty = r.empty(none)
	if !r.view.Offline { // see [listBase.retry]
		t.OnRetry = func(app.Context) { r.reload() }
	}
	t.OnSort = func(_ app.Context, column string, desc bool) {
		r.filter(func(q *rollQuery) {
			q.Sort, q.Order = column, api.Ascending
			if desc {
				q.Order = api.Descending
			}
		})
	}
	t.State = ui.Ready
	switch {
	case r.list.busy, !r.list.loaded && r.list.problem == nil:
		t.State = ui.Loading
	case r.list.problem != nil && t.Empty == nil:
		t.State, t.Error = ui.Failed, client.Sentence(r.list.problem)
	}
	return t
}

// empty is why there are no rows, nil where there are.
func (r *roll) empty(none app.UI) app.UI {
	many := r.kind.Many
	switch r.list.missing() {
	case noneYet:
		return none
	case noneMatch:
		return ui.Empty(ui.NoMatch, "No "+r.kind.One+" matches", "Nothing here fits the search and the filters.",
			&ui.Button{Label: "Show all " + many, OnClick: r.clear})
	case noneAllowed:
		return ui.Empty(ui.NotAllowed, "Not yours to see", "Your role does not let you see "+many+". Ask an administrator for it.", nil)
	case noneOffline:
		return ui.Empty(ui.NotSynced, "Not kept for offline use", "The list of "+many+" is only shown while the server is reached.",
			r.retry(many+"-retry", r.reload))
	}
	return nil
}

// pager is the foot of the list.
func (r *roll) pager(id string) app.UI {
	if !r.list.loaded || r.list.total == 0 || r.list.count == 0 {
		return nil
	}
	q := r.kind.filled(r.list.query)
	return &ui.Pager{
		ID: id, Pages: ui.Pages{Page: q.Page, Limit: q.Limit, Total: r.list.total}, One: r.kind.One, Many: r.kind.Many,
		OnPage: func(_ app.Context, page int) {
			next := r.list.query
			next.Page = page
			r.goTo(next)
		},
		OnLimit: func(_ app.Context, limit int) { r.filter(func(q *rollQuery) { q.Limit = limit }) },
	}
}
