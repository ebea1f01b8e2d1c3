package pages

import (
	"context"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// keyNew is the dialog that adds an API key, from either screen: a form, then the
// value in the same dialog until Done. The value is here and nowhere else, and goes
// when the dialog closes.
type keyNew struct {
	app.Compo
	Desk    *keyDesk
	Open    bool
	Offline bool // draws the buttons anew

	ctx   app.Context
	form  keyForm
	value valueStep
	made  string // name of the key that was made
	busy  bool
	was   bool // it was open when last drawn
}

func (d *keyNew) OnMount(ctx app.Context) { d.ctx = ctx }

func (d *keyNew) OnDismount() { d.value.drop() }

func (d *keyNew) OnUpdate(app.Context) {
	if d.Open != d.was {
		d.was, d.busy = d.Open, false
		d.value.drop()
		if d.Open {
			d.form = newKeyForm(d.policy(false))
		} else {
			d.form = keyForm{}
		}
	}
}

func (d *keyNew) Render() app.UI {
	dialog := &ui.Dialog{
		ID: "key-new", Title: "Add API key", Open: d.Open, ReturnTo: "keys-add",
		Body: d.fields, Footer: d.buttons, OnSubmit: d.onCreate, OnCancel: d.onCancel,
	}
	if d.value.on() {
		dialog.Title = "Created " + quoted(d.made)
		dialog.Body = d.value.body
		dialog.Footer = func() []app.UI { return d.value.footer(d.onCancel) }
		dialog.OnSubmit = nil
	}
	return dialog
}

func (d *keyNew) policy(global bool) api.Policy {
	if global || d.Desk.view.Org == nil {
		return d.Desk.view.Me.KeyPolicy
	}
	return d.Desk.view.Org.Policy
}

func (d *keyNew) fields() []app.UI {
	f := &d.form
	list := []app.UI{
		&ui.Field{ID: "key-new-name", Label: "Name", Value: f.Name, Error: f.NameError, AutoComplete: "off", Focus: true,
			Placeholder: "ci-runner", OnInput: func(_ app.Context, v string) { f.SetName(v) }},
		&ui.Field{ID: "key-new-description", Label: "Description", Optional: true, Value: f.Description, Error: f.DescriptionError,
			AutoComplete: "off", Placeholder: "What will use it?", OnInput: func(_ app.Context, v string) { f.SetDescription(v) }},
		&ui.Choices{ID: "key-new-role", Label: "Role", Value: string(f.Role), Options: roleChoices("you", d.where()),
			OnChange: func(_ app.Context, v string) { f.Role, f.Error = api.KeyRole(v), "" }},
		&ui.Select{ID: "key-new-scope", Label: "Works in", Value: yesNo(f.Global), Hint: d.held(), OnChange: d.onScope,
			Options: []ui.Option{{Value: "false", Label: d.Desk.view.Org.Name + " only"}, {Value: "true", Label: "All my organizations (global)"}}},
	}
	list = append(list, expiryFields("key-new", f, d.policy(f.Global), newExpiryOptions(d.policy(f.Global)))...)
	list = append(list, mayDo(d.may()))
	if f.Error != "" {
		list = append(list, refused("Not created.", f.Error))
	}
	return list
}

func (d *keyNew) held() string {
	if d.form.Global {
		return heldGlobal(d.Desk.view.Me)
	}
	return heldHere(*d.Desk.view.Org)
}

// where says in which organization the key would work, "" in all.
func (d *keyNew) where() string {
	if d.form.Global {
		return ""
	}
	return d.Desk.view.Org.Name
}

func (d *keyNew) may() keyMay {
	me := d.Desk.view.Me
	if d.form.Global {
		return mayEverywhere(me, d.form.Role)
	}
	return mayIn(*d.Desk.view.Org, perm.OfKnown(me.AccountPermissions...), d.form.Role)
}

func (d *keyNew) buttons() []app.UI {
	count := d.Desk.view.Org.Keys
	if d.form.Global {
		count = d.Desk.view.Me.GlobalKeys
	}
	create := &ui.Button{Label: "Create", Kind: ui.Primary, Submit: true, Busy: d.busy, Off: d.Desk.off()}
	if full(count) {
		create.Off = d.held()
	}
	return []app.UI{&ui.Button{Label: "Cancel", OnClick: d.onCancel}, create}
}

func (d *keyNew) onScope(_ app.Context, v string) {
	d.form.SetGlobal(v == "true", d.policy(v == "true"))
}

func (d *keyNew) onCreate(app.Context) {
	policy, now := d.policy(d.form.Global), time.Now()
	if d.busy || !d.form.check(policy, dayEnd, now) {
		focusFirstError(d.ctx, "key-new", d.form)
		return
	}
	d.busy = true
	org, global := d.Desk.view.Org.ID, d.form.Global
	ask := api.AddKey{
		Name: strings.TrimSpace(d.form.Name), Description: strings.TrimSpace(d.form.Description),
		Role: d.form.Role, ExpiresAt: d.form.expires(policy, dayEnd, now),
	}
	d.ctx.Async(func() {
		var added api.AddedKey
		var err error
		if global {
			added, err = client.API.AddGlobalKey(context.Background(), ask)
		} else {
			added, err = client.API.AddKey(context.Background(), org, ask)
		}
		d.ctx.Dispatch(ui.Safe(func(app.Context) { d.created(added, err) }))
	})
}

// created shows the value, unless the person closed the dialog meanwhile: then the
// key is in the list, and its value can be shown from there.
func (d *keyNew) created(added api.AddedKey, err error) {
	d.busy = false
	if err != nil {
		d.form.refuse(err)
		focusFirstError(d.ctx, "key-new", d.form)
		return
	}
	d.Desk.changed()
	d.made = added.Key.Name
	if !d.Open {
		d.Desk.toast("Created " + quoted(d.made) + ".")
		return
	}
	d.value.begin(added.Value, "key "+quoted(d.made), showAgain(d.policy(added.Key.Global())), curlExample(d.Desk.base()))
	ui.FocusID(d.ctx, "value-copy")
}

func (d *keyNew) onCancel(app.Context) {
	if d.busy || d.value.on() && !d.value.mayLeave() {
		return
	}
	d.value.drop()
	d.Desk.close()
}

// showAgain says whether a new value can be seen a second time.
func showAgain(p api.Policy) string {
	if p.Reveal == api.RevealNever {
		return "It can’t be shown again."
	}
	return "You can show it again from Secrets & Keys, for ten seconds at a time."
}
