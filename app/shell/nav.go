package shell

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/session"
	"keystead/app/ui"
)

// nav is the navigation. On a phone it is a bar whose menu opens below it.
type nav struct {
	app.Compo
	view session.View
	path string
	open bool // on a phone
}

func (n *nav) OnInit()                 { n.see() }
func (n *nav) OnMount(ctx app.Context) { ctx.PreventUpdate(); session.Observe(ctx, &n.view) }
func (n *nav) OnNav(app.Context)       { n.see(); n.open = false }

func (n *nav) see() { n.view, n.path = session.Now(), app.Window().URL().Path }

func (n *nav) Render() app.UI {
	open := ""
	if n.open {
		open = "true"
	}
	parts := []app.UI{
		ui.El("a", "class", "brand", "href", n.view.Link(PathHome)).Body(ui.IconBrand.Draw(), app.Text("Keystead")),
		n.menuButton(),
	}
	if n.view.Known {
		parts = append(parts, n.organizations())
		for _, g := range sites.open(n.view) {
			parts = append(parts, n.group(g))
		}
		parts = append(parts, &who{})
	}
	return ui.El("nav", "class", "nav", "aria-label", "Main", "data-open", open).OnKeyDown(n.onKey).Body(parts...)
}

func (n *nav) menuButton() app.UI {
	return ui.El("button", "type", "button", "class", "btn quiet icon menu", "id", "nav-menu",
		"aria-label", "Menu", "aria-expanded", strconv.FormatBool(n.open)).OnClick(n.onMenu).Body(ui.IconMenu.Draw())
}

// organizations switches between them; with one there is nothing to switch.
func (n *nav) organizations() app.UI {
	orgs := n.view.Me.Organizations
	if len(orgs) == 1 && n.view.Org != nil {
		return ui.El("div", "class", "nav-group").Body(
			ui.El("div", "class", "row nav-org").Body(ui.IconOrg.Draw(), ui.El("span").Text(orgs[0].Name)))
	}
	if len(orgs) == 0 {
		return ui.El("div", "hidden", "true")
	}
	var options []ui.Option
	value := ""
	if n.view.Org == nil {
		options = append(options, ui.Option{Value: "", Label: "Choose an organization"})
	} else {
		value = n.view.Org.ShortName
	}
	for _, org := range orgs {
		options = append(options, ui.Option{Value: org.ShortName, Label: org.Name})
	}
	return ui.El("div", "class", "nav-group").Body(&ui.Select{
		ID: "org", Label: "Organization", HideLabel: true, Icon: ui.IconOrg,
		Value: value, Options: options, OnChange: n.onOrg,
	})
}

func (n *nav) group(g group) app.UI {
	body := []app.UI{ui.El("h2").Text(g.Name)}
	for _, s := range g.Sites {
		current := ""
		switch {
		case s.Path == n.path:
			current = "page"
		case s.at(n.path):
			current = "true"
		}
		body = append(body, ui.El("a", "href", n.view.Link(s.Path), "aria-current", current).
			OnClick(n.onLink).Body(s.Icon.Draw(), app.Text(s.Name)))
	}
	return ui.El("div", "class", "nav-group").Body(body...)
}

func (n *nav) onMenu(ctx app.Context, _ app.Event) {
	defer ui.Rescue(ctx)
	n.open = !n.open
}

// onLink closes the menu also where the link leads to the page that is shown.
func (n *nav) onLink(app.Context, app.Event) { n.open = false }

func (n *nav) onKey(ctx app.Context, e app.Event) {
	defer ui.Rescue(ctx)
	if n.open && e.Get("key").String() == "Escape" {
		n.open = false
		ui.FocusID(ctx, "nav-menu")
	}
}

// onOrg keeps the page and changes the organization. The rest of the query belongs
// to the list that is left.
func (n *nav) onOrg(ctx app.Context, short string) {
	if short != "" {
		ctx.Navigate(session.LinkIn(n.path, short))
	}
}
