package pages

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/shell"
	"keystead/app/ui"
	"keystead/shared/api"
)

// title is the name of a key, which leads to its page where the person may see that.
func (d *keyDesk) title(k api.Key, may keyActs, below string, more []app.UI) app.UI {
	if !may.Read {
		return ui.TitleCell(k.Name, below, more...)
	}
	return ui.TitleLink(k.Name, d.view.Link(shell.KeyPath(int64(k.ID))), below, more...)
}

// badges draws what is special about a key: a word, an icon and a colour each.
func badges(k api.Key, now time.Time) []app.UI {
	var list []app.UI
	for _, word := range keyBadges(k, now) {
		switch word {
		case badgeDisabled:
			list = append(list, ui.Badge(ui.Neutral, ui.IconOff, word))
		case badgeExpired:
			list = append(list, ui.Badge(ui.Bad, ui.IconClock, word))
		case badgeGlobal:
			list = append(list, ui.Badge(ui.OK, ui.IconGlobe, word))
		}
	}
	return list
}

func roleBadge(role api.KeyRole) app.UI {
	if role == api.Admin {
		return ui.Badge(ui.Warn, "", string(role))
	}
	return ui.Badge(ui.Info, "", string(role))
}

func expiry(k api.Key, now time.Time) app.UI {
	m := ui.Moment{At: at(k.ExpiresAt), Never: "No expiry", Day: true, Tone: expiryTone(k, now)}
	if k.Expired(now) {
		m.Lead = "Expired"
	}
	return ui.When(m)
}

// older tells of the value before the last rotation, while both are good.
func older(k api.Key, now time.Time) app.UI {
	if !overlapping(k.Previous, now) {
		return nil
	}
	_, tail := hintEnds(k.Previous.Hint)
	return ui.El("small", "class", "older").Body(
		app.Text("Older value …"+tail+" works until "),
		ui.When(ui.Moment{At: k.Previous.ValidUntil, Exact: true, Bare: true}),
	)
}

func owner(o api.KeyOwner) app.UI {
	name := ownerName(o)
	return ui.El("div", "class", "row", "data-tip", o.Email).Body(ui.Avatar(name, true), ui.El("span").Text(name))
}
