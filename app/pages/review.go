package pages

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// review counts the keys that deserve a look: ADMIN, never used and older than seven
// days; or idle for over ninety; or about to expire. It is a hint, so where it can't
// be had there is none.
type review struct {
	turn  int
	keys  []api.Key
	total int
}

func (r *review) forget() { *r = review{turn: r.turn + 1} }

func (r *review) load(d *keyDesk) {
	if d.view.Org == nil {
		return
	}
	r.turn++
	turn, org := r.turn, d.view.Org.ID
	ask := filled(api.KeyList{List: api.List{Limit: api.MaxLimit}, Review: true})
	d.ctx.Async(func() {
		page, err := client.API.Keys(d.alive, org, ask)
		d.ctx.Dispatch(ui.Safe(func(app.Context) {
			if err == nil && turn == r.turn {
				r.keys, r.total = page.Items, page.Total
			}
		}))
	})
}

// notice tells how many there are and filters to them; while the list is filtered so,
// it leads back.
func (r *review) notice(d *keyDesk) app.UI {
	slot := ui.El("div", "role", "status", "hidden", yesNo(r.total == 0))
	if r.total == 0 {
		return slot
	}
	act := &ui.Button{ID: "review-act", Label: "Review them", OnClick: func(app.Context) {
		d.search = ""
		q := widened(d.list.query)
		q.Review = true
		d.goTo(q)
	}}
	if r.total == 1 {
		act.Label = "Review it"
	}
	if d.list.query.Review {
		act.Label, act.OnClick = "Show all keys", d.clear
	}
	return slot.Body(ui.Notice(ui.Warn, reviewTitle(r.total), reviewReasons(r.keys, r.total, time.Now()), act))
}

// summary is what a bulk act did and what it was refused, until it is dismissed.
func (d *keyDesk) summary() app.UI {
	slot := ui.El("div", "hidden", yesNo(d.said == ""))
	if d.said == "" {
		return slot
	}
	return slot.Body(ui.Notice(ui.Warn, "Not everything was done.", d.said,
		&ui.Button{ID: "summary-dismiss", Label: "Dismiss", OnClick: func(app.Context) { d.said = "" }}))
}
