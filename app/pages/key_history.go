package pages

import (
	"context"
	"net/url"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
	"keystead/shared/api"
)

// keyHistory is what was done to one key, the newest first: who added, showed, copied,
// rotated it, and when.
type keyHistory struct {
	list    listing
	rows    []api.AuditRow
	details auditDetails
	id      api.KeyID
}

func (h *keyHistory) init() {
	h.list = listing{One: "row", Many: "rows", Ask: h.ask, Fresh: func() { h.rows = nil; h.details.meet(&h.list) }}
	h.list.view = session.Now()
}

// arrive asks for the page of the history that the address means.
func (h *keyHistory) arrive(id api.KeyID, path string) {
	if id != h.id {
		h.list.forget()
		h.rows = nil
	}
	h.id, h.list.Path, h.details.open = id, path, false
	h.list.arrive()
}

func (h *keyHistory) ask(ctx context.Context, _ api.OrgID, q url.Values) (listAnswer, error) {
	page, err := client.API.KeyHistory(ctx, h.id, h.list.rules.list(q))
	return listAnswer{len(page.Items), page.Total, func() {
		h.rows = page.Items
		h.details.see(page.Items)
	}}, err
}

func (h *keyHistory) draw(link app.UI) app.UI {
	rows, now := make([]app.UI, len(h.rows)), minute()
	for i, r := range h.rows {
		rows[i] = &auditRow{Details: &h.details, Row: r, Who: auditWho(r, &h.details.People), Minute: now}
	}
	return ui.El("section", "class", "card", "aria-labelledby", "history-heading").Body(
		ui.El("div", "class", "toolbar").Body(
			ui.El("h2", "id", "history-heading").Text("History"),
			ui.El("span", "class", "grow"),
			link,
		),
		h.list.table(&ui.Table{Label: "History", Columns: historyColumns, Rows: rows, Empty: noAuditRows()}),
		h.list.pager(),
	)
}

var historyColumns = []ui.Column{
	{ID: "what", Title: "What"}, {ID: "who", Title: "Who", Holds: ui.HoldsPerson},
	{ID: "address", Title: "Address", Holds: ui.HoldsAddress}, {ID: "when", Title: "When", Holds: ui.HoldsMoment},
}
