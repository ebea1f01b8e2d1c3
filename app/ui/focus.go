package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// PageTitleID is the id of the one heading that PageHead draws.
const PageTitleID = "page-title"

var shownPath string // the path PageShown last moved the focus for

// PageShown does what a browser does on a new page and a client router forgets:
// title, scroll to the top, focus on the heading. Call it in every OnNav: when
// only the query changed (a sort, a filter) the focus stays where it is.
func PageShown(ctx app.Context, title string) {
	document().Set("title", title)
	path := app.Window().URL().Path
	if path == shownPath {
		return
	}
	first := shownPath == ""
	shownPath = path
	if first {
		return // the browser starts a fresh page at its top
	}
	window().Call("scrollTo", 0, 0)
	FocusID(ctx, PageTitleID)
}

// FocusID focuses an element after the next render, where it can be focused.
// ctx must outlive that render: the page's, not that of a button that goes away.
func FocusID(ctx app.Context, id string) {
	ctx.Defer(func(app.Context) { focusNow(id) })
}

func focusNow(id string) bool {
	el := app.Window().GetElementByID(id)
	if !el.Truthy() {
		return false
	}
	el.Call("focus")
	return document().Get("activeElement").Equal(el)
}

// Announce says a sentence to screen readers, politely. While a modal dialog is
// open everything outside it is inert and silent, so the dialog's own region speaks.
func Announce(text string) {
	region := document().Call("querySelector", "dialog:modal [data-live]")
	if !region.Truthy() {
		region = document().Call("querySelector", "[data-live]")
	}
	if !region.Truthy() {
		return
	}
	// A region that keeps its text is not read again.
	if region.Get("textContent").String() == text {
		text += "\u00a0"
	}
	region.Set("textContent", text)
}

// Announcer is where Announce speaks. One in the shell; each Dialog has its own.
// go-app renders it without children and so never touches what Announce writes.
func Announcer() app.UI {
	return El("div", "class", "sr", "role", "status", "data-live", "polite")
}

// PageHead is the heading of a page, its sentence ("" for none) and its acts.
func PageHead(title, lead string, acts ...app.UI) app.UI {
	text := []app.UI{El("h1", "id", PageTitleID, "tabindex", "-1").Text(title)}
	if lead != "" {
		text = append(text, El("p").Text(lead))
	}
	body := []app.UI{El("div").Body(text...)}
	if len(acts) > 0 {
		body = append(body, El("div", "class", "acts").Body(acts...))
	}
	return El("header", "class", "page-head").Body(body...)
}
