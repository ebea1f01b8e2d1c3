package pages

import (
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// keyByHand is what is left where a browser refuses every way to the clipboard: the
// text, selected, for ten seconds. Where a value stands in its row the row shows it
// instead; this is for the menus.
type keyByHand struct {
	app.Compo
	Desk *keyDesk
	Open bool
	Key  api.Key

	ctx app.Context
	was bool
	gen int
}

const byHandID = "by-hand-text"

func (d *keyByHand) OnMount(ctx app.Context) { d.ctx = ctx }

func (d *keyByHand) OnUpdate(ctx app.Context) {
	if d.Open == d.was {
		return
	}
	d.was = d.Open
	d.gen++
	if !d.Open {
		return
	}
	gen := d.gen
	d.ctx.Defer(func(app.Context) { selectText(byHandID) })
	d.ctx.After(10*time.Second, func(app.Context) {
		if gen == d.gen {
			d.Desk.close()
		}
	})
}

func (d *keyByHand) Render() app.UI {
	return &ui.Dialog{
		ID: "key-by-hand", Title: "Press Ctrl+C", Open: d.Open, ReturnTo: "key-row-" + keyRef(d.Key.ID), OnCancel: d.onDone,
		Body: func() []app.UI {
			return []app.UI{
				soft("The browser does not let the console copy. The text is selected; it hides in ten seconds."),
				ui.El("div", "class", "secret", "data-state", "shown").Body(ui.El("code", "id", byHandID, "tabindex", "0").Text(d.Desk.hand)),
			}
		},
		Footer: func() []app.UI { return []app.UI{&ui.Button{Label: "Done", Kind: ui.Primary, OnClick: d.onDone}} },
	}
}

func (d *keyByHand) onDone(app.Context) { d.Desk.close() }
