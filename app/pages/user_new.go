package pages

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// userNew invites a user, then shows their link in the same dialog. The link is here
// and nowhere else, and goes when the dialog closes.
type userNew struct {
	page    *Users
	form    userForm
	grants  grants
	missing string // what the roles lack, once it was sent
	link    linkStep
}

// newUserNew begins with a place in the organization of the page.
func newUserNew(p *Users) *userNew {
	s := &userNew{page: p, grants: newGrants(p.roll.view.Me, api.Person{})}
	s.grants.roles = p.roles
	if org := p.roll.view.Org; org != nil {
		s.grants.join(org.ShortName)
	}
	return s
}

func (s *userNew) draw() *ui.Dialog {
	if s.link.on() {
		return s.link.draw(&s.page.roll, "Invited "+quoted(s.form.Email))
	}
	return &ui.Dialog{
		Title: "Invite user", ReturnTo: "user-add", Body: s.body, OnSubmit: s.onSubmit,
		Footer: func() []app.UI { return s.page.roll.buttons(&ui.Button{Label: "Invite"}) },
	}
}

func (s *userNew) body() []app.UI {
	r := &s.page.roll
	list := []app.UI{s.form.emailField(r, true, "They sign in with it. Nothing is sent: you hand the link over.")}
	list = append(list, ui.El("div", "class", "twin").Body(s.form.nameFields(r, true)...))
	list = append(list, s.page.grantFields(&s.grants, nil)...)
	if s.missing != "" {
		list = append(list, refused("Not invited.", s.missing))
	}
	return append(list, r.refusal("Not invited.", "email", "first_name", "last_name", "account_role_id", "memberships")...)
}

func (s *userNew) onSubmit(app.Context) {
	p := s.page
	s.missing = ""
	if !s.form.check() {
		s.form.focus(p.roll.ctx)
		return
	}
	if s.missing = s.grants.fault(); s.missing != "" {
		return
	}
	ask := api.AddUser{
		Email: strings.TrimSpace(s.form.Email), FirstName: strings.TrimSpace(s.form.First), LastName: strings.TrimSpace(s.form.Last),
		AccountRoleID: s.grants.onRole(), Memberships: s.grants.list(),
	}
	var added api.AddedUser
	p.roll.send(func(ctx context.Context) (err error) {
		added, err = client.API.AddUser(ctx, ask)
		return err
	}, func() {
		p.roll.changed()
		if !p.roll.shows(s) {
			p.roll.toast("Invited " + quoted(ask.Email) + ". Make a new link from the menu in their row.")
			return
		}
		s.link.begin(added.Link, p.base())
		ui.FocusID(p.roll.ctx, "value-copy")
	})
}

func (s *userNew) leave() bool { return s.link.leave() }
