package ui_test

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
	"golang.org/x/net/html"

	"keystead/app/ui"
)

// drawn is what a part renders, as a tree to ask.
type drawn struct {
	*testing.T
	root *html.Node
}

func draw(t *testing.T, part app.UI) drawn {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<!doctype html>" + app.HTMLString(part)))
	if err != nil {
		t.Fatal(err)
	}
	return drawn{t, root}
}

// all returns the elements whose attribute has that value; tag "" is any.
func (d drawn) all(tag, name, value string) (found []*html.Node) {
	for n := range d.root.Descendants() {
		if n.Type == html.ElementNode && (tag == "" || n.Data == tag) && (name == "" || attr(n, name) == value) {
			found = append(found, n)
		}
	}
	return found
}

func (d drawn) one(tag, name, value string) *html.Node {
	d.Helper()
	found := d.all(tag, name, value)
	if len(found) != 1 {
		d.Fatalf("%d elements %s[%s=%q], want one", len(found), tag, name, value)
	}
	return found[0]
}

func (d drawn) has(n *html.Node, name, want string) {
	d.Helper()
	if got := attr(n, name); got != want {
		d.Errorf("<%s> %s is %q, want %q", n.Data, name, got, want)
	}
}

func (d drawn) text() string { return text(d.root) }

// attr is "" for an attribute that is not there; HTMLString writes "true" as a bare one.
func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return cmp.Or(a.Val, "true")
		}
	}
	return ""
}

func text(n *html.Node) string {
	var words []string
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			words = append(words, strings.Fields(c.Data)...)
		}
	}
	return strings.Join(words, " ")
}

func TestButtonSaysWhyNot(t *testing.T) {
	d := draw(t, &ui.Button{Label: "Rotate", Off: "You are offline"})
	b := d.one("button", "", "")
	d.has(b, "aria-disabled", "true")
	d.has(b, "aria-description", "You are offline")
	d.has(b, "data-tip", "You are offline")
	d.has(b, "type", "button")

	d = draw(t, &ui.Button{Label: "Create", Busy: true, Submit: true, Shortcut: "c"})
	b = d.one("button", "aria-busy", "true")
	d.has(b, "type", "submit")
	d.has(b, "aria-keyshortcuts", "c")
}

func TestIconButtonIsNamed(t *testing.T) {
	d := draw(t, &ui.IconButton{Label: "Delete “ci”", Tip: "Delete", Icon: ui.IconTrash})
	d.has(d.one("button", "", ""), "aria-label", "Delete “ci”")
	d.has(d.one("svg", "", ""), "aria-hidden", "true")
}

func TestFieldIsWired(t *testing.T) {
	d := draw(t, &ui.Field{ID: "name", Label: "Name", Hint: "Any word", Error: "Taken"})
	in := d.one("input", "id", "name")
	d.has(d.one("label", "", ""), "for", "name")
	d.has(in, "aria-describedby", "name-error name-hint")
	d.has(in, "aria-invalid", "true")
	d.has(in, "autocomplete", "off")
	d.has(d.one("", "id", "name-error"), "role", "alert")

	d = draw(t, &ui.Field{ID: "name", Label: "Name"})
	d.has(d.one("input", "", ""), "aria-invalid", "")
	d.has(d.one("input", "", ""), "aria-describedby", "")
}

func TestSelectTakesAnEmptyValue(t *testing.T) {
	d := draw(t, &ui.Select{ID: "role", Label: "Role", Value: "", Options: []ui.Option{{Value: "", Label: "All"}, {Value: "a", Label: "ADMIN"}}})
	options := d.all("option", "", "")
	if len(options) != 2 {
		t.Fatalf("%d options", len(options))
	}
	d.has(options[1], "selected", "false")
	d.has(options[0], "value", "")
	if got := text(d.one("span", "class", "chosen")); got != "All" {
		t.Errorf("it shows %q", got)
	}
}

func TestChoicesAreOneGroup(t *testing.T) {
	d := draw(t, &ui.Choices{ID: "role", Label: "Role", Value: "b", Options: []ui.Option{{Value: "a", Label: "A"}, {Value: "b", Label: "B", Note: "More"}}})
	if n := len(d.all("input", "name", "role")); n != 2 {
		t.Errorf("%d radios of one name", n)
	}
	d.has(d.one("input", "id", "role-1"), "aria-describedby", "role-1-note")
	if got := text(d.one("legend", "", "")); got != "Role" {
		t.Errorf("legend %q", got)
	}
}

func TestSwitchStates(t *testing.T) {
	d := draw(t, &ui.Switch{ID: "s", Label: "ci enabled", On: true, Off: "Not yours"})
	s := d.one("input", "role", "switch")
	d.has(s, "aria-label", "ci enabled")
	d.has(s, "aria-disabled", "true")
	d.has(s, "aria-description", "Not yours")
	d = draw(t, &ui.Switch{ID: "s", Label: "ci enabled", Pending: true})
	d.one("input", "aria-busy", "true")
}

