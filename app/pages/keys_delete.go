package pages

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// keysDelete is the dialog before several keys end for good. Keys that were used
// lately are left out: each of those wants its own name typed.
type keysDelete struct {
	app.Compo
	Desk    *keyDesk
	Open    bool
	Offline bool
	Keys    []api.Key // the selection
}

// namesShown is how many names the dialog lists.
const namesShown = 8

func (d *keysDelete) Render() app.UI {
	return &ui.Dialog{
		ID: "keys-delete", Title: "Delete " + counted(len(d.Keys), "key", "keys") + "?", Open: d.Open, ReturnTo: "keys-add",
		Body: d.facts, Footer: d.buttons, OnSubmit: d.onDelete, OnCancel: d.onCancel,
	}
}

// split parts the keys that can be deleted together from those that can't.
func (d *keysDelete) split() (idle, used []api.Key) {
	for _, k := range d.Keys {
		if recentlyUsed(k, time.Now()) {
			used = append(used, k)
		} else {
			idle = append(idle, k)
		}
	}
	return idle, used
}

func (d *keysDelete) facts() []app.UI {
	idle, used := d.split()
	var list []app.UI
	if len(idle) > 0 {
		list = append(list, nameList(idle),
			soft("Whatever uses them will be rejected at once. This can’t be undone; you can disable them instead."))
	}
	if len(used) > 0 {
		list = append(list, ui.Notice(ui.Warn, counted(len(used), "key was", "keys were")+" used within the last 7 days and will be left.",
			"Delete those one by one: each asks for its name.", nil), nameList(used))
	}
	return list
}

func nameList(keys []api.Key) app.UI {
	var lines []app.UI
	for i, k := range keys {
		if i == namesShown {
			lines = append(lines, ui.El("li").Text("and "+ui.Count(len(keys)-i)+" more"))
			break
		}
		lines = append(lines, ui.El("li").Body(ui.El("strong").Text(k.Name), app.Text(", "+ownerName(k.User))))
	}
	return ui.El("ul", "class", "names").Body(lines...)
}

func (d *keysDelete) buttons() []app.UI {
	idle, _ := d.split()
	act := &ui.Button{Label: "Delete " + counted(len(idle), "key", "keys"), Kind: ui.Danger, Submit: true, Off: d.Desk.off()}
	if len(idle) == 0 {
		act.Label, act.Off = "Delete keys", "All of them were used within the last 7 days."
	}
	return []app.UI{
		&ui.Button{Label: "Cancel", OnClick: d.onCancel},
		&ui.Button{Label: "Disable instead", Off: d.Desk.off(), OnClick: d.onDisable},
		act,
	}
}

func (d *keysDelete) onDisable(app.Context) {
	ids := idsOf(d.Keys)
	d.Desk.close()
	d.Desk.bulk(api.BulkDisable, ids)
}

func (d *keysDelete) onDelete(app.Context) {
	idle, _ := d.split()
	if len(idle) == 0 || d.Desk.off() != "" {
		return
	}
	d.Desk.close()
	d.Desk.bulk(api.BulkDelete, idsOf(idle))
}

func (d *keysDelete) onCancel(app.Context) { d.Desk.close() }
