package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/shell"
	"keystead/app/ui"
)

// Profile is what is the person's own: name, theme, shortcuts, offline lists, password,
// and the browsers in which they are signed in.
type Profile struct {
	app.Compo
	view     session.View
	name     nameForm
	password passwordForm
	sessions sessionList
}

// OnMount follows who is signed in, and the choices made in the menu. Sessions that were
// not loaded are asked for once the server is back.
func (p *Profile) OnMount(ctx app.Context) {
	session.Observe(ctx, &p.view).OnChange(func() {
		if p.sessions.failed != "" && !p.view.Offline {
			p.sessions.load(ctx)
		}
	})
}

// OnNav loads the sessions anew.
func (p *Profile) OnNav(ctx app.Context) {
	defer ui.Rescue(ctx)
	p.view = session.Now()
	p.name, p.password = nameForm{}, passwordForm{}
	p.sessions.load(ctx)
}

// OnDismount drops a password that was typed and not saved.
func (p *Profile) OnDismount() { p.password = passwordForm{} }

// Render draws it.
func (p *Profile) Render() app.UI {
	return shell.FrameOfPerson("Profile",
		ui.PageHead("Profile", p.view.Name()+" · "+p.view.Role()),
		p.section("profile-name", "Name",
			app.Form().Class("gap").Attr("novalidate", "true").OnSubmit(p.onName).Body(p.name.fields(p.view)...)),
		p.section("profile-choices", "This browser", p.choices()...),
		p.section("profile-password", "Password",
			app.Form().Class("gap").Attr("novalidate", "true").OnSubmit(p.onPassword).Body(p.password.fields(p.view)...)),
		p.section("profile-sessions", "Where you are signed in", p.sessions.draw(p.view, p.endSession, p.endOthers, p.sessions.load)...),
	)
}

func (p *Profile) section(id, title string, body ...app.UI) app.UI {
	content := append([]app.UI{app.H2().Attr("id", id).Text(title)}, body...)
	return app.Section().Class("card pad").Aria("labelledby", id).Body(content...)
}

func (p *Profile) choices() []app.UI {
	return []app.UI{
		&ui.Select{ID: "profile-theme", Label: "Theme", Value: string(p.view.Prefs.Theme), OnChange: p.onTheme, Options: []ui.Option{
			{Value: string(session.ThemeSystem), Label: "Theme of the device"},
			{Value: string(session.ThemeLight), Label: "Light"},
			{Value: string(session.ThemeDark), Label: "Dark"},
		}},
		&ui.Check{ID: "profile-shortcuts", Label: "Single-key shortcuts", On: !p.view.Prefs.NoShortcuts, OnChange: p.onShortcuts},
		&ui.Check{ID: "profile-offline", Label: "Keep lists for offline use", On: !p.view.Prefs.NoOffline, OnChange: p.onOffline,
			Hint: "Names, roles, expiry and last login, for 7 days, encrypted; never a secret. The encryption stops whoever reads this browser’s files, not whoever holds it unlocked."},
	}
}

func (p *Profile) onTheme(_ app.Context, theme string) { session.SetTheme(session.Theme(theme)) }
func (p *Profile) onShortcuts(_ app.Context, on bool)  { session.SetShortcuts(on) }

func (p *Profile) onOffline(ctx app.Context, on bool) {
	ctx.Async(func() {
		if err := session.SetOffline(context.Background(), on); err != nil {
			ctx.Dispatch(func(ctx app.Context) {
				ui.Toast(ctx, ui.Message{Tone: ui.Bad, Text: "What this browser keeps could not be dropped. Sign out to drop it."})
			})
		}
	})
}

func (p *Profile) onPassword(ctx app.Context, e app.Event) {
	defer ui.Rescue(ctx)
	e.PreventDefault()
	password, ok := p.password.take()
	if !ok {
		return
	}
	ctx.Async(func() {
		err := client.API.NewPassword(context.Background(), password)
		ctx.Dispatch(func(ctx app.Context) { p.password.done(ctx, err) })
	})
}
