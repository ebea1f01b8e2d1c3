package pages

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// lookUpOrg asks for an organization in full.
func (p *Orgs) lookUpOrg(into *lookup[api.OrgDetail], id api.OrgID) {
	into.begin(&p.roll, func(ctx context.Context) (api.OrgDetail, error) { return client.API.Org(ctx, id) })
}

// orgDelete asks before an organization ends with everything in it: what goes is
// listed, and its name is typed.
type orgDelete struct {
	page  *Orgs
	org   api.Org
	facts lookup[api.OrgDetail]
	typed string
}

func newOrgDelete(p *Orgs, org api.Org) *orgDelete {
	s := &orgDelete{page: p, org: org}
	p.lookUpOrg(&s.facts, org.ID)
	return s
}

func (s *orgDelete) draw() *ui.Dialog {
	return &ui.Dialog{
		Title: "Delete " + quoted(s.org.Name) + "?", ReturnTo: "org-row-" + orgRef(s.org.ID), Body: s.body, OnSubmit: s.onSubmit,
		Footer: func() []app.UI {
			return s.page.roll.buttons(&ui.Button{Label: "Delete organization", Kind: ui.Danger, Off: s.off()})
		},
	}
}

func (s *orgDelete) body() []app.UI {
	const what = "what goes with it"
	if waiting := s.facts.wait(4, what); waiting != nil {
		return waiting
	}
	contents := s.facts.found.Contents
	if contents == nil {
		return s.facts.failed(what)
	}
	lines := []app.UI{}
	for _, thing := range goesAlong(*contents) {
		lines = append(lines, ui.El("li").Text(thing))
	}
	list := []app.UI{
		ui.El("div").Body(soft("With it goes"), ui.El("ul", "class", "names all").Body(lines...)),
		ui.Notice(ui.Bad, "Whatever uses one of these is refused at once.", "This can’t be undone.", nil),
		&ui.Field{ID: "org-delete-name", Label: "Type " + quoted(s.org.Name) + " to confirm", Value: s.typed, Error: s.page.roll.at("name"),
			OnInput: func(_ app.Context, v string) { s.typed = v; s.page.roll.problem = nil }},
	}
	return append(list, s.page.roll.refusal("Not deleted.", "name")...)
}

// off is why Delete waits.
func (s *orgDelete) off() string {
	switch {
	case s.page.roll.off() != "":
		return s.page.roll.off()
	case s.facts.found.Contents == nil:
		return "Looking up what goes with it."
	case strings.TrimSpace(s.typed) != s.org.Name:
		return "Type the organization’s name first."
	}
	return ""
}

func (s *orgDelete) onSubmit(app.Context) {
	if s.off() != "" {
		return
	}
	r, org, name := &s.page.roll, s.org, strings.TrimSpace(s.typed)
	r.send(func(ctx context.Context) error { return client.API.DeleteOrg(ctx, org.ID, name) }, func() {
		r.returnTo = "org-add"
		if r.shows(s) {
			r.close()
		}
		r.toast("Deleted " + quoted(org.Name) + ".")
		s.page.moved(org.ID, "")
	})
}

func (s *orgDelete) leave() bool { return true }
