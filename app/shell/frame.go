package shell

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
)

// contentID is where the skip link leads.
const contentID = "content"

// Frame puts a page into the console. The title names the page in the browser's tab
// and history; the page itself draws its heading, by [ui.PageHead].
//
// The content is left out where there is nothing that it could be about: nobody
// could be told, or the address names an organization that is not theirs.
func Frame(title string, content ...app.UI) app.UI {
	return frame(title, content, false)
}

// FrameOfPerson is [Frame] for a page that is about the person and no organization.
func FrameOfPerson(title string, content ...app.UI) app.UI {
	return frame(title, content, true)
}

func frame(title string, content []app.UI, personal bool) app.UI {
	switch v := session.Now(); {
	case !v.Known:
		content = []app.UI{unknownPerson(v)}
	case v.Org == nil && !personal:
		content = []app.UI{noOrganization(v)}
	}
	return ui.El("div").Body(
		&skip{},
		ui.El("div", "class", "shell").Body(
			&nav{},
			ui.El("div").Body(
				&banners{},
				ui.El("main", "class", "page", "id", contentID, "tabindex", "-1").Body(content...),
			),
		),
		&place{Title: title},
		&confirm{},
		&ending{},
		&keys{},
		&ui.Toasts{},
		&ui.Tips{},
		ui.Announcer(),
	)
}

func unknownPerson(v session.View) app.UI {
	return ui.El("div", "class", "gate", "role", "alert").Body(
		ui.PageHead("The console can’t open yet", ""),
		ui.Notice(ui.Bad, "Keystead did not say who you are.", client.Sentence(v.Problem),
			&ui.Button{ID: "gate-retry", Label: "Retry", Kind: ui.Primary, OnClick: reload}),
	)
}

func noOrganization(v session.View) app.UI {
	if len(v.Me.Organizations) == 0 {
		return ui.El("div", "class", "gate").Body(
			ui.PageHead("No organization yet", ""),
			ui.Empty(ui.NotAllowed, "You belong to no organization",
				"Ask an administrator to add you to one, then look again.",
				&ui.Button{ID: "gate-retry", Label: "Look again", OnClick: reload}),
		)
	}
	mine := v.Me.Organizations[0]
	return ui.El("div", "class", "gate").Body(
		ui.PageHead("Not your organization", ""),
		ui.Empty(ui.NotAllowed, "There is no organization “"+v.Asked+"” for you",
			"It may have another short name now, or you have left it. The navigation leads to yours.",
			ui.El("a", "class", "btn", "href", session.LinkIn(PathHome, mine.ShortName)).Text("Go to "+mine.Name)),
	)
}

func reload(ctx app.Context) { ctx.Reload() }
