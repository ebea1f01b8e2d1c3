package pages

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/ui"
	"keystead/shared/api"
)

// keyRow is a key in the table of Secrets & Keys. Its inputs are exported, so that a
// row whose key did not change is not drawn again; its id keeps a shown value with
// its own key when rows move.
type keyRow struct {
	app.Compo
	Desk    *keyDesk
	Key     api.Key
	May     keyActs
	Pending bool
	Offline bool
	Minute  int64 // draws relative times anew
}

func (r *keyRow) CompoID() string { return "key-" + keyRef(r.Key.ID) }

func (r *keyRow) Render() app.UI {
	k, now := r.Key, time.Now()
	return ui.Row("key-row-"+keyRef(k.ID), !k.Enabled || k.Expired(now),
		r.Desk.title(k, r.May, k.Description, badges(k, now)),
		ui.Cell("User", owner(k.User)),
		ui.Cell("Key", r.value(), older(k, now)),
		ui.Cell("Role", roleBadge(k.Role)),
		ui.Cell("Expires", expiry(k, now)),
		ui.Cell("Last used", ui.When(ui.Moment{At: at(k.LastLoginAt), Never: "Never", Tone: idleTone(k, now)})),
		ui.Cell("Enabled", &ui.Switch{
			ID: "key-on-" + keyRef(k.ID), Label: switchLabel(k, now),
			On: k.Enabled, Pending: r.Pending, Off: r.Desk.switchOff(k, r.May),
			OnChange: func(_ app.Context, on bool) { r.Desk.turn(r.Key, on) },
		}),
		ui.EndCell(r.deleteButton(), r.Desk.manage(k, r.May)),
	)
}

// value is the key itself: masked, and shown and copied where it is the person's own.
func (r *keyRow) value() app.UI {
	s := r.Desk.secret(r.Key, r.May, r.Offline)
	s.Inline, s.Head = true, short(s.Head)
	return s
}

func (d *keyDesk) secret(k api.Key, may keyActs, cut bool) *ui.Secret {
	head, tail := hintEnds(k.Hint)
	s := &ui.Secret{
		ID: "key-value-" + keyRef(k.ID), Label: "key " + quoted(k.Name), Head: head, Tail: tail,
		MaskOnly: !may.Own,
		Reveal:   d.reveal(k.ID),
		Fetch:    d.fetch(k.ID, copyValue),
		OnFail:   func(_ app.Context, err error) { d.complain(err) },
		OnCopied: func(app.Context) { d.toast("Copied key " + quoted(k.Name) + ".") },
	}
	switch {
	case cut:
		s.ShowOff, s.CopyOff = offline, offline
	case !may.Show:
		s.ShowOff, s.CopyOff = neverShown, neverShown
	}
	return s
}

// short leaves of a key's head what a table has room for; the menu and the search
// know the rest.
func short(head string) string {
	kind, public, found := strings.Cut(head, "_")
	if !found {
		return head // none: a kept row has no hint
	}
	return kind + "_" + public[:min(4, len(public))]
}

// neverShown is why a value can't be shown or copied under the policy.
const neverShown = "The policy here is that values are never shown again. Rotate the key to get a new one."

// switchOff is why a key can't be switched, "" when it can.
func (d *keyDesk) switchOff(k api.Key, may keyActs) string {
	if !may.Switch {
		return "Only " + ownerName(k.User) + " and administrators can switch this key."
	}
	return d.off()
}

// switchLabel says what the switch alone does not: an expired key is refused, enabled or not.
func switchLabel(k api.Key, now time.Time) string {
	label := quoted(k.Name) + " enabled"
	if k.Enabled && k.Expired(now) {
		label += ", but expired"
	}
	return label
}

func (r *keyRow) deleteButton() app.UI {
	if !r.May.Delete {
		return nil
	}
	b := &ui.IconButton{
		ID: "key-delete-" + keyRef(r.Key.ID), Label: "Delete " + quoted(r.Key.Name), Tip: "Delete", Icon: ui.IconTrash,
		OnClick: func(app.Context) { r.Desk.open(dialogDelete, r.Key) },
	}
	if r.Offline {
		b.Off = offline
	}
	return b
}
