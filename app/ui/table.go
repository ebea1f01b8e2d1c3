package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Column is one column of a Table; ID is what OnSort is told.
type Column struct {
	ID, Title string
	Holds     Holds
	Sort      bool
	End       bool // aligned to the end, for the acts
}

// Holds is what stands in a column. The style sheet gives it the room for that, so that
// no column moves when the rows come, or others do. The first column needs no word, it
// takes the room that is left; nor does one at the end with a single act.
type Holds string

const (
	HoldsPerson  Holds = "person" // a face and a name
	HoldsValue   Holds = "value"  // a Secret
	HoldsBadge   Holds = "badge"
	HoldsBadges  Holds = "badges" // several, of any length
	HoldsDay     Holds = "day"    // When, to the day
	HoldsMoment  Holds = "moment" // When, to the second
	HoldsNumber  Holds = "number"
	HoldsWords   Holds = "words"
	HoldsAddress Holds = "address" // of a machine
	HoldsSwitch  Holds = "switch"
	HoldsActs    Holds = "acts" // two buttons
)

// State is which of the four faces a list shows. Empty is Ready without rows.
type State int

const (
	Loading State = iota
	Ready
	Failed
)

// Table is a list of rows: columns on a wide screen, cards with a Sort menu and a
// Select mode on a phone. Rows once shown stay while newer ones load or fail to.
//
// Roles are spelled out because the cards are grids, and a browser takes a table's
// meaning away with its display.
type Table struct {
	app.Compo
	ID        string // required
	Label     string // accessible name
	Columns   []Column
	Sort      string // column ID
	Desc      bool
	State     State
	Rows      []app.UI // components with a CompoID that render Row
	Empty     app.UI   // shown when Ready without rows
	Error     string   // Failed: what went wrong, in a sentence
	Selection *Selection
	Bulk      func() []app.UI // the acts on the selection
	OnSort    func(ctx app.Context, column string, desc bool)
	OnSelect  func(ctx app.Context) // the selection changed
	OnRetry   func(ctx app.Context)

	selecting bool // on a phone the ticks show in Select mode only
}

// CompoID keeps one list's Select mode from another's.
func (t *Table) CompoID() string { return t.ID }

func (t *Table) Render() app.UI {
	root := El("div", "class", "list", "id", t.ID)
	if t.selecting {
		root = root.DataSet("selecting", "true")
	}
	// Four slots, each always there: go-app compares by place, and a bar that came or
	// went would rebuild the rows below it, and with them the focus.
	return root.Body(
		El("div", "class", "list-tools", "hidden", yes(len(t.Rows) == 0)).Body(t.tools()...),
		El("div", "class", "bulk", "role", "group", "aria-label", "Selected rows", "hidden", yes(t.picked() == 0)).Body(t.bulk()...),
		El("div", "role", "alert").Body(t.failure()),
		t.content(),
	)
}

func (t *Table) content() app.UI {
	if len(t.Rows) == 0 && t.State != Loading {
		if t.State == Failed || t.Empty == nil {
			return El("div")
		}
		return El("div").Body(t.Empty)
	}
	table := El("table", "role", "table", "aria-label", t.Label)
	rows := t.Rows
	if t.State == Loading {
		table = table.Aria("busy", "true")
		if len(rows) == 0 {
			rows = skeletonRows(t.Selection != nil, len(t.Columns))
		}
	}
	return El("div", "class", "table-scroll").Body(table.Body(
		El("thead", "role", "rowgroup").Body(El("tr", "role", "row").Body(t.heads()...)),
		El("tbody", "role", "rowgroup").Body(append([]app.UI(nil), rows...)...),
	))
}

func (t *Table) heads() []app.UI {
	var heads []app.UI
	if t.Selection != nil {
		heads = append(heads, El("th", "role", "columnheader", "class", "select").Body(t.tickAll("-all", true)))
	}
	for _, c := range t.Columns {
		heads = append(heads, t.head(c))
	}
	return heads
}

