package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// El is an element with its attributes in pairs, name and value; an empty value
// leaves its attribute out. Pages use it too, in place of app.Div and its kin: each
// of those brings a type of eighty methods into the WASM, and its setters are inlined
// wherever they are called, 300 bytes each. This is one type and one loop.
//
// A boolean attribute (checked, hidden …) is always given, "true" or "false": taking
// it away would not clear the property.
//
//go:noinline
func El(tag string, pairs ...string) app.HTMLElem {
	el := app.Elem(tag)
	for i := 0; i+1 < len(pairs); i += 2 {
		el = el.Attr(pairs[i], pairs[i+1])
	}
	return el
}

// svg is El for the elements of a drawing.
func svg(tag string, pairs ...string) app.HTMLElem {
	return El(tag, pairs...).XMLNS("http://www.w3.org/2000/svg")
}

// flag is the value of an ARIA state that is left out while it is false.
func flag(on bool) string {
	if on {
		return "true"
	}
	return ""
}

// yes is the value of a boolean attribute.
func yes(on bool) string {
	if on {
		return "true"
	}
	return "false"
}
