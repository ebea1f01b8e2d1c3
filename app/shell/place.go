package shell

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/session"
	"keystead/app/ui"
)

// place is where the console stands: the tab's title, the address with its
// organization, the focus after a change of page. It draws nothing.
type place struct {
	app.Compo
	Title string
}

func (p *place) OnMount(ctx app.Context) { ctx.PreventUpdate(); session.Start(ctx) }

func (p *place) OnNav(ctx app.Context) {
	defer ui.Rescue(ctx)
	v := session.Now()
	pinOrg(v)
	ui.PageShown(ctx, tabTitle(p.Title, v))
}

func (p *place) OnUpdate(ctx app.Context) {
	app.Window().Get("document").Set("title", tabTitle(p.Title, session.Now()))
}

func (p *place) Render() app.UI { return ui.El("div", "hidden", "true") }

// tabTitle says the page first: that is what a narrow tab shows.
func tabTitle(page string, v session.View) string {
	title := page
	if v.Org != nil {
		title += " · " + v.Org.Name
	}
	return title + " · Keystead"
}

// pinOrg writes the organization into an address that lacks it, so that the page
// can be bookmarked and shared. It replaces the entry in the history: Back must not
// lead to the same page.
func pinOrg(v session.View) {
	here := app.Window().URL()
	query := here.Query()
	if v.Org == nil || query.Get("org") != "" || sites.find(here.Path) == nil {
		return
	}
	query.Set("org", v.Org.ShortName)
	app.Window().Get("history").Call("replaceState", nil, "", here.Path+"?"+query.Encode())
}

// skip leads past the navigation. It is a button: a link to a fragment would be
// taken by the router.
type skip struct{ app.Compo }

func (s *skip) Render() app.UI {
	return ui.El("button", "type", "button", "class", "skip").Text("Skip to the content").OnClick(s.onClick)
}

func (s *skip) onClick(ctx app.Context, _ app.Event) {
	defer ui.Rescue(ctx)
	ui.FocusID(ctx, contentID)
}
