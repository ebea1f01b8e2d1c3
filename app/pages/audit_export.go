package pages

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// exportMenu saves the list, all of its pages, as a file.
func (p *Audit) exportMenu() app.UI {
	return &ui.Menu{ID: "audit-export", Label: "Export", Text: "Export", Icon: ui.IconDownload, Items: func() []ui.Item {
		off := p.list.off()
		if p.exporting {
			off = "An export is under way."
		}
		item := func(label, kind, ending string) ui.Item {
			return ui.Item{Label: label, Icon: ui.IconDownload, Off: off, OnPick: func(app.Context) { p.export(kind, ending) }}
		}
		return []ui.Item{item("As CSV", api.TypeCSV, ".csv"), item("As JSON Lines", api.TypeJSONL, ".jsonl")}
	}}
}

func (p *Audit) export(kind, ending string) {
	p.exporting = true
	l := &p.list
	ask := p.question(l.org, l.query)
	name := "keystead-audit-" + ui.Today() + ending
	ui.Toast(l.ctx, ui.Message{Tone: ui.Info, Text: "Exporting the audit log."})
	l.ctx.Async(func() {
		file, err := client.API.ExportAudit(l.alive, ask, kind)
		l.ctx.Dispatch(ui.Safe(func(app.Context) {
			p.exporting = false
			if err != nil {
				l.complain(err)
				return
			}
			ui.Save(file, name)
			ui.Toast(l.ctx, ui.Message{Text: "Saved " + name + "."})
		}))
	})
}
