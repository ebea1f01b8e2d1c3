package pages

import (
	"cmp"
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/session"
	"keystead/app/ui"
	"keystead/shared/api"
)

// orgEdit adds an organization or changes its names.
type orgEdit struct {
	page *Orgs
	form orgForm
}

func (s *orgEdit) adding() bool { return s.form.was.ID == 0 }

func (s *orgEdit) draw() *ui.Dialog {
	d := &ui.Dialog{Title: "Add organization", ReturnTo: "org-add", Body: s.body, OnSubmit: s.onSubmit}
	act := "Add organization"
	if !s.adding() {
		d.Title, d.ReturnTo, act = "Edit "+quoted(s.form.was.Name), "org-row-"+orgRef(s.form.was.ID), "Save"
	}
	d.Footer = func() []app.UI { return s.page.roll.buttons(&ui.Button{Label: act}) }
	return d
}

func (s *orgEdit) body() []app.UI {
	r, f := &s.page.roll, &s.form
	list := []app.UI{
		&ui.Field{ID: "org-name", Label: "Name", Value: f.Name, Error: cmp.Or(f.NameError, r.at("name")), Focus: true, Placeholder: "Northwind Labs",
			OnInput: func(_ app.Context, v string) { f.SetName(v); r.problem = nil }},
		&ui.Field{ID: "org-short", Label: "Short name", Value: f.Short, Mono: true, Error: cmp.Or(f.ShortError, r.at("short_name")),
			Hint:    "It stands in addresses, and integrations name the organization by it.",
			OnInput: func(_ app.Context, v string) { f.SetShort(v); r.problem = nil }},
	}
	switch {
	case s.adding():
		list = append(list, soft("It begins with its agent access key and no API keys."))
	case f.renamed():
		list = append(list, ui.Notice(ui.Warn, "Integrations use the short name.",
			"Whatever still asks for "+quoted(f.was.ShortName)+" is refused from now on, and bookmarks with it lead nowhere.", nil))
	}
	return append(list, r.refusal("Not saved.", "name", "short_name")...)
}

func (s *orgEdit) onSubmit(app.Context) {
	r, f := &s.page.roll, &s.form
	if !f.check() {
		if f.NameError != "" {
			ui.FocusID(r.ctx, "org-name")
		} else {
			ui.FocusID(r.ctx, "org-short")
		}
		return
	}
	add, adding, was := f.adds(), s.adding(), f.was
	edit, differs := f.edits()
	if !adding && !differs {
		r.close()
		return
	}
	var saved api.Org
	r.send(func(ctx context.Context) (err error) {
		if adding {
			saved, err = client.API.AddOrg(ctx, add)
		} else {
			saved, err = client.API.EditOrg(ctx, was.ID, edit)
		}
		return err
	}, func() {
		if r.shows(s) {
			r.close()
		}
		if adding {
			r.toast("Added " + quoted(saved.Name) + ".")
		} else {
			r.toast("Saved " + quoted(saved.Name) + ".")
		}
		s.page.moved(was.ID, saved.ShortName)
	})
}

func (s *orgEdit) leave() bool { return true }

// moved brings the page up to date after an organization was renamed or deleted: the
// address may name it, and must follow before the session does.
func (p *Orgs) moved(id api.OrgID, short string) {
	r := &p.roll
	if r.view.Org == nil || r.view.Org.ID != id || r.view.Org.ShortName == short {
		r.changed()
		return
	}
	r.swap(r.kind.address(short, r.list.query))
	r.ctx.Async(func() {
		_ = session.Reload(context.Background())
		r.ctx.Dispatch(ui.Safe(func(app.Context) {
			r.view = session.Now()
			r.replace(r.list.query)
		}))
	})
}
