package shell

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
)

// who is the person at the foot of the navigation, and the menu of what is theirs.
type who struct {
	app.Compo
	view        session.View
	installable bool
}

func (w *who) OnInit()                            { w.view = session.Now() }
func (w *who) OnNav(app.Context)                  { w.view = session.Now() }
func (w *who) OnAppInstallChange(ctx app.Context) { w.installable = ctx.IsAppInstallable() }

func (w *who) OnMount(ctx app.Context) {
	session.Observe(ctx, &w.view)
	if w.OnAppInstallChange(ctx); !w.installable {
		ctx.PreventUpdate()
	}
}

func (w *who) Render() app.UI {
	name := w.view.Name()
	return ui.El("div", "class", "who").Body(
		ui.Avatar(name, false),
		ui.El("span", "class", "words").Body(app.Text(name), ui.El("small").Text(w.view.Role())),
		&ui.Menu{ID: "who-menu", Label: "Your settings", Items: w.items},
	)
}

func (w *who) items() []ui.Item {
	theme := func(t session.Theme, label string, icon ui.Icon, line bool) ui.Item {
		return ui.Item{Label: label, Icon: icon, Line: line, Checked: w.view.Prefs.Theme == t,
			OnPick: func(app.Context) { session.SetTheme(t) }}
	}
	items := []ui.Item{
		{Label: "Profile", Icon: ui.IconUser, OnPick: w.profile},
		theme(session.ThemeSystem, "Theme of the device", ui.IconMonitor, true),
		theme(session.ThemeLight, "Light theme", ui.IconSun, false),
		theme(session.ThemeDark, "Dark theme", ui.IconMoon, false),
		{Label: "Keyboard shortcuts", Icon: ui.IconKeyboard, Line: true, OnPick: openHelp},
	}
	if w.installable {
		items = append(items, ui.Item{Label: "Install Keystead", Icon: ui.IconDownload, OnPick: app.Context.ShowAppInstallPrompt})
	}
	signOut := ui.Item{Label: "Sign out", Icon: ui.IconLogout, Line: true, OnPick: w.signOut}
	if w.view.Offline {
		signOut.Off = "You are offline: the session would go on at the server."
	}
	return append(items, signOut)
}

func (w *who) profile(ctx app.Context) { ctx.Navigate(w.view.Link(PathProfile)) }

func (w *who) signOut(ctx app.Context) {
	ctx.Async(func() {
		if err := session.SignOut(context.Background()); err != nil {
			ctx.Dispatch(func(ctx app.Context) {
				ui.Toast(ctx, ui.Message{Tone: ui.Bad, Text: client.Sentence(err)})
			})
		}
	})
}
