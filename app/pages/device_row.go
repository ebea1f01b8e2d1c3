package pages

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// deviceRow is a device in its table. Inputs are exported for the reason of [keyRow].
type deviceRow struct {
	app.Compo
	Page      *Devices
	Device    api.Device
	MayDelete bool
	Off       string
	Minute    int64
}

func (r *deviceRow) CompoID() string { return deviceRowID(r.Device.ID) }

func (r *deviceRow) Render() app.UI {
	d := r.Device
	var more []app.UI
	if d.OldKey {
		more = append(more, ui.Badge(ui.Warn, ui.IconWarn, "Uses the old agent access key"))
	}
	cells := []app.UI{
		ui.TitleCell(d.Hostname, d.LastIP, more...),
		ui.Cell("OS", ui.El("span", "class", "long").Text(d.OS)),
		ui.Cell("Agent", app.Text(d.AgentVersion)),
		ui.Cell("Enrolled", ui.When(ui.Moment{At: d.EnrolledAt})),
		ui.Cell("Last check-in", ui.When(ui.Moment{At: at(d.LastCheckInAt), Never: "Never"})),
	}
	if r.MayDelete {
		cells = append(cells, ui.EndCell(r.deleteButton()))
	}
	return ui.Row(deviceRowID(d.ID), false, cells...)
}

func (r *deviceRow) deleteButton() app.UI {
	return &ui.IconButton{
		ID: "device-delete-" + deviceRef(r.Device.ID), Label: "Delete " + quoted(r.Device.Hostname), Tip: "Delete",
		Icon: ui.IconTrash, Off: r.Off, OnClick: func(app.Context) { r.Page.doomed, r.Page.deleting = r.Device, true },
	}
}

func deviceRowID(id api.DeviceID) string { return "device-row-" + deviceRef(id) }

func deviceRef(id api.DeviceID) string { return strconv.FormatInt(int64(id), 10) }
