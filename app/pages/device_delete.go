package pages

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// deviceDelete is the dialog before a device's token ends for good.
type deviceDelete struct {
	app.Compo
	Page    *Devices
	Open    bool
	Offline bool
	Device  api.Device

	asking
	next string // id of what takes the focus when the row is gone
}

func (d *deviceDelete) OnMount(ctx app.Context) { d.ctx = ctx }

func (d *deviceDelete) OnUpdate(app.Context) {
	if d.turned(d.Open) && d.Open {
		d.next = "devices-search"
	}
}

func (d *deviceDelete) Render() app.UI {
	return &ui.Dialog{
		ID: "device-delete", Title: "Delete " + quoted(d.Device.Hostname) + "?", Open: d.Open, ReturnTo: d.next,
		Body: d.facts, Footer: d.buttons, OnSubmit: d.onDelete, OnCancel: d.onCancel,
	}
}

func (d *deviceDelete) facts() []app.UI {
	seen := "Never"
	if d.Device.LastCheckInAt != nil {
		seen = ui.Distance(*d.Device.LastCheckInAt, time.Now()) + ", from " + d.Device.LastIP
	}
	return append([]app.UI{
		ui.El("dl", "class", "facts").Body(
			ui.El("dt").Text("OS"), ui.El("dd").Text(d.Device.OS),
			ui.El("dt").Text("Last check-in"), ui.El("dd").Text(seen),
		),
		soft("Its token is rejected at its next check-in. Enrolled again, the machine is a new device."),
	}, d.refusal("Not deleted.")...)
}

func (d *deviceDelete) buttons() []app.UI {
	return []app.UI{
		&ui.Button{Label: "Cancel", OnClick: d.onCancel},
		&ui.Button{Label: "Delete device", Kind: ui.Danger, Submit: true, Busy: d.busy, Off: d.Page.list.off()},
	}
}

func (d *deviceDelete) onDelete(app.Context) {
	if d.Page.list.off() != "" {
		return
	}
	device := d.Device
	send(&d.asking, only(func(ctx context.Context) error { return client.API.DeleteDevice(ctx, device.ID) }), func(struct{}) { d.deleted(device) })
}

// deleted takes the row away at once and the focus to the next one.
func (d *deviceDelete) deleted(device api.Device) {
	p := d.Page
	if next, ok := deviceAfter(p.rows, device.ID); ok {
		d.next = deviceRowID(next)
	}
	p.rows = devicesWithout(p.rows, device.ID)
	p.deleting = false
	ui.Toast(d.ctx, ui.Message{Text: "Deleted " + quoted(device.Hostname) + "."})
	p.changed()
}

func (d *deviceDelete) onCancel(app.Context) {
	if !d.busy {
		d.Page.deleting = false
	}
}
