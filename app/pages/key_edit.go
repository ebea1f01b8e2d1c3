package pages

import (
	"context"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// keyEdit is the dialog that changes a key: everything of one's own, and of another's
// the name, the description, an earlier expiry, and ADMIN to READONLY.
type keyEdit struct {
	app.Compo
	Desk    *keyDesk
	Open    bool
	Offline bool
	Key     api.Key

	ctx  app.Context
	form keyForm
	busy bool
	was  bool
}

func (d *keyEdit) OnMount(ctx app.Context) { d.ctx = ctx }

func (d *keyEdit) OnUpdate(app.Context) {
	if d.Open != d.was {
		d.was, d.busy = d.Open, false
		d.form = keyForm{Name: d.Key.Name, Description: d.Key.Description, Role: d.Key.Role, Global: d.Key.Global(), Expiry: expiryKeep, Made: d.Key.CreatedAt}
	}
}

func (d *keyEdit) own() bool { return d.Desk.view.Mine(d.Key.User.ID) }

func (d *keyEdit) policy() api.Policy {
	if d.Key.Global() {
		return d.Desk.view.Me.KeyPolicy
	}
	return d.Desk.view.Org.Policy
}

func (d *keyEdit) Render() app.UI {
	return &ui.Dialog{
		ID: "key-edit", Title: "Edit " + quoted(d.Key.Name), Open: d.Open, ReturnTo: "key-row-" + keyRef(d.Key.ID),
		Body: d.fields, OnSubmit: d.onSave, OnCancel: d.onCancel,
		Footer: func() []app.UI {
			return []app.UI{
				&ui.Button{Label: "Cancel", OnClick: d.onCancel},
				&ui.Button{Label: "Save", Kind: ui.Primary, Submit: true, Busy: d.busy, Off: d.Desk.off()},
			}
		},
	}
}

func (d *keyEdit) fields() []app.UI {
	f := &d.form
	var list []app.UI
	if !d.own() {
		list = append(list, ui.Notice(ui.Info, "This key is "+ownerName(d.Key.User)+"’s.",
			"You may rename it, let it expire earlier, and take ADMIN from it; never the reverse.", nil))
	}
	list = append(list,
		&ui.Field{ID: "key-edit-name", Label: "Name", Value: f.Name, Error: f.NameError, AutoComplete: "off", Focus: true,
			OnInput: func(_ app.Context, v string) { f.SetName(v) }},
		&ui.Field{ID: "key-edit-description", Label: "Description", Optional: true, Value: f.Description, Error: f.DescriptionError,
			AutoComplete: "off", OnInput: func(_ app.Context, v string) { f.SetDescription(v) }},
		&ui.Choices{ID: "key-edit-role", Label: "Role", Value: string(f.Role), Options: editRoles(d.Key, d.own(), d.where()),
			OnChange: func(_ app.Context, v string) { f.Role, f.Error = api.KeyRole(v), "" }},
	)
	choices := editExpiryChoices(d.Key, d.own(), d.policy(), time.Now(), dayOf)
	list = append(list, expiryFields("key-edit", f, d.policy(), expiryOptions(choices))...)
	if f.Error != "" {
		list = append(list, refused("Not saved.", f.Error))
	}
	return list
}

// editRoles words the roles from the owner's point of view. Only the owner widens a key.
func editRoles(k api.Key, own bool, org string) []ui.Option {
	if own {
		return roleChoices("you", org)
	}
	roles := roleChoices("its owner", org)
	if k.Role != api.Admin {
		roles[1].Off = "Only its owner can give it ADMIN."
	}
	return roles
}

// where names the organization that the key works in, "" for all.
func (d *keyEdit) where() string {
	if d.Key.Global() {
		return ""
	}
	return orgName(d.Desk.view, d.Key.OrganizationID)
}

func (d *keyEdit) onSave(app.Context) {
	policy, now := d.policy(), time.Now()
	if d.busy || !d.form.check(policy, dayEnd, now) {
		focusFirstError(d.ctx, "key-edit", d.form)
		return
	}
	key := d.Key
	edit, ok := d.form.edits(key, d.form.expires(policy, dayEnd, now))
	if !ok {
		d.Desk.close()
		return
	}
	d.busy = true
	d.ctx.Async(func() {
		saved, err := client.API.EditKey(context.Background(), key.ID, edit)
		d.ctx.Dispatch(ui.Safe(func(app.Context) {
			d.busy = false
			if err != nil {
				d.form.refuse(err)
				focusFirstError(d.ctx, "key-edit", d.form)
				return
			}
			d.Desk.list.put(saved)
			d.Desk.close()
			d.Desk.toast("Saved " + quoted(saved.Name) + ".")
			d.Desk.changed()
		}))
	})
}

func (d *keyEdit) onCancel(app.Context) {
	if !d.busy {
		d.Desk.close()
	}
}
