package pages

import (
	"cmp"
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// roleEdit adds a custom role or changes one: its name, and the list of permissions
// in plain words.
type roleEdit struct {
	page *Roles
	form roleForm
}

func (s *roleEdit) adding() bool { return s.form.was.ID == 0 }

func (s *roleEdit) draw() *ui.Dialog {
	d := &ui.Dialog{Title: "Add role", Size: "wide", ReturnTo: "role-add", Body: s.body, OnSubmit: s.onSubmit}
	act := "Add role"
	if !s.adding() {
		d.Title, d.ReturnTo, act = "Edit "+quoted(s.form.was.Name), "role-row-"+roleRef(s.form.was.ID), "Save"
	}
	d.Footer = func() []app.UI { return s.page.roll.buttons(&ui.Button{Label: act}) }
	return d
}

func (s *roleEdit) body() []app.UI {
	r, f := &s.page.roll, &s.form
	list := []app.UI{
		&ui.Field{ID: "role-name", Label: "Name", Value: f.Name, Error: cmp.Or(f.NameError, r.at("name")), Focus: true, Placeholder: "Key Auditor",
			OnInput: func(_ app.Context, v string) { f.SetName(v); r.problem = nil }},
		&ui.Field{ID: "role-description", Label: "Description", Optional: true, Value: f.Description, Error: cmp.Or(f.DescriptionError, r.at("description")),
			Placeholder: "Who is it for?", OnInput: func(_ app.Context, v string) { f.SetDescription(v); r.problem = nil }},
	}
	switch {
	case s.adding():
		list = append(list, s.where())
	case f.was.Holders > 0:
		list = append(list, ui.Notice(ui.Warn, counted(f.was.Holders, "user holds", "users hold")+" this role.",
			"A change acts at the next request of everyone who has it, keys and tokens included.", nil))
	}
	for _, g := range permGroups {
		list = append(list, s.group(g))
	}
	if why := cmp.Or(f.PermError, r.at("permissions")); why != "" {
		list = append(list, refused("Not saved.", why))
	}
	return append(list, r.refusal("Not saved.", "name", "description", "permissions")...)
}

// where chooses where the role is given; it stays there.
func (s *roleEdit) where() app.UI {
	options := []ui.Option{{Value: "", Label: "The account: it holds in every organization"}}
	for _, org := range s.form.me.Organizations {
		options = append(options, ui.Option{Value: org.ShortName, Label: org.Name + " only"})
	}
	return &ui.Select{ID: "role-where", Label: "Given on", Value: s.form.Where, Options: options, Error: s.page.roll.at("scope", "organization_id"),
		OnChange: func(_ app.Context, v string) { s.form.Where = v; s.page.roll.problem = nil }}
}

// group is a part of the checklist, empty where nothing of it can be given there.
func (s *roleEdit) group(g permGroup) app.UI {
	lines := []app.UI{ui.El("legend").Text(g.Name)}
	for _, p := range g.Of {
		t, ok := s.form.tick(p)
		if !ok {
			continue
		}
		lines = append(lines, &ui.Check{ID: "perm-" + string(p), Label: means(p), Hint: t.Off, On: t.On, Off: t.Off,
			OnChange: func(_ app.Context, on bool) { s.form.Tick(p, on); s.page.roll.problem = nil }})
	}
	if len(lines) == 1 {
		return ui.El("fieldset", "class", "stack perms", "hidden", "true")
	}
	return ui.El("fieldset", "class", "stack perms", "hidden", "false").Body(lines...)
}

func (s *roleEdit) onSubmit(app.Context) {
	r, f := &s.page.roll, &s.form
	if !f.check() {
		switch {
		case f.NameError != "":
			ui.FocusID(r.ctx, "role-name")
		case f.DescriptionError != "":
			ui.FocusID(r.ctx, "role-description")
		}
		return
	}
	add, adding, id := f.adds(), s.adding(), f.was.ID
	edit, differs := f.edits()
	if !adding && !differs {
		r.close()
		return
	}
	var saved api.Role
	r.send(func(ctx context.Context) (err error) {
		if adding {
			saved, err = client.API.AddRole(ctx, add)
		} else {
			saved, err = client.API.EditRole(ctx, id, edit)
		}
		return err
	}, func() {
		if r.shows(s) {
			r.close()
		}
		r.toast("Saved role " + quoted(saved.Name) + ".")
		r.changed()
	})
}

func (s *roleEdit) leave() bool { return true }

// copyOfRole is the form of a new role that begins as another, as far as the person
// may give it.
func copyOfRole(me api.Me, role api.Role) roleForm {
	f := roleFormOf(me, role)
	if role.Scope == perm.Organization && f.Where == "" && len(me.Organizations) > 0 {
		f.Where = me.Organizations[0].ShortName
	}
	f.was, f.Name = api.Role{}, ""
	f.Ticked = perm.OfKnown(role.Permissions...).And(f.held()).List()
	return f
}

// roleView says what a role allows.
type roleView struct {
	page *Roles
	role api.Role
}

func (s *roleView) draw() *ui.Dialog {
	return &ui.Dialog{
		Title: s.role.Name, ReturnTo: "role-view-" + roleRef(s.role.ID), Body: s.body,
		Footer: func() []app.UI {
			return []app.UI{&ui.Button{Label: "Close", Kind: ui.Primary, Focus: true, OnClick: s.page.roll.onCancel}}
		},
	}
}

func (s *roleView) body() []app.UI {
	var list []app.UI
	if s.role.Description != "" {
		list = append(list, soft(s.role.Description))
	}
	set := perm.OfKnown(s.role.Permissions...)
	for _, g := range permGroups {
		var lines []app.UI
		for _, p := range g.Of {
			if set.Has(p) {
				lines = append(lines, ui.El("li").Text(means(p)))
			}
		}
		if len(lines) > 0 {
			list = append(list, ui.El("section").Body(ui.El("h3").Text(g.Name), ui.El("ul", "class", "names all").Body(lines...)))
		}
	}
	return append(list, soft(ownWords))
}

func (s *roleView) leave() bool { return true }

// roleDelete asks before a custom role that nobody holds is gone.
type roleDelete struct {
	page *Roles
	role api.Role
}

func (s *roleDelete) draw() *ui.Dialog {
	return &ui.Dialog{
		Title: "Delete " + quoted(s.role.Name) + "?", ReturnTo: "role-row-" + roleRef(s.role.ID), OnSubmit: s.onSubmit,
		Body: func() []app.UI {
			return append([]app.UI{soft("Nobody holds this role. It can’t be brought back.")}, s.page.roll.refusal("Not deleted.")...)
		},
		Footer: func() []app.UI {
			return s.page.roll.buttons(&ui.Button{Label: "Delete role", Kind: ui.Danger})
		},
	}
}

func (s *roleDelete) onSubmit(app.Context) {
	r, role := &s.page.roll, s.role
	r.send(func(ctx context.Context) error { return client.API.DeleteRole(ctx, role.ID) }, func() {
		r.returnTo = "role-add"
		if r.shows(s) {
			r.close()
		}
		r.toast("Deleted role " + quoted(role.Name) + ".")
		r.changed()
	})
}

func (s *roleDelete) leave() bool { return true }
