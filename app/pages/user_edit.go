package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// userEdit changes names and address of a user.
type userEdit struct {
	page   *Users
	person api.Person
	form   userForm
	facts  lookup[api.PersonDetail]
}

func newUserEdit(p *Users, person api.Person) *userEdit {
	s := &userEdit{page: p, person: person, form: userFormOf(person.User)}
	p.lookUpUser(&s.facts, person.ID)
	return s
}

func (s *userEdit) draw() *ui.Dialog {
	return &ui.Dialog{
		Title: "Edit " + quoted(userName(s.person.User)), ReturnTo: "user-row-" + userRef(s.person.ID), Body: s.body, OnSubmit: s.onSubmit,
		Footer: func() []app.UI { return s.page.roll.buttons(&ui.Button{Label: "Save"}) },
	}
}

func (s *userEdit) body() []app.UI {
	r := &s.page.roll
	list := []app.UI{ui.El("div", "class", "twin").Body(s.form.nameFields(r, true)...), s.form.emailField(r, false, "They sign in with it.")}
	if s.form.moved() && !r.view.Mine(s.person.ID) {
		list = append(list, ui.Notice(ui.Warn, "With another address:", shutOutWords(s.facts.found.Keys), nil))
	}
	return append(list, r.refusal("Not saved.", "email", "first_name", "last_name")...)
}

func (s *userEdit) onSubmit(app.Context) {
	r := &s.page.roll
	if !s.form.check() {
		s.form.focus(r.ctx)
		return
	}
	edit, differs := s.form.edits()
	if !differs {
		r.close()
		return
	}
	s.page.save(s.person.ID, edit)
}

func (s *userEdit) leave() bool { return true }

// save sends what a dialog changed of a user.
func (p *Users) save(id api.UserID, edit api.EditUser) {
	r := &p.roll
	var saved api.PersonDetail
	asked := r.sheet
	r.send(func(ctx context.Context) (err error) {
		saved, err = client.API.EditUser(ctx, id, edit)
		return err
	}, func() {
		if r.shows(asked) {
			r.close()
		}
		r.toast("Saved " + quoted(userName(saved.User)) + ".")
		r.changed()
	})
}

// userRoles changes what a user may do: the role on the account, and one in each
// organization.
type userRoles struct {
	page    *Users
	person  api.Person
	grants  grants
	missing string
}

func newUserRoles(p *Users, person api.Person) *userRoles {
	return &userRoles{page: p, person: person, grants: newGrants(p.roll.view.Me, person)}
}

func (s *userRoles) draw() *ui.Dialog {
	return &ui.Dialog{
		Title: "Roles of " + quoted(userName(s.person.User)), ReturnTo: "user-row-" + userRef(s.person.ID), Body: s.body, OnSubmit: s.onSubmit,
		Footer: func() []app.UI { return s.page.roll.buttons(&ui.Button{Label: "Save"}) },
	}
}

func (s *userRoles) body() []app.UI {
	list := []app.UI{soft("Changes hold from their next request, for their keys and tokens too.")}
	list = append(list, s.page.grantFields(&s.grants, s.person.AccountRole)...)
	if s.missing != "" {
		list = append(list, refused("Not saved.", s.missing))
	}
	return append(list, s.page.roll.refusal("Not saved.", "account_role_id", "memberships")...)
}

func (s *userRoles) onSubmit(app.Context) {
	if s.missing = s.grants.fault(); s.missing != "" {
		return
	}
	edit, differs := s.grants.edits()
	if !differs {
		s.page.roll.close()
		return
	}
	s.page.save(s.person.ID, edit)
}

func (s *userRoles) leave() bool { return true }
