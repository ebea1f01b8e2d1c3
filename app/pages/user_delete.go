package pages

import (
	"cmp"
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// userEnd says what happens to a user and their keys before they are disabled or
// deleted. Where something used one of the keys lately, deleting asks for the address.
type userEnd struct {
	page   *Users
	person api.Person
	remove bool // else disable
	facts  lookup[api.PersonDetail]
	typed  string
}

func newUserDisable(p *Users, person api.Person) *userEnd {
	s := &userEnd{page: p, person: person}
	p.lookUpUser(&s.facts, person.ID)
	return s
}

func newUserDelete(p *Users, person api.Person) *userEnd {
	s := newUserDisable(p, person)
	s.remove = true
	return s
}

func (s *userEnd) draw() *ui.Dialog {
	d := &ui.Dialog{ReturnTo: "user-row-" + userRef(s.person.ID), Body: s.body, OnSubmit: s.onSubmit}
	name := quoted(userName(s.person.User))
	if !s.remove {
		d.Title = "Disable " + name + "?"
		d.Footer = func() []app.UI {
			return s.page.roll.buttons(&ui.Button{Label: "Disable user", Kind: ui.Danger, Off: s.facts.off()})
		}
		return d
	}
	d.Title = "Delete " + name + "?"
	d.Footer = func() []app.UI {
		var instead []app.UI
		if s.person.State != api.UserDisabled {
			instead = []app.UI{&ui.Button{Label: "Disable instead", Off: s.page.roll.off(), OnClick: s.onInstead}}
		}
		return s.page.roll.buttons(&ui.Button{Label: "Delete user", Kind: ui.Danger, Off: s.off()}, instead...)
	}
	return d
}

func (s *userEnd) body() []app.UI {
	list := []app.UI{who(s.person.User)}
	if waiting := s.facts.wait(2, "what this does"); waiting != nil {
		return append(list, waiting...)
	}
	words := disableWords(s.facts.found.Keys)
	if s.remove {
		words = deleteWords(s.facts.found.Keys)
	}
	list = append(list, soft(words))
	list = append(list, lately(s.facts.found.Keys)...)
	if s.asksName() {
		list = append(list, &ui.Field{ID: "user-delete-email", Label: "Type " + quoted(s.person.Email) + " to confirm", Value: s.typed,
			OnInput: func(_ app.Context, v string) { s.typed = v }})
	}
	title := "Not disabled."
	if s.remove {
		title = "Not deleted."
	}
	return append(list, s.page.roll.refusal(title)...)
}

// asksName reports whether a slip would break something that runs.
func (s *userEnd) asksName() bool {
	return s.remove && s.facts.found.Keys != nil && s.facts.found.Keys.UsedLately > 0
}

// off is why the act waits.
func (s *userEnd) off() string {
	if off := cmp.Or(s.page.roll.off(), s.facts.off()); off != "" {
		return off
	}
	if s.asksName() && strings.TrimSpace(s.typed) != s.person.Email {
		return "Type the address first: keys were used within the last 7 days."
	}
	return ""
}

// onInstead turns the question into the milder one.
func (s *userEnd) onInstead(app.Context) {
	s.remove, s.page.roll.problem = false, nil
}

func (s *userEnd) onSubmit(app.Context) {
	if s.off() != "" {
		return
	}
	r, id, remove, state := &s.page.roll, s.person.ID, s.remove, api.UserDisabled
	r.send(func(ctx context.Context) error {
		if remove {
			return client.API.DeleteUser(ctx, id)
		}
		_, err := client.API.EditUser(ctx, id, api.EditUser{State: &state})
		return err
	}, func() {
		past := "Disabled "
		if remove {
			past = "Deleted "
			r.returnTo = "user-add" // their row goes
		}
		if r.shows(s) {
			r.close()
		}
		r.toast(past + quoted(userName(s.person.User)) + ".")
		r.changed()
	})
}

func (s *userEnd) leave() bool { return true }
