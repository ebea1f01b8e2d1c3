package pages

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// The parts of the list that both screens share: search, filters, faces, pages.

// searchField is the search of the list; "/" goes there.
func (d *keyDesk) searchField(id, placeholder string) app.UI {
	return &ui.Field{
		ID: id, Label: "Search keys", HideLabel: true, Type: "search", Icon: ui.IconSearch,
		Placeholder: placeholder, Value: d.search, Error: unsought(d.search), Shortcut: "/", AutoComplete: "off", OnInput: d.onSearch,
	}
}

// filterButton opens and closes the filters, and says how many are set.
func (d *keyDesk) filterButton() app.UI {
	label := "Filters"
	if n := d.filtersSet(); n > 0 {
		label = "Filters (" + ui.Count(n) + ")"
	}
	return &ui.Button{
		ID: "key-filters-button", Label: label, Icon: ui.IconFilter, Expanded: yesNo(d.filters), Controls: "key-filters",
		OnClick: func(app.Context) { d.filters = !d.filters },
	}
}

func (d *keyDesk) filtersSet() (n int) {
	q := d.list.query
	for _, set := range []bool{q.Role != "", q.State != "", q.Use != "", q.Scope != "", q.User != 0, q.Review} {
		if set {
			n++
		}
	}
	return n
}

func yesNo(on bool) string {
	if on {
		return "true"
	}
	return "false"
}

// filterBar is the row of filters, below the toolbar.
func (d *keyDesk) filterBar() app.UI {
	// The slot stays where it is: a part that comes and goes would shift the table in
	// go-app's eyes, and have it drawn anew.
	slot := ui.El("div", "id", "key-filters", "hidden", yesNo(!d.filters))
	if !d.filters {
		return slot
	}
	q := d.list.query
	bar := []app.UI{
		d.filterBy("role", "Role", string(q.Role), roleOptions, func(q *api.KeyList, v string) { q.Role = api.KeyRole(v) }),
		d.filterBy("state", "State", q.State, stateOptions, func(q *api.KeyList, v string) { q.State = v }),
		d.filterBy("use", "Last login", q.Use, useOptions, func(q *api.KeyList, v string) { q.Use = v }),
		d.filterBy("scope", "Scope", q.Scope, scopeOptions(d.rights().SeesOthersGlobal()), func(q *api.KeyList, v string) { q.Scope = v }),
	}
	if d.rights().SeesOthers() {
		owners := d.owners.options("All owners", d.view.Me.User.ID, q.User)
		bar = append(bar, d.filterBy("user", "Owner", userRef(q.User), owners, func(q *api.KeyList, v string) { q.User = userOf(v) }))
	}
	if q.Review {
		bar = append(bar, &ui.Button{ID: "key-filter-review", Label: "Deserves a look", Name: "Deserves a look: remove this filter", Icon: ui.IconClose,
			OnClick: func(app.Context) { d.filter(func(q *api.KeyList) { q.Review = false }) }})
	}
	if narrowed(q) {
		bar = append(bar, &ui.Button{Label: "Clear", Kind: ui.Quiet, Icon: ui.IconClose, OnClick: d.clear})
	}
	return slot.Body(ui.El("div", "class", "toolbar filters", "role", "group", "aria-label", "Filters").Body(bar...))
}

func (d *keyDesk) filterBy(id, label, value string, options []ui.Option, set func(q *api.KeyList, v string)) app.UI {
	return &ui.Select{
		ID: "key-filter-" + id, Label: label, HideLabel: true, Value: value, Options: options,
		OnChange: func(_ app.Context, v string) { d.filter(func(q *api.KeyList) { set(q, v) }) },
	}
}

var roleOptions = []ui.Option{{Value: "", Label: "All roles"}, {Value: string(api.Admin), Label: "ADMIN"}, {Value: string(api.ReadOnly), Label: "READONLY"}}

var stateOptions = []ui.Option{
	{Value: "", Label: "Any state"}, {Value: api.StateEnabled, Label: "Enabled"},
	{Value: api.StateDisabled, Label: "Disabled"}, {Value: api.StateExpired, Label: "Expired"},
}

var useOptions = []ui.Option{
	{Value: "", Label: "Any last login"}, {Value: api.UseNever, Label: "Never used"}, {Value: api.UseIdle30, Label: "Idle over 30 days"},
	{Value: api.UseIdle90, Label: "Idle over 90 days"}, {Value: api.UseIdle365, Label: "Idle over 365 days"},
}

