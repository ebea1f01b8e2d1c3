package shell

import (
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
func (n *nav) OnMount(ctx app.Context) { session.Observe(ctx, &n.view) }
func (n *nav) OnNav(app.Context)       { n.see(); n.open = false }

func (n *nav) see() { n.view, n.path = session.Now(), app.Window().URL().Path }

func (n *nav) Render() app.UI {
	bar := app.Nav().Class("nav").Aria("label", "Main").OnKeyDown(n.onKey)
	if n.open {
		bar = bar.DataSet("open", "true")
	}
	parts := []app.UI{
		app.A().Class("brand").Href(n.view.Link(PathHome)).Body(ui.IconBrand.Draw(), app.Text("Keystead")),
		n.menuButton(),
	}
	if n.view.Known {
		parts = append(parts, n.organizations())
		for _, g := range sites.open(n.view) {
			parts = append(parts, n.group(g))
		}
		parts = append(parts, &who{})
	}
	return bar.Body(parts...)
}

func (n *nav) menuButton() app.UI {
	return app.Button().Type("button").Class("btn quiet icon menu").Attr("id", "nav-menu").
		Aria("label", "Menu").Aria("expanded", n.open).OnClick(n.onMenu).Body(ui.IconMenu.Draw())
}

// organizations switches between them; with one there is nothing to switch.
func (n *nav) organizations() app.UI {
	orgs := n.view.Me.Organizations
	if len(orgs) == 1 && n.view.Org != nil {
		return app.Div().Class("nav-group").Body(
			app.Div().Class("row nav-org").Body(ui.IconOrg.Draw(), app.Span().Text(orgs[0].Name)))
	}
	if len(orgs) == 0 {
		return app.Div().Hidden(true)
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
	return app.Div().Class("nav-group").Body(&ui.Select{
		ID: "org", Label: "Organization", HideLabel: true, Icon: ui.IconOrg,
		Value: value, Options: options, OnChange: n.onOrg,
	})
}

func (n *nav) group(g group) app.UI {
	body := []app.UI{app.H2().Text(g.Name)}
	for _, s := range g.Sites {
		link := app.A().Href(n.view.Link(s.Path)).OnClick(n.onLink).Body(s.Icon.Draw(), app.Text(s.Name))
		if s.Path == n.path {
			link = link.Aria("current", "page")
		}
		body = append(body, link)
	}
	return app.Div().Class("nav-group").Body(body...)
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
