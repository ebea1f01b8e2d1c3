package pages

import (
	"context"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// linkStep shows a single-use link until Done. Whoever has the link can come in as
// that user, so it is treated as a secret: see [valueStep].
type linkStep struct {
	valueStep
	link api.Link
}

func (l *linkStep) begin(link api.Link, base string) {
	what, until := "invitation link", "It works once, within 24 hours. "
	if link.Purpose == api.LinkReset {
		what, until = "reset link", "It works once, within 30 minutes. "
	}
	l.link = link
	l.valueStep.begin(api.Hide(linkURL(link.URL.Reveal(), base)), what,
		"It can’t be shown again; a new link ends this one.", "")
	l.tell = until + "Whoever has it comes in as this user: hand it over where only they read. "
}

func (l *linkStep) draw(r *roll, title string) *ui.Dialog {
	return &ui.Dialog{
		Title: title, ReturnTo: r.returnTo,
		Body: func() []app.UI {
			return append(l.body(), ui.El("p", "class", "soft").Body(
				app.Text("It ends "), ui.When(ui.Moment{At: l.link.ExpiresAt, Exact: true, Bare: true}), app.Text(".")))
		},
		Footer: func() []app.UI { return l.footer(r.onCancel) },
	}
}

// leave reports whether the dialog may close, and drops the link then.
func (l *linkStep) leave() bool {
	if l.on() && !l.mayLeave() {
		return false
	}
	*l = linkStep{}
	return true
}

// userLink makes a link for a user: to come in for the first time, or to set a new
// password.
type userLink struct {
	page    *Users
	person  api.Person
	purpose api.LinkPurpose
	facts   lookup[api.PersonDetail]
	link    linkStep
}

func newUserLink(p *Users, person api.Person, purpose api.LinkPurpose) *userLink {
	s := &userLink{page: p, person: person, purpose: purpose}
	p.lookUpUser(&s.facts, person.ID)
	return s
}

func (s *userLink) word(invite, reset string) string {
	if s.purpose == api.LinkInvite {
		return invite
	}
	return reset
}

func (s *userLink) draw() *ui.Dialog {
	name := quoted(userName(s.person.User))
	if s.link.on() {
		return s.link.draw(&s.page.roll, s.word("Invitation link for ", "Reset link for ")+name)
	}
	return &ui.Dialog{
		Title: s.word("New invitation link for ", "Reset link for ") + name, ReturnTo: "user-row-" + userRef(s.person.ID),
		Body: s.body, OnSubmit: s.onSubmit,
		Footer: func() []app.UI {
			return s.page.roll.buttons(&ui.Button{Label: "Make link", Off: s.facts.off()})
		},
	}
}

func (s *userLink) body() []app.UI {
	list := []app.UI{who(s.person.User)}
	waiting := s.facts.wait(2, "what this does")
	switch {
	case waiting != nil:
		return append(list, waiting...)
	case s.purpose == api.LinkInvite:
		list = append(list, soft("With it they set their password and come in. It works once, within 24 hours."))
	default:
		list = append(list, soft("With it they set a new password. It works once, within 30 minutes; until it is used nothing changes."),
			ui.Notice(ui.Warn, "When it is used:", shutOutWords(s.facts.found.Keys), nil))
	}
	if open := s.facts.found.Link; open != nil {
		list = append(list, ui.El("p", "class", "soft").Body(
			app.Text("A link is open and ends with this. Else it works until "), ui.When(ui.Moment{At: open.ExpiresAt, Exact: true, Bare: true}), app.Text(".")))
	}
	return append(list, s.page.roll.refusal("No link was made.")...)
}

func (s *userLink) onSubmit(app.Context) {
	if s.facts.off() != "" || s.page.roll.off() != "" {
		return
	}
	r, id, purpose := &s.page.roll, s.person.ID, s.purpose
	var link api.Link
	r.send(func(ctx context.Context) (err error) {
		link, err = client.API.UserLink(ctx, id, purpose)
		return err
	}, func() {
		if !r.shows(s) {
			r.toast("A link was made and never shown. Make a new one.")
			return
		}
		s.link.begin(link, s.page.base())
		ui.FocusID(r.ctx, "value-copy")
	})
}

func (s *userLink) leave() bool { return s.link.leave() }
