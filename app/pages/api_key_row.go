package pages

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// apiKeyRow is a key in the table of User Management. It shows no value: the menu
// copies one without drawing it. Inputs are exported for the reason of [keyRow].
type apiKeyRow struct {
	app.Compo
	Desk    *keyDesk
	Key     api.Key
	May     keyActs
	Picked  bool
	Pending bool
	Offline bool
	Review  bool // the list is of keys that deserve a look: the row says why
	Minute  int64
}

func (r *apiKeyRow) CompoID() string { return "api-key-" + keyRef(r.Key.ID) }

func (r *apiKeyRow) Render() app.UI {
	k, now := r.Key, time.Now()
	more := badges(k, now)
	if overlapping(k.Previous, now) {
		more = append(more, ui.Badge(ui.Warn, ui.IconRotate, "Older value until "+dayOf(k.Previous.ValidUntil)))
	}
	if r.Review {
		for _, word := range reviewBadges(k, now) {
			more = append(more, ui.Badge(ui.Warn, ui.IconClock, word))
		}
	}
	if r.Pending {
		more = append(more, ui.Badge(ui.Neutral, ui.IconClock, "Working"))
	}
	return ui.Row("key-row-"+keyRef(k.ID), !k.Enabled || k.Expired(now),
		ui.SelectCell("key-pick-"+keyRef(k.ID), k.Name, r.Picked, r.onPick),
		r.Desk.title(k, r.May, r.below(), more),
		ui.Cell("Role", roleBadge(k.Role)),
		ui.Cell("Last Login", ui.When(ui.Moment{At: at(k.LastLoginAt), Never: "Never", Exact: true, Tone: idleTone(k, now)})),
		ui.EndCell(r.Desk.manage(k, r.May)),
	)
}

// below is whose key it is where it is not the person's own, and the description, of
// which a long one is cut off.
func (r *apiKeyRow) below() string {
	switch {
	case r.May.Own:
		return r.Key.Description
	case r.Key.Description == "":
		return ownerName(r.Key.User)
	}
	return ownerName(r.Key.User) + " · " + r.Key.Description
}

func (r *apiKeyRow) onPick(_ app.Context, on bool) {
	r.Desk.picked.Set(keyRef(r.Key.ID), on)
}
