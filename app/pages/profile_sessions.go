package pages

import (
	"context"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
	"keystead/shared/api"
)

// sessionList is where the person is signed in.
type sessionList struct {
	rows   []api.SessionRow
	failed string
	loaded bool
}

func (l *sessionList) load(ctx app.Context) {
	ctx.Async(func() {
		page, err := client.API.Sessions(context.Background())
		ctx.Dispatch(func(app.Context) {
			l.loaded, l.failed = true, ""
			if err != nil {
				l.failed = client.Sentence(err)
				return
			}
			l.rows = page.Items
		})
	})
}

func (l *sessionList) draw(v session.View, end func(app.Context, api.SessionRow), endOthers, retry func(app.Context)) []app.UI {
	switch {
	case l.failed != "" && v.Offline:
		return []app.UI{notKept()}
	case l.failed != "":
		return []app.UI{ui.Notice(ui.Bad, "Couldn’t load your sessions.", l.failed,
			&ui.Button{ID: "sessions-retry", Label: "Retry", OnClick: retry})}
	case !l.loaded:
		return []app.UI{ui.Skeleton(2)}
	}
	off := ""
	if v.Offline {
		off = "You are offline."
	}
	lines := make([]app.UI, 0, len(l.rows)+1)
	others := 0
	for _, row := range l.rows {
		if !row.Current {
			others++
		}
		lines = append(lines, sessionLine(row, off, end))
	}
	if others > 0 {
		lines = append(lines, app.Div().Class("acts").Body(&ui.Button{
			ID: "sessions-end", Label: "Sign out everywhere else", Off: off, OnClick: endOthers}))
	}
	return lines
}

func sessionLine(row api.SessionRow, off string, end func(app.Context, api.SessionRow)) app.UI {
	act := ui.Badge(ui.OK, ui.IconCheck, "This browser")
	if !row.Current {
		act = &ui.Button{ID: "session-" + strconv.FormatInt(int64(row.ID), 10), Label: "Sign out", Off: off,
			OnClick: func(ctx app.Context) { end(ctx, row) }}
	}
	return app.Div().Class("spread").Body(
		app.Div().Body(
			app.Strong().Text(browserName(row.UserAgent)),
			app.P().Body(app.Text(row.IP+", active "), ui.When(ui.Moment{At: row.LastActiveAt, Bare: true}))),
		act)
}

func (p *Profile) endSession(ctx app.Context, row api.SessionRow) {
	p.end(ctx, "Signed out "+browserName(row.UserAgent)+".", func(c context.Context) error {
		return client.API.EndSession(c, row.ID)
	})
}

func (p *Profile) endOthers(ctx app.Context) {
	p.end(ctx, "Signed out everywhere else.", client.API.EndOtherSessions)
}

func (p *Profile) end(ctx app.Context, done string, act func(context.Context) error) {
	ctx.Async(func() {
		err := act(context.Background())
		ctx.Dispatch(func(ctx app.Context) {
			switch {
			case err == nil:
				ui.Toast(ctx, ui.Message{Text: done})
				p.sessions.load(ctx)
			case !client.GivenUp(err):
				ui.Toast(ctx, ui.Message{Tone: ui.Bad, Text: client.Sentence(err)})
			}
		})
	})
}

// browserName words a User-Agent header: the browser and the system, as far as
// their common tokens tell. It is a hint for the eyes, nothing is decided by it.
func browserName(agent string) string {
	pick := func(tokens [][2]string, otherwise string) string {
		for _, t := range tokens {
			if strings.Contains(agent, t[0]) {
				return t[1]
			}
		}
		return otherwise
	}
	// The order matters: Edge also says Chrome, and Chrome also says Safari.
	browser := pick([][2]string{{"Edg", "Edge"}, {"Firefox/", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"},
		{"HeadlessChrome", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"curl/", "curl"}}, "A browser")
	system := pick([][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"},
		{"Mac OS X", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}}, "")
	if system == "" {
		return browser
	}
	return browser + " on " + system
}
