package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Column is one column of a Table; ID is what OnSort is told.
type Column struct {
	ID, Title string
	Sort      bool
	End       bool // aligned to the end, for the acts
}

// State is which of the four faces a list shows. Empty is Ready without rows.
type State int

const (
	Loading State = iota
	Ready
	Failed
)

// Table is a list of rows: columns on a wide screen, cards on a phone.
type Table struct {
	app.Compo
	ID        string // required
	Label     string // accessible name
	Columns   []Column
	Sort      string // column ID
	Desc      bool
	State     State
	Rows      []app.UI // components with a CompoID that render ui.Row
	Empty     app.UI   // shown when Ready without rows
	Error     string   // Failed: what went wrong, in a sentence
	Selection *Selection
	Bulk      func() []app.UI // the acts on the selection
	OnSort    func(ctx app.Context, column string, desc bool)
	OnSelect  func(ctx app.Context) // the selection changed
	OnRetry   func(ctx app.Context)
}

func (t *Table) Render() app.UI { return app.Div() }
