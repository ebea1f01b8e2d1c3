package browser

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/runtime"
)

// Thing is what a person finds on a page: a role and an accessible name. A name that
// ends in … is the beginning of one.
type Thing struct {
	Role, Name string
	first      bool
}

// First is the first of several such things.
func (w Thing) First() Thing { w.first = true; return w }

func (w Thing) String() string { return fmt.Sprintf("%s %q", w.Role, w.Name) }

// The roles that tests look for.
func Button(name string) Thing   { return Thing{Role: "button", Name: name} }
func Field(name string) Thing    { return Thing{Role: "textbox", Name: name} }
func Search(name string) Thing   { return Thing{Role: "searchbox", Name: name} }
func Choice(name string) Thing   { return Thing{Role: "combobox", Name: name} }
func Radio(name string) Thing    { return Thing{Role: "radio", Name: name} }
func Tick(name string) Thing     { return Thing{Role: "checkbox", Name: name} }
func Switch(name string) Thing   { return Thing{Role: "switch", Name: name} }
func Link(name string) Thing     { return Thing{Role: "link", Name: name} }
func Heading(name string) Thing  { return Thing{Role: "heading", Name: name} }
func Dialog(name string) Thing   { return Thing{Role: "dialog", Name: name} }
func MenuItem(name string) Thing { return Thing{Role: "menuitem", Name: name} }

// nodes are those of the accessibility tree that are such a thing.
func (tab *Tab) nodes(w Thing) ([]*accessibility.Node, error) {
	root, err := try(tab, runtime.Evaluate, runtime.EvaluateParams{Expression: "document"})
	if err != nil {
		return nil, err
	}
	query := accessibility.QueryAXTreeParams{ObjectID: root.Result.ObjectID, Role: w.Role}
	beginning, open := strings.CutSuffix(w.Name, "…")
	if !open {
		query.AccessibleName = w.Name
	}
	found, err := try(tab, accessibility.QueryAXTree, query)
	if err != nil {
		return nil, err
	}
	var list []*accessibility.Node
	for _, node := range found.Nodes {
		if !node.Ignored && node.BackendDOMNodeID != 0 && (!open || strings.HasPrefix(text(node.Name), beginning)) {
			list = append(list, node)
		}
	}
	if w.first && len(list) > 1 {
		list = list[:1]
	}
	return list, nil
}

func text(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	s, err := strconv.Unquote(string(v.Value))
	if err != nil {
		return string(v.Value)
	}
	return s
}

// Element is a thing that was found.
type Element struct {
	tab   *Tab
	thing Thing
	node  *accessibility.Node
}

// Find waits until there is exactly one such thing.
func (tab *Tab) Find(w Thing) Element {
	tab.t.Helper()
	var found Element
	tab.Eventually(w.String(), func() string {
		nodes, err := tab.nodes(w)
		switch {
		case err != nil:
			return err.Error()
		case len(nodes) != 1:
			return fmt.Sprintf("there are %d", len(nodes))
		}
		found = Element{tab, w, nodes[0]}
		return ""
	})
	return found
}

// Count is how many such things there are now.
func (tab *Tab) Count(w Thing) int {
	tab.t.Helper()
	nodes, err := tab.nodes(w)
	if err != nil {
		tab.t.Fatal(err)
	}
	return len(nodes)
}

// Names are the accessible names of all things of a role, in the page's order.
func (tab *Tab) Names(role string) []string {
	tab.t.Helper()
	nodes, err := tab.nodes(Thing{Role: role, Name: "…"})
	if err != nil {
		tab.t.Fatal(err)
	}
	var names []string
	for _, node := range nodes {
		names = append(names, text(node.Name))
	}
	return names
}

// Gone waits until there is no such thing.
func (tab *Tab) Gone(w Thing) {
	tab.t.Helper()
	tab.Eventually("no "+w.String(), func() string {
		nodes, err := tab.nodes(w)
		switch {
		case err != nil:
			return err.Error()
		case len(nodes) > 0:
			return fmt.Sprintf("there are %d", len(nodes))
		}
		return ""
	})
}

// Description is what a screen reader says after the name: hints, errors, why
// something is off.
func (e Element) Description() string { return text(e.node.Description) }

// Is reports a state of the accessibility tree: checked, disabled, invalid, focused,
// expanded, busy.
func (e Element) Is(state string) bool {
	for _, p := range e.node.Properties {
		if string(p.Name) == state {
			value := strings.Trim(string(p.Value.Value), `"`)
			return value == "true" || value == "mixed"
		}
	}
	return false
}

// Becomes waits until a thing has a state, or has it no more.
func (tab *Tab) Becomes(w Thing, state string, want bool) {
	tab.t.Helper()
	tab.Eventually(fmt.Sprintf("%s with %s %v", w, state, want), func() string {
		nodes, err := tab.nodes(w)
		switch {
		case err != nil:
			return err.Error()
		case len(nodes) != 1:
			return fmt.Sprintf("there are %d", len(nodes))
		case (Element{tab, w, nodes[0]}).Is(state) != want:
			return "it is not so"
		}
		return ""
	})
}

// on calls a function of the page on the element.
func (e Element) on(function string, out *string, arguments ...string) error {
	resolved, err := try(e.tab, dom.ResolveNode, dom.ResolveNodeParams{BackendNodeID: e.node.BackendDOMNodeID})
	if err != nil {
		return err
	}
	yes := true
	params := runtime.CallFunctionOnParams{
		FunctionDeclaration: function, ObjectID: resolved.Object.ObjectID, AwaitPromise: &yes, ReturnByValue: &yes, UserGesture: &yes,
	}
	for _, argument := range arguments {
		params.Arguments = append(params.Arguments, &runtime.CallArgument{Value: []byte(strconv.Quote(argument))})
	}
	answer, err := try(e.tab, runtime.CallFunctionOn, params)
	if err != nil {
		return err
	}
	if answer.ExceptionDetails != nil {
		return fmt.Errorf("%s %v", answer.ExceptionDetails.Text, answer.ExceptionDetails.Exception)
	}
	if out != nil {
		*out = string(answer.Result.Value)
	}
	return nil
}

// must is on that has to succeed.
func (e Element) must(function string, arguments ...string) string {
	e.tab.t.Helper()
	var out string
	if err := e.on(function, &out, arguments...); err != nil {
		e.tab.t.Fatalf("%s: %v", e.thing, err)
	}
	return out
}

// Value is what stands in the field.
func (e Element) Value() string {
	e.tab.t.Helper()
	s, _ := strconv.Unquote(e.must("function() { return this.value }"))
	return s
}
