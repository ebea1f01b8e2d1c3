package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
	"keystead/shared/api"
)

// Acts that need no dialog. They run to their end also when the person leaves the
// page: what the server was asked to do can't be called back.

// turn enables or disables a key.
func (d *keyDesk) turn(k api.Key, on bool) {
	d.list.wait(k.ID, true)
	d.ctx.Async(func() {
		changed, err := client.API.EditKey(context.Background(), k.ID, api.EditKey{Enabled: &on})
		d.ctx.Dispatch(ui.Safe(func(app.Context) {
			d.list.wait(k.ID, false)
			if err != nil {
				d.complain(err)
				return
			}
			d.list.put(changed)
			ui.Toast(d.ctx, ui.Message{
				Text:     turned(on) + " " + quoted(k.Name) + ".",
				Action:   "Undo",
				OnAction: func(app.Context) { d.turn(changed, !on) },
			})
			d.changed()
		}))
	})
}

func turned(on bool) string {
	if on {
		return bulkPast[api.BulkEnable]
	}
	return bulkPast[api.BulkDisable]
}

// reveal fetches a value for the eyes, fetch for the clipboard; neither keeps it.
func (d *keyDesk) reveal(id api.KeyID) func(context.Context) (string, error) {
	return fetchValue(id, api.PurposeShow, copyValue, "")
}

func (d *keyDesk) fetch(id api.KeyID, form copyForm) func(context.Context) (string, error) {
	return fetchValue(id, api.PurposeCopy, form, d.base())
}

func fetchValue(id api.KeyID, why api.Purpose, form copyForm, base string) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		value, err := client.API.RevealKey(ctx, id, why)
		if err != nil {
			return "", err
		}
		return copyText(form, value.Reveal(), base), nil
	}
}

// base is the address of this installation, for examples.
func (d *keyDesk) base() string { return baseHere(d.view) }

func baseHere(v session.View) string {
	origin := app.Window().URL()
	return baseURL(v.Me.Limits.PublicURL, origin.Scheme+"://"+origin.Host)
}

// copyAs puts a key's value into the clipboard in some form, and draws nothing. It is
// called inside the click: browsers let a click write, not an answer that comes later.
func (d *keyDesk) copyAs(k api.Key, form copyForm, what string) {
	d.copyFrom(k, d.fetch(k.ID, form), "Copied "+what+" "+quoted(k.Name)+".")
}

func (d *keyDesk) copyFrom(k api.Key, fetch func(context.Context) (string, error), done string) {
	ui.Copy(d.ctx, fetch, func(_ app.Context, out ui.Outcome) {
		switch out.Result {
		case ui.Copied:
			d.toast(done)
		case ui.Refused:
			d.open(dialogByHand, k)
			d.hand = out.Value
			d.ctx.Dispatch(nil)
		default:
			d.complain(out.Err)
		}
	})
}

// bulk does one thing to every selected key.
func (d *keyDesk) bulk(act api.BulkAction, ids []api.KeyID) {
	names, was := map[api.KeyID]string{}, map[api.KeyID]bool{}
	for _, k := range d.list.rows {
		names[k.ID], was[k.ID] = k.Name, k.Enabled
	}
	for _, id := range ids {
		d.list.wait(id, true)
	}
	d.ctx.Async(func() {
		done, err := client.API.BulkKeys(context.Background(), api.Bulk{IDs: ids, Action: act})
		d.ctx.Dispatch(ui.Safe(func(app.Context) {
			for _, id := range ids {
				d.list.wait(id, false)
			}
			if err != nil {
				d.complain(err)
				return
			}
			var changed []api.KeyID // Undo must not enable what was disabled before
			for _, id := range done.Done {
				if was[id] != (act == api.BulkEnable) {
					changed = append(changed, id)
				}
			}
			d.bulkDone(act, done, changed, func(id api.KeyID) string { return names[id] })
		}))
	})
}

// bulkDone says what was done. What was refused stays on the page until dismissed:
// a toast is gone before it is read.
func (d *keyDesk) bulkDone(act api.BulkAction, done api.BulkDone, changed []api.KeyID, name func(api.KeyID) string) {
	d.close()
	d.picked.Clear() // and with it the bar that had the focus
	d.focusAfter(act, done.Done)
	summary := bulkSummary(act, done, name)
	d.said = ""
	switch {
	case len(done.Refused) > 0:
		d.said = summary
		ui.Announce(summary)
	case act == api.BulkDelete || len(changed) == 0:
		d.toast(summary)
	default:
		back := api.BulkDisable
		if act == api.BulkDisable {
			back = api.BulkEnable
		}
		ui.Toast(d.ctx, ui.Message{Text: summary, Action: "Undo", OnAction: func(app.Context) { d.bulk(back, changed) }})
	}
	d.changed()
}

// focusAfter takes the focus to the first row that a bulk act changed, or, where those
// are gone, to the search.
func (d *keyDesk) focusAfter(act api.BulkAction, done []api.KeyID) {
	if act != api.BulkDelete && len(done) > 0 {
		ui.FocusID(d.ctx, "key-row-"+keyRef(done[0]))
		return
	}
	ui.FocusID(d.ctx, "keys-search")
}

// pickedKeys are the selected rows of the page.
func (d *keyDesk) pickedKeys() []api.Key {
	var keys []api.Key
	for _, ref := range d.picked.IDs() {
		if k, ok := d.list.find(keyOf(ref)); ok {
			keys = append(keys, k)
		}
	}
	return keys
}

func idsOf(keys []api.Key) []api.KeyID {
	ids := make([]api.KeyID, len(keys))
	for i, k := range keys {
		ids[i] = k.ID
	}
	return ids
}
