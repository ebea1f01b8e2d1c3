package pages

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// auditRow is a row of the audit log in a table: what was done, by whom, where. Its
// name opens the details. Inputs are exported for the reason of [keyRow].
type auditRow struct {
	app.Compo
	Details *auditDetails
	Row     api.AuditRow
	Who     string
	Org     string // "" leaves the column out
	Minute  int64
}

func (r *auditRow) CompoID() string { return auditRowID(r.Row.ID) }

func (r *auditRow) Render() app.UI {
	var more []app.UI
	if r.Row.Result == api.AuditRefused {
		more = append(more, ui.Badge(ui.Bad, ui.IconOff, "Refused"))
	}
	if auditAlarm(r.Row) {
		more = append(more, ui.Badge(ui.Bad, ui.IconWarn, "Alarm"))
	}
	cells := []app.UI{
		ui.TitleAct(auditWords(r.Row), "", func(app.Context) { r.Details.show(r.Row) }, more...),
		ui.Cell("Who", r.who()),
	}
	if r.Org != "" {
		cells = append(cells, ui.Cell("Organization", ui.El("span", "class", "long").Text(r.Org)))
	}
	return ui.Row(auditRowID(r.Row.ID), false, append(cells,
		ui.Cell("Address", ui.El("code", "class", "long").Text(r.Row.IP)),
		ui.Cell("When", ui.When(ui.Moment{At: r.Row.At, Exact: true})),
	)...)
}

func (r *auditRow) who() app.UI {
	name := ui.El("span").Body(app.Text(r.Who))
	if with := auditWith(r.Row); with != "" {
		name = name.Body(app.Text(r.Who), ui.El("small", "class", "with").Text(" "+with))
	}
	if r.Row.UserID == nil {
		return name
	}
	email := ""
	if r.Row.UserEmail != nil {
		email = *r.Row.UserEmail
	}
	return ui.El("div", "class", "row", "data-tip", email).Body(ui.Avatar(r.Who, true), name)
}

func auditRowID(id api.AuditID) string { return "audit-row-" + strconv.FormatInt(int64(id), 10) }