func (t *Table) tickAll(suffix string, hideLabel bool) app.UI {
	return &Check{
		ID: t.ID + suffix, Label: "All on this page", HideLabel: hideLabel,
		On: t.Selection.All(), Mixed: t.Selection.Count() > 0 && !t.Selection.All(),
		OnChange: func(ctx app.Context, on bool) {
			t.Selection.SetAll(on)
			call(ctx, t.OnSelect)
		},
	}
}

func (t *Table) head(c Column) app.UI {
	th := El("th", "role", "columnheader", "scope", "col", "data-holds", string(c.Holds))
	if c.End {
		th = th.Class("end")
	}
	if !c.Sort {
		return th.Text(c.Title)
	}
	icon := IconSort
	if c.ID == t.Sort {
		icon = IconUp
		order := "ascending"
		if t.Desc {
			icon, order = IconDown, "descending"
		}
		th = th.Aria("sort", order)
	}
	return th.Body(&sortButton{Title: c.Title, Icon: icon, OnClick: func(ctx app.Context) { t.sortBy(ctx, c.ID) }})
}

func (t *Table) sortBy(ctx app.Context, column string) {
	if t.OnSort != nil {
		t.OnSort(ctx, column, column == t.Sort && !t.Desc)
	}
}

// tools are what a phone has instead of column heads. What comes and goes is last:
// the button that was pressed keeps its place and the focus.
func (t *Table) tools() []app.UI {
	if len(t.Rows) == 0 {
		return nil
	}
	var bar []app.UI
	if t.OnSort != nil {
		bar = append(bar, &Menu{ID: t.ID + "-sort", Label: "Sort " + t.Label, Text: "Sort", Icon: IconSort, Items: t.sortItems})
	}
	if t.Selection == nil {
		return bar
	}
	if !t.selecting {
		return append(bar, &Button{Label: "Select", Icon: IconSelect, OnClick: t.onSelecting})
	}
	return append(bar, &Button{Label: "Done", Icon: IconSelect, OnClick: t.onSelecting}, t.tickAll("-all-phone", false))
}

func (t *Table) sortItems() []Item {
	var items []Item
	for _, c := range t.Columns {
		if !c.Sort {
			continue
		}
		for _, desc := range []bool{false, true} {
			label := c.Title + ", ascending"
			if desc {
				label = c.Title + ", descending"
			}
			items = append(items, Item{
				Label: label, Checked: c.ID == t.Sort && desc == t.Desc,
				OnPick: func(ctx app.Context) { t.OnSort(ctx, c.ID, desc) },
			})
		}
	}
	return items
}

func (t *Table) onSelecting(ctx app.Context) {
	t.selecting = !t.selecting
	t.Selection.Clear()
	call(ctx, t.OnSelect)
}

// picked is how many rows the acts of Bulk are for.
func (t *Table) picked() int {
	if t.Selection == nil || t.Bulk == nil {
		return 0
	}
	return t.Selection.Count()
}

func (t *Table) bulk() []app.UI {
	if t.picked() == 0 {
		return nil
	}
	acts := append(t.Bulk(), &Button{Label: "Clear", Kind: Quiet, OnClick: func(ctx app.Context) {
		t.Selection.Clear()
		call(ctx, t.OnSelect)
	}})
	return []app.UI{
		El("strong").Text(Count(t.picked()) + " selected"),
		El("div", "class", "acts").Body(acts...),
	}
}

func (t *Table) failure() app.UI {
	if t.State != Failed {
		return nil
	}
	title := "Couldn’t load the list."
	if len(t.Rows) > 0 {
		title = "Couldn’t refresh the list. These are the rows from before."
	}
	var retry app.UI
	if t.OnRetry != nil {
		retry = &Button{Label: "Retry", Icon: IconRotate, OnClick: t.OnRetry}
	}
	return El("div", "class", "pad").Body(Notice(Bad, title, t.Error, retry))
}

// sortButton is the button in a column's head.
type sortButton struct {
	app.Compo
	Title   string
	Icon    Icon
	OnClick func(ctx app.Context)
}

func (b *sortButton) Render() app.UI {
	return El("button", "type", "button").OnClick(b.onClick).Body(app.Text(b.Title), b.Icon.Draw())
}

func (b *sortButton) onClick(ctx app.Context, e app.Event) { call(ctx, b.OnClick) }