// scopeOptions name the reaches of a key by what each shows. Everyone's global keys are
// on offer only to whom the account lets see them.
func scopeOptions(everyones bool) []ui.Option {
	list := []ui.Option{{Value: "", Label: "Here + my global"}, {Value: api.ScopeGlobal, Label: "My global only"}}
	if everyones {
		list[1].Label = "All global only"
		list = append(list, ui.Option{Value: api.ScopeAll, Label: "Here + all global"})
	}
	return list
}

// clear shows everything again.
func (d *keyDesk) clear(app.Context) {
	d.write("")
	d.goTo(widened(d.list.query))
}

// table is the list in whichever of its faces.
func (d *keyDesk) table(t *ui.Table) app.UI {
	q := filled(d.list.query)
	t.Sort, t.Desc = q.Sort, q.Order == api.Descending
	t.Empty = d.empty()
	t.OnSort = d.onSort
	if !d.view.Offline { // see [listBase.retry]
		t.OnRetry = func(app.Context) { d.reload() }
	}
	t.State = ui.Ready
	switch {
	case d.list.busy || d.view.Org == nil || !d.list.loaded && d.list.problem == nil:
		t.State = ui.Loading
	case d.list.problem != nil && t.Empty == nil:
		t.State, t.Error = ui.Failed, client.Sentence(d.list.problem)
	}
	return t
}

func (d *keyDesk) onSort(_ app.Context, column string, desc bool) {
	d.filter(func(q *api.KeyList) {
		q.Sort, q.Order = column, api.Ascending
		if desc {
			q.Order = api.Descending
		}
	})
}

// pager is the foot of the list.
func (d *keyDesk) pager() app.UI {
	if !d.list.loaded || d.list.total == 0 {
		return nil
	}
	q := filled(d.list.query)
	return &ui.Pager{
		ID: "keys-pager", Pages: ui.Pages{Page: q.Page, Limit: q.Limit, Total: d.list.total}, One: "key", Many: "keys",
		OnPage: func(_ app.Context, page int) {
			next := d.list.query
			next.Page = page
			d.goTo(next)
		},
		OnLimit: func(_ app.Context, limit int) { d.filter(func(q *api.KeyList) { q.Limit = limit }) },
	}
}

// empty is why there are no rows, nil where there are.
func (d *keyDesk) empty() app.UI {
	switch d.list.missing() {
	case noneYet:
		return ui.Empty(ui.NothingYet, "No API keys yet",
			"Keys are never made for you. Add one for each script or service, so that each can be switched off on its own.", d.addButton("keys-empty-add"))
	case noneMatch:
		return ui.Empty(ui.NoMatch, "No key matches", "Nothing here fits the search and the filters. The last four of a key are those before its final underscore.",
			&ui.Button{Label: "Show all keys", OnClick: d.clear})
	case noneAllowed:
		return ui.Empty(ui.NotAllowed, "Not yours to see", "Your role in this organization does not let you see its keys.", nil)
	case noneOffline:
		return ui.Empty(ui.NotSynced, "Not kept for offline use", "This list was not opened on this device within the last 7 days.",
			d.retry("keys-retry", d.reload))
	}
	return nil
}

// addButton opens the form of a new key; "c" does the same.
func (d *keyDesk) addButton(id string) app.UI {
	return &ui.Button{
		ID: id, Label: "Add API key", Icon: ui.IconPlus, Kind: ui.Primary, Shortcut: "c", Off: d.off(),
		OnClick: func(app.Context) { d.open(dialogNew, api.Key{}) },
	}
}

// asOf says how old the rows are where they come from this device.
func (d *keyDesk) asOf() app.UI {
	slot := ui.El("span", "hidden", yesNo(d.list.asOf.IsZero()))
	if d.list.asOf.IsZero() {
		return slot
	}
	return slot.Body(ui.El("span", "class", "badge").Body(ui.IconClock.Draw(), app.Text("as of "),
		ui.When(ui.Moment{At: d.list.asOf, Exact: true, Bare: true})))
}

// minute changes once a minute, so that rows draw their relative times anew.
func minute() int64 { return time.Now().Unix() / 60 }
