package pages

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// backupLine tells when the last proven backup was made, and what is wrong with the
// backups. It has one made, for who may; it never brings a backup into the browser.
type backupLine struct {
	app.Compo
	Manage  bool // the person may have one made
	Offline bool
	Minute  int64 // of the page: the distance in time is drawn again
	OnFail  func(err error)

	ctx     app.Context
	asked   int // counts the questions: an older answer is dropped
	asking  bool
	loaded  bool
	backup  api.Backup
	problem error
	away    bool // it was offline when last drawn
}

func (l *backupLine) CompoID() string { return "backups" }

// OnMount asks.
func (l *backupLine) OnMount(ctx app.Context) {
	l.ctx, l.away = ctx, l.Offline
	l.load(ctx)
}

// OnUpdate asks again when the network is back.
func (l *backupLine) OnUpdate(app.Context) {
	back := l.away && !l.Offline
	l.away = l.Offline
	if l.ctx.Context != nil && back {
		l.load(l.ctx)
	}
}

// OnDismount drops answers that are on their way.
func (l *backupLine) OnDismount() { l.asked++ }

func (l *backupLine) load(app.Context) { l.ask(l.ctx, client.API.Backup) }

// ask asks something that is answered by how backups stand.
func (l *backupLine) ask(ctx context.Context, question func(context.Context) (api.Backup, error)) {
	l.asked++
	asked := l.asked
	l.ctx.Async(func() {
		backup, err := question(ctx)
		l.ctx.Dispatch(ui.Safe(func(app.Context) {
			if asked == l.asked {
				l.answered(backup, err)
			}
		}))
	})
}

// answered takes how backups stand. While one is made it asks again, which is no sign
// that the person is there.
func (l *backupLine) answered(b api.Backup, err error) {
	asking := l.asking
	l.asking = false
	switch {
	case asking && err != nil:
		l.OnFail(err)
		return
	case err != nil:
		l.problem = err
		return
	}
	l.loaded, l.backup, l.problem = true, b, nil
	if !b.Running {
		return
	}
	asked := l.asked
	l.ctx.After(time.Second, ui.Safe(func(app.Context) {
		if asked == l.asked {
			l.ask(client.Background(l.ctx), client.API.Backup)
		}
	}))
}

func (l *backupLine) onBackUp(app.Context) {
	l.asking = true
	l.ask(l.ctx, client.API.BackUp)
}

// Render is the card.
func (l *backupLine) Render() app.UI {
	body := append([]app.UI{ui.El("div", "class", "spread").Body(ui.El("h2", "id", "backups-heading").Text("Backups"), l.act())}, l.content()...)
	return ui.El("section", "class", "card pad", "aria-labelledby", "backups-heading").Body(body...)
}

func (l *backupLine) content() []app.UI {
	switch {
	case l.loaded:
		return l.stand()
	case l.problem != nil && l.Offline:
		return []app.UI{notKept()}
	case l.problem != nil:
		return []app.UI{ui.El("div", "role", "alert").Body(ui.Notice(ui.Bad, "Couldn’t load how backups stand.", client.Sentence(l.problem),
			&ui.Button{ID: "backups-retry", Label: "Retry", OnClick: l.load}))}
	}
	return []app.UI{ui.Skeleton(1)}
}

// stand is what is wrong, the line, and the small print.
func (l *backupLine) stand() []app.UI {
	var body []app.UI
	tone, title, text := backupTrouble(l.backup, time.Now())
	if title != "" {
		body = append(body, ui.Notice(tone, title, text, nil))
	}
	if l.backup.Last != nil || title == "" {
		body = append(body, l.line())
	}
	if facts := backupFacts(l.backup); facts != "" {
		body = append(body, ui.El("p", "class", "hint").Text(facts))
	}
	return []app.UI{ui.El("div", "class", "stack", "role", "status").Body(body...)}
}

func (l *backupLine) line() app.UI {
	switch {
	case l.backup.Running:
		return ui.El("div", "class", "row line").Body(ui.IconClock.Draw(), ui.El("span").Text("A backup is being made and proven."))
	case l.backup.Last == nil:
		return ui.El("div", "class", "row line").Body(ui.IconClock.Draw(), ui.El("span").Text("The first backup is on its way."))
	}
	icon, tone := ui.IconRole, ui.Neutral // the shield with a check
	if backupOld(l.backup, time.Now()) {
		icon, tone = ui.IconShield, ui.Warn
	}
	return ui.El("div", "class", "row line", "data-tone", string(tone)).Body(icon.Draw(),
		ui.El("p").Body(app.Text("Last proven backup "), ui.When(ui.Moment{At: l.backup.Last.At, Bare: true, Tone: tone})))
}

// act is Back up now, where the server has a folder for it.
func (l *backupLine) act() app.UI {
	if !l.Manage || !l.loaded || !l.backup.Folder {
		return nil
	}
	off := ""
	if l.Offline {
		off = offline
	}
	return &ui.Button{ID: "backup-now", Label: "Back up now", Icon: ui.IconShield, Busy: l.asking || l.backup.Running, Off: off, OnClick: l.onBackUp}
}