func TestDialogKeepsNothingWhileClosed(t *testing.T) {
	body := func() []app.UI { return []app.UI{app.P().Text("inside")} }
	closed := draw(t, &ui.Dialog{ID: "d", Title: "Add", Body: body})
	if got := closed.text(); got != "" {
		t.Errorf("a closed dialog holds %q", got)
	}
	open := draw(t, &ui.Dialog{ID: "d", Title: "Add", Open: true, Body: body, OnCancel: func(app.Context) {}, OnSubmit: func(app.Context) {}})
	dialog := open.one("dialog", "", "")
	open.has(dialog, "aria-labelledby", "d-title")
	open.has(dialog, "open", "") // showModal opens it; the attribute would not be modal
	open.one("h2", "id", "d-title")
	open.one("button", "aria-label", "Close")
	open.one("form", "", "")
	open.one("", "data-live", "polite")
}

func TestMenuIsClosedAndEmpty(t *testing.T) {
	d := draw(t, &ui.Menu{ID: "m", Label: "More actions for “ci”", Items: func() []ui.Item { t.Error("asked for items while closed"); return nil }})
	b := d.one("button", "id", "m")
	d.has(b, "aria-haspopup", "menu")
	d.has(b, "aria-expanded", "false")
	d.has(b, "popovertarget", "m-list")
	list := d.one("", "role", "menu")
	d.has(list, "id", "m-list")
	d.has(list, "popover", "auto")
}

// row is a row as pages write them.
type row struct {
	app.Compo
	Name string
}

func (r *row) Render() app.UI {
	return ui.Row("row-"+r.Name, true, ui.TitleCell(r.Name, "below"), ui.Cell("Role", app.Text("ADMIN")), ui.EndCell())
}

func table(state ui.State, rows ...app.UI) *ui.Table {
	return &ui.Table{
		ID: "t", Label: "API keys", State: state, Rows: rows, Sort: "name", Desc: true, Error: "No answer.",
		Columns: []ui.Column{{ID: "name", Title: "Name", Sort: true}, {ID: "role", Title: "Role", Sort: true}, {Title: "Manage", End: true}},
		Empty:   ui.Empty(ui.NothingYet, "No keys yet", "Add one.", nil),
		OnSort:  func(app.Context, string, bool) {},
		OnRetry: func(app.Context) {},
	}
}

func TestTableFaces(t *testing.T) {
	loading := draw(t, table(ui.Loading))
	loading.one("table", "aria-busy", "true")
	if n := len(loading.all("tr", "aria-hidden", "true")); n == 0 {
		t.Error("nothing stands for the rows to come")
	}

	empty := draw(t, table(ui.Ready))
	if len(empty.all("table", "", "")) != 0 || !strings.Contains(empty.text(), "No keys yet") {
		t.Errorf("empty: %q", empty.text())
	}

	failed := draw(t, table(ui.Failed))
	if got := text(failed.one("", "role", "alert")); !strings.Contains(got, "No answer.") || !strings.Contains(got, "Retry") {
		t.Errorf("failed: %q", got)
	}

	stale := draw(t, table(ui.Failed, &row{Name: "ci"}))
	if got := stale.text(); !strings.Contains(got, "No answer.") || !strings.Contains(got, "ci below") {
		t.Errorf("the old rows are gone: %q", got)
	}
}

func TestTableData(t *testing.T) {
	d := draw(t, table(ui.Ready, &row{Name: "ci"}))
	d.has(d.one("table", "", ""), "aria-label", "API keys")
	heads := d.all("th", "role", "columnheader")
	if len(heads) != 3 {
		t.Fatalf("%d heads", len(heads))
	}
	d.has(heads[0], "aria-sort", "descending")
	d.has(heads[1], "aria-sort", "")
	d.has(d.one("tr", "id", "row-ci"), "data-off", "true")
	d.one("td", "role", "rowheader")
	d.one("td", "data-label", "Role")
	d.one("button", "id", "t-sort")
}

func TestTableSelection(t *testing.T) {
	var s ui.Selection
	s.Show([]string{"1", "2"})
	s.Set("1", true)
	part := table(ui.Ready, &row{Name: "ci"})
	part.Selection = &s
	part.Bulk = func() []app.UI { return []app.UI{&ui.Button{Label: "Disable"}} }
	d := draw(t, part)
	if got := text(d.one("", "aria-label", "Selected rows")); got != "1 selected Disable Clear" {
		t.Errorf("bar: %q", got)
	}
	d.one("input", "id", "t-all")
}

