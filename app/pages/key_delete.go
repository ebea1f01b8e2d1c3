package pages

import (
	"context"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// keyDelete is the dialog before a key ends for good: the facts, the offer to disable
// it instead, and its name to be typed where something used it lately.
type keyDelete struct {
	app.Compo
	Desk    *keyDesk
	Open    bool
	Offline bool
	Key     api.Key

	asking
	typed string
	next  string // id of what takes the focus when the row is gone
}

func (d *keyDelete) OnMount(ctx app.Context) { d.ctx = ctx }

func (d *keyDelete) OnUpdate(app.Context) {
	if d.turned(d.Open) {
		d.typed = ""
		if d.Open {
			d.next = "keys-add"
		}
	}
}

func (d *keyDelete) Render() app.UI {
	return &ui.Dialog{
		ID: "key-delete", Title: "Delete " + quoted(d.Key.Name) + "?", Open: d.Open, ReturnTo: d.next,
		Body: d.facts, Footer: d.buttons, OnSubmit: d.onDelete, OnCancel: d.onCancel,
	}
}

func (d *keyDelete) facts() []app.UI {
	k := d.Key
	list := []app.UI{
		ui.El("dl", "class", "facts").Body(
			ui.El("dt").Text("Owner"), ui.El("dd").Text(d.owner()),
			ui.El("dt").Text("Last used"), ui.El("dd").Text(d.lastUse()),
		),
		soft(d.warning()),
	}
	if recentlyUsed(k, time.Now()) {
		list = append(list, &ui.Field{
			ID: "key-delete-name", Label: "Type " + quoted(k.Name) + " to confirm", Value: d.typed, AutoComplete: "off", Focus: true,
			OnInput: func(_ app.Context, v string) { d.typed = v },
		})
	}
	return append(list, d.refusal("Not deleted.")...)
}

func (d *keyDelete) owner() string {
	if d.Desk.view.Mine(d.Key.User.ID) {
		return "You"
	}
	if name := ownerName(d.Key.User); name != d.Key.User.Email && d.Key.User.Email != "" {
		return name + ", " + d.Key.User.Email
	}
	return ownerName(d.Key.User)
}

func (d *keyDelete) lastUse() string {
	k := d.Key
	if k.LastLoginAt == nil {
		return "Never"
	}
	use := ui.Distance(*k.LastLoginAt, time.Now())
	if k.LastLoginIP != nil {
		use += ", from " + *k.LastLoginIP
	}
	return use
}

func (d *keyDelete) warning() string {
	words := "Whatever uses it will be rejected at once. This can’t be undone"
	if d.Key.Enabled {
		return words + "; you can disable the key instead."
	}
	return words + "; the key is disabled already and can stay so."
}

func (d *keyDelete) buttons() []app.UI {
	list := []app.UI{&ui.Button{Label: "Cancel", OnClick: d.onCancel}}
	if d.Key.Enabled && d.Desk.rights().On(d.Key).Switch {
		list = append(list, &ui.Button{Label: "Disable instead", Off: d.Desk.off(), OnClick: d.onDisable})
	}
	return append(list, &ui.Button{Label: "Delete key", Kind: ui.Danger, Submit: true, Busy: d.busy, Off: d.off()})
}

// off is why Delete waits.
func (d *keyDelete) off() string {
	if d.confirmed() {
		return d.Desk.off()
	}
	return "Type the key’s name first: it was used within the last 7 days."
}

func (d *keyDelete) confirmed() bool {
	return !recentlyUsed(d.Key, time.Now()) || strings.TrimSpace(d.typed) == d.Key.Name
}

func (d *keyDelete) onDisable(app.Context) {
	d.Desk.close()
	d.Desk.turn(d.Key, false)
}

func (d *keyDelete) onDelete(app.Context) {
	if d.off() != "" {
		return
	}
	key := d.Key
	send(&d.asking, only(func(ctx context.Context) error { return client.API.DeleteKey(ctx, key.ID) }), func(struct{}) { d.deleted(key) })
}

// deleted takes the row away at once and the focus to the next one.
func (d *keyDelete) deleted(key api.Key) {
	if next, ok := d.Desk.list.after(key.ID); ok {
		d.next = "key-row-" + keyRef(next)
	}
	d.Desk.list.remove(key.ID)
	d.Desk.close()
	d.Desk.toast("Deleted " + quoted(key.Name) + ".")
	d.Desk.changed()
}

func (d *keyDelete) onCancel(app.Context) {
	if !d.busy {
		d.Desk.close()
	}
}
