package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// orgPolicy changes the rules for an organization's keys, each with what it does; who
// may not change them reads them.
type orgPolicy struct {
	page   *Orgs
	org    api.Org
	manage bool
	form   policyForm
	facts  lookup[api.OrgDetail]
}

func newOrgPolicy(p *Orgs, org api.Org, manage bool) *orgPolicy {
	s := &orgPolicy{page: p, org: org, manage: manage, form: policyFormOf(org.Policy)}
	p.lookUpOrg(&s.facts, org.ID)
	return s
}

func (s *orgPolicy) draw() *ui.Dialog {
	d := &ui.Dialog{Title: "Policy of " + quoted(s.org.Name), Size: "wide", ReturnTo: "org-row-" + orgRef(s.org.ID), Body: s.body}
	if !s.manage {
		d.Footer = func() []app.UI {
			return []app.UI{&ui.Button{Label: "Close", Kind: ui.Primary, Focus: true, OnClick: s.page.roll.onCancel}}
		}
		return d
	}
	d.OnSubmit = s.onSubmit
	d.Footer = func() []app.UI {
		save := &ui.Button{Label: "Save"}
		if s.form.erasing() {
			save.Label, save.Kind = "Save and erase values", ui.Danger
		}
		return s.page.roll.buttons(save)
	}
	return d
}

func (s *orgPolicy) body() []app.UI {
	f := &s.form
	off := ""
	if !s.manage {
		off = "Your role does not let you change this."
	}
	reveal := []ui.Option{
		{Value: api.RevealOwner, Label: "Owners see them again", Note: "Owners show and copy the values of their own keys; each time is recorded. Nobody else ever can."},
		{Value: api.RevealNever, Label: "Never again", Note: "A value is seen once, when it is made. Whoever loses it rotates the key. Agent access key and shared secret are not affected."},
	}
	for i := range reveal {
		if !s.manage && reveal[i].Value != f.Reveal {
			reveal[i].Off = off
		}
	}
	list := []app.UI{&ui.Choices{ID: "policy-reveal", Label: "Values of keys", Value: f.Reveal, Options: reveal,
		OnChange: func(_ app.Context, v string) { f.Reveal = v; s.page.roll.problem = nil }}}
	warning := ui.El("div", "role", "status")
	if f.erasing() {
		warning = warning.Body(ui.Notice(ui.Bad, "Never again is for good.", erases(s.facts.found.Contents), nil))
	}
	list = append(list, warning,
		ui.El("div", "class", "twin").Body(
			s.days("policy-default", "Default lifetime in days", "A new key that names no expiry gets this one. Empty: it gets none.", off, &f.Default, &f.DefaultError),
			s.days("policy-max", "Longest lifetime in days", "No new key or later expiry goes beyond. Keys that there are stay as they are. Empty: no bound.", off, &f.Max, &f.MaxError),
		),
		s.flag("policy-no-expiry", "Allow keys without expiry", "Off: whoever adds a key or changes its expiry has to name an end.", off, &f.AllowNoExpiry),
		s.flag("policy-manage", "Let keys manage keys", "Off: keys and tokens can’t add, change, show or rotate keys, in the API and in the compatible ones; people in the console still can.", off, &f.KeysManageKeys),
		soft("Global keys follow the strictest of their owner’s organizations."),
	)
	return append(list, s.page.roll.refusal("Not saved.")...)
}

func (s *orgPolicy) days(id, label, hint, off string, value, why *string) app.UI {
	return &ui.Field{ID: id, Label: label, Type: "number", Min: "1", Max: "36500", Value: *value, Hint: hint, Error: *why, Off: off,
		OnInput: func(_ app.Context, v string) { *value, *why, s.page.roll.problem = v, "", nil }}
}

func (s *orgPolicy) flag(id, label, hint, off string, on *bool) app.UI {
	return &ui.Check{ID: id, Label: label, Hint: hint, Off: off, On: *on, OnChange: func(_ app.Context, v bool) { *on, s.page.roll.problem = v, nil }}
}

func (s *orgPolicy) onSubmit(app.Context) {
	r, f, org := &s.page.roll, &s.form, s.org
	if !f.check() {
		if f.DefaultError != "" {
			ui.FocusID(r.ctx, "policy-default")
		} else {
			ui.FocusID(r.ctx, "policy-max")
		}
		return
	}
	edit, differs := f.edits()
	if !differs {
		r.close()
		return
	}
	r.send(func(ctx context.Context) error {
		_, err := client.API.EditOrg(ctx, org.ID, api.EditOrg{Policy: &edit})
		return err
	}, func() {
		if r.shows(s) {
			r.close()
		}
		r.toast("Saved the policy of " + quoted(org.Name) + ".")
		r.changed()
	})
}

func (s *orgPolicy) leave() bool { return true }
