package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Item is one line of a Menu.
type Item struct {
	Label   string
	Icon    Icon
	Danger  bool
	Line    bool   // a line above it
	Checked bool   // the chosen one of several
	Off     string // why it can't be chosen; "" when it can
	OnPick  func(ctx app.Context)
}

// Menu is a button and the list of acts it opens. The list is a native popover, so
// that no scrolling box clips it and the browser closes it on Escape or a click
// outside; its items are in the page only while it is open.
type Menu struct {
	app.Compo
	ID       string // required, unique on the page
	Label    string // accessible name: More actions for "ci-runner"
	Text     string // the word on the button; "" for an icon alone
	Icon     Icon   // IconMore by default
	Kind     Kind
	Items    func() []Item
	OnToggle func(ctx app.Context, open bool)

	open  bool
	items []Item
	ctx   app.Context // of the menu: an item's own ends with it
}

// CompoID keeps the open menu with its own button.
func (m *Menu) CompoID() string { return m.ID }

func (m *Menu) OnMount(ctx app.Context) { ctx.PreventUpdate(); m.ctx = ctx }

func (m *Menu) Render() app.UI {
	return El("div", "class", "popup").Body(m.button(), m.list())
}

func (m *Menu) button() app.UI {
	icon := m.Icon
	if icon == "" {
		icon = IconMore
	}
	class, face := "btn icon quiet", []app.UI{icon.Draw()}
	if m.Text != "" {
		class = "btn " + string(m.Kind)
		face = []app.UI{El("span").Text(m.Text), IconDown.Draw()}
		if m.Icon != "" {
			face = append([]app.UI{icon.Draw()}, face...)
		}
	}
	expanded := "false"
	if m.open {
		expanded = "true"
	}
	return El("button",
		"type", "button",
		"class", class,
		"id", m.ID,
		"popovertarget", m.listID(),
		"aria-label", m.Label,
		"aria-haspopup", "menu",
		"aria-expanded", expanded,
	).OnKeyDown(m.onButtonKey).Body(face...)
}

func (m *Menu) list() app.UI {
	var lines []app.UI
	if m.open {
		for i := range m.items {
			if m.items[i].Line {
				lines = append(lines, El("div", "class", "menu-line", "role", "separator"))
			}
			lines = append(lines, &menuItem{Item: m.items[i], Menu: m})
		}
	}
	return El("div",
		"class", "menu-list",
		"id", m.listID(),
		"popover", "auto",
		"role", "menu",
		"aria-label", m.Label,
	).On("toggle", m.onToggle).OnKeyDown(m.onListKey).Body(lines...)
}

func (m *Menu) listID() string { return m.ID + "-list" }

func (m *Menu) onToggle(ctx app.Context, e app.Event) {
	defer Rescue(ctx)
	m.open = e.Get("newState").String() == "open"
	m.items = nil
	if m.open && m.Items != nil {
		m.items = m.Items()
	}
	if m.OnToggle != nil {
		m.OnToggle(m.ctx, m.open)
	}
	if m.open {
		ctx.Defer(func(app.Context) {
			place(app.Window().GetElementByID(m.listID()), app.Window().GetElementByID(m.ID))
			m.focus("Home")
		})
	}
}

func (m *Menu) onButtonKey(ctx app.Context, e app.Event) {
	if key := e.Get("key").String(); key == "ArrowDown" || key == "ArrowUp" {
		e.PreventDefault()
		app.Window().GetElementByID(m.listID()).Call("showPopover")
		return
	}
	ctx.PreventUpdate()
}

func (m *Menu) onListKey(ctx app.Context, e app.Event) {
	ctx.PreventUpdate()
	key := e.Get("key").String()
	switch key {
	case "ArrowDown", "ArrowUp", "Home", "End":
		e.PreventDefault()
		m.focus(key)
	case "Tab":
		m.close()
	}
}

// focus moves among the items; those that can't be chosen are visited too, to be read.
func (m *Menu) focus(key string) {
	items := app.Window().GetElementByID(m.listID()).Call("querySelectorAll", "[role^=menuitem]")
	n, at := items.Length(), -1
	active := document().Get("activeElement")
	for i := range n {
		if items.Index(i).Equal(active) {
			at = i
		}
	}
	if n > 0 {
		items.Index(step(key, at, n)).Call("focus")
	}
}

// step is the next of n items after a key, round and round.
func step(key string, at, n int) int {
	switch {
	case key == "Home", at < 0 && key == "ArrowDown":
		return 0
	case key == "End", at <= 0 && key == "ArrowUp":
		return n - 1
	case key == "ArrowUp":
		return at - 1
	}
	return (at + 1) % n
}

// close gives the focus back to the button, before an act moves it elsewhere.
func (m *Menu) close() {
	if list := app.Window().GetElementByID(m.listID()); list.Truthy() && list.Call("matches", ":popover-open").Truthy() {
		list.Call("hidePopover")
	}
}

// menuItem is a component so that its handler belongs to the item and not to its place.
type menuItem struct {
	app.Compo
	Item Item
	Menu *Menu
}

func (i *menuItem) Render() app.UI {
	class, role := "menu-item", "menuitem"
	if i.Item.Danger {
		class += " danger"
	}
	icon := i.Item.Icon
	if i.Item.Checked {
		icon = IconCheck
	}
	body := []app.UI{El("span", "class", "menu-text").Body(app.Text(i.Item.Label), note(i.Item.Off))}
	if icon != "" {
		body = append([]app.UI{icon.Draw()}, body...)
	}
	b := El("button", "type", "button", "class", class, "tabindex", "-1").OnClick(i.onClick)
	if i.Item.Checked {
		role = "menuitemradio"
		b = b.Aria("checked", "true")
	}
	if i.Item.Off != "" {
		b = b.Aria("disabled", "true")
	}
	return b.Role(role).Body(body...)
}

func note(text string) app.UI {
	if text == "" {
		return nil
	}
	return El("small").Text(text)
}

func (i *menuItem) onClick(ctx app.Context, e app.Event) {
	if i.Item.Off != "" {
		return
	}
	pick, menu := i.Item.OnPick, i.Menu
	menu.close()
	call(menu.ctx, pick)
}