func TestPagerStopsAtTheEnds(t *testing.T) {
	d := draw(t, &ui.Pager{ID: "p", Pages: ui.Pages{Page: 1, Limit: 25, Total: 30}, One: "key", Many: "keys"})
	d.has(d.one("button", "aria-label", "Previous page"), "aria-disabled", "true")
	d.has(d.one("button", "aria-label", "Next page"), "aria-disabled", "")
	if got := d.text(); !strings.Contains(got, "1–25 of 30 keys") || !strings.Contains(got, "Page 1 of 2") {
		t.Errorf("%q", got)
	}
	d.has(d.one("nav", "", ""), "aria-label", "Pages of keys")
}

// An address may ask for another number of rows than those on offer; the choice says it.
func TestPagerSaysHowManyRows(t *testing.T) {
	for limit, want := range map[int]string{25: "10 25 50 100", 30: "10 25 30 50 100"} {
		d := draw(t, &ui.Pager{ID: "p", Pages: ui.Pages{Page: 1, Limit: limit, Total: 40}, One: "key", Many: "keys"})
		if got := text(d.one("select", "", "")); got != want {
			t.Errorf("%d rows: the choice is among %s", limit, got)
		}
	}
}

func TestSecretIsMasked(t *testing.T) {
	never := func(context.Context) (string, error) { t.Error("asked for the value"); return "", nil }
	d := draw(t, &ui.Secret{ID: "k", Label: "key “ci”", Head: "ks_7Hq2", Tail: "n4F9", CopyOff: "You are offline", Reveal: never, Fetch: never})
	d.has(d.one("", "id", "k"), "data-state", "hidden")
	if got := text(d.one("code", "", "")); got != "ks_7Hq2 •••••••••• n4F9" {
		t.Errorf("mask %q", got)
	}
	d.has(d.one("button", "id", "k-show"), "aria-label", "Show key “ci”")
	d.has(d.one("button", "id", "k-copy"), "aria-label", "Copy key “ci”")
	d.has(d.one("button", "id", "k-copy"), "aria-disabled", "true")

	other := draw(t, &ui.Secret{ID: "k", Label: "key “ci”", Head: "ks_7Hq2", Tail: "n4F9", MaskOnly: true})
	if n := len(other.all("button", "", "")); n != 0 {
		t.Errorf("another's value has %d buttons", n)
	}
}

func TestRowsNeverShareTheirState(t *testing.T) {
	for _, pair := range [][2]app.DismountEnforcer{
		{&ui.Secret{ID: "1"}, &ui.Secret{ID: "2"}},
		{&ui.Menu{ID: "1"}, &ui.Menu{ID: "2"}},
		{&ui.Switch{ID: "1"}, &ui.Switch{ID: "2"}},
		{&ui.Dialog{ID: "1"}, &ui.Dialog{ID: "2"}},
		{&ui.Table{ID: "1"}, &ui.Table{ID: "2"}},
	} {
		if pair[0].CompoID() == pair[1].CompoID() {
			t.Errorf("%T takes over another's state", pair[0])
		}
	}
}

func TestWhen(t *testing.T) {
	at := time.Date(2024, 12, 16, 19, 47, 38, 0, time.UTC)
	d := draw(t, ui.When(ui.Moment{At: at, Exact: true}))
	n := d.one("time", "datetime", "2024-12-16T19:47:38Z")
	d.has(n, "data-tip", "2024-12-16 19:47:38 UTC")
	d.has(n, "tabindex", "0")
	if got := text(n); !strings.HasPrefix(got, "2024-12-16 19:47:38 ") || !strings.HasSuffix(got, "days ago") {
		t.Errorf("exact first: %q", got)
	}
	if got := draw(t, ui.When(ui.Moment{At: at, Lead: "Expired"})).text(); got != "Expired 2024-12-16" {
		t.Errorf("lead: %q", got)
	}
	if got := draw(t, ui.When(ui.Moment{At: at, Exact: true, Bare: true})).text(); got != "2024-12-16 19:47:38" {
		t.Errorf("bare: %q", got)
	}
	if got := draw(t, ui.When(ui.Moment{})).text(); got != "Never" {
		t.Errorf("zero: %q", got)
	}
	if got := draw(t, ui.When(ui.Moment{Never: "No expiry"})).text(); got != "No expiry" {
		t.Errorf("zero: %q", got)
	}
}

func TestPageHeadCanTakeTheFocus(t *testing.T) {
	d := draw(t, ui.PageHead("API Keys", "", &ui.Button{Label: "Add"}))
	d.has(d.one("h1", "id", ui.PageTitleID), "tabindex", "-1")
}

func TestToastsAreHeard(t *testing.T) {
	d := draw(t, &ui.Toasts{})
	d.has(d.one("", "role", "status"), "popover", "manual")
}

func TestShortcutsHelp(t *testing.T) {
	d := draw(t, &ui.Shortcuts{Help: true, Hints: []ui.Hint{{Key: "/", Does: "Search"}}})
	if got := text(d.one("dl", "", "")); got != "/ Search" {
		t.Errorf("%q", got)
	}
	d.one("input", "id", "shortcuts-on")
}
