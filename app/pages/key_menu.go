package pages

import (
	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// menu lists what may be done with a key: edit and rotate, copy, switch, delete. Acts
// that the person may never do are not there; those that wait for the server say so.
func (d *keyDesk) menu(k api.Key, may keyActs) []ui.Item {
	var items []ui.Item
	add := func(on, line bool, item ui.Item) {
		if on {
			item.Line = line && len(items) > 0
			item.Off = d.off()
			items = append(items, item)
		}
	}
	dialog := func(which dialog) func(app.Context) {
		return func(app.Context) { d.open(which, k) }
	}
	copies := func(form copyForm, what string) func(app.Context) {
		return func(app.Context) { d.copyAs(k, form, what) }
	}
	add(may.Edit, false, ui.Item{Label: "Edit…", Icon: ui.IconEdit, OnPick: dialog(dialogEdit)})
	add(may.Rotate, false, ui.Item{Label: "Rotate…", Icon: ui.IconRotate, OnPick: dialog(dialogRotate)})
	add(may.Show, true, ui.Item{Label: "Copy as value", Icon: ui.IconCopy, OnPick: copies(copyValue, "key")})
	add(may.Show, false, ui.Item{Label: "Copy as env line", Icon: ui.IconCopy, OnPick: copies(copyEnv, "env line of")})
	add(may.Show, false, ui.Item{Label: "Copy as curl line", Icon: ui.IconCopy, OnPick: copies(copyCurl, "curl line of")})
	if mayBundle(d.view, k, may) {
		add(true, false, ui.Item{Label: "Copy as connection bundle (encoded, not encrypted)", Icon: ui.IconCopy, OnPick: d.copyBundle(k)})
	}
	add(may.Switch, true, switchItem(d, k))
	add(may.Delete, !may.Switch, ui.Item{Label: "Delete…", Icon: ui.IconTrash, Danger: true, OnPick: dialog(dialogDelete)})
	return items
}

func switchItem(d *keyDesk, k api.Key) ui.Item {
	if k.Enabled {
		return ui.Item{Label: "Disable", Icon: ui.IconOff, OnPick: func(app.Context) { d.turn(k, false) }}
	}
	return ui.Item{Label: "Enable", Icon: ui.IconOn, OnPick: func(app.Context) { d.turn(k, true) }}
}

// manage is the menu of a row, or nothing where nothing may be done.
func (d *keyDesk) manage(k api.Key, may keyActs) app.UI {
	if !may.Any() {
		return nil
	}
	return &ui.Menu{
		ID: "key-menu-" + keyRef(k.ID), Label: "More actions for " + quoted(k.Name),
		Items: func() []ui.Item { return d.menu(k, may) },
	}
}
