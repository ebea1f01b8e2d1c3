package pages

import (
	"context"
	"strings"

	"github.com/maxence-charriere/go-app/v10/pkg/app"

	"keystead/app/client"
	"keystead/app/ui"
	"keystead/shared/api"
)

// orgFacts is an organization in full, on its way to a dialog that says what an act does.
type orgFacts struct {
	org  api.OrgDetail
	err  error
	done bool
}

func (f *orgFacts) learn(p *Orgs, id api.OrgID) {
	ctx := p.roll.alive
	p.roll.ctx.Async(func() {
		org, err := client.API.Org(ctx, id)
		p.roll.ctx.Dispatch(ui.Safe(func(app.Context) { f.org, f.err, f.done = org, err, true }))
	})
}

// orgDelete asks before an organization ends with everything in it: what goes is
// listed, and its name is typed.
type orgDelete struct {
	page  *Orgs
	org   api.Org
	facts orgFacts
	typed string
}

func newOrgDelete(p *Orgs, org api.Org) *orgDelete {
	s := &orgDelete{page: p, org: org}
	s.facts.learn(p, org.ID)
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
	switch c := s.facts.org.Contents; {
	case !s.facts.done:
		return []app.UI{ui.Skeleton(4)}
	case s.facts.err != nil || c == nil:
		return []app.UI{refused("Couldn’t look up what goes with it.", client.Sentence(s.facts.err)),
			&ui.Button{Label: "Retry", Icon: ui.IconRotate, OnClick: func(app.Context) { s.facts.done = false; s.facts.learn(s.page, s.org.ID) }}}
	}
	lines := []app.UI{}
	for _, thing := range goesAlong(*s.facts.org.Contents) {
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
	case s.facts.org.Contents == nil:
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
