package pages

import (
	"slices"
	"strconv"

	"keystead/app/ui"
	"keystead/shared/api"
	"keystead/shared/perm"
)

// grants are the roles that a user is to have, as a form holds them: one on the account
// or none, and one in each organization they belong to. Nobody gives what they do not
// hold, so a role that gives more is shown and can't be chosen.
type grants struct {
	Account string // role, as text; "" for none
	Here    []grant

	me    api.Me
	roles []api.Role // that there are
	had   []grant    // before; Account likewise
	hadOn string
}

// grant is a role in an organization.
type grant struct {
	Org      api.OrgID
	Name     string // of the organization
	Role     string // as text
	RoleName string // for a role that is not on the list
}

// newGrants begins with what a person has.
func newGrants(me api.Me, p api.Person) grants {
	g := grants{me: me}
	if p.AccountRole != nil {
		g.Account = roleRef(p.AccountRole.ID)
	}
	for _, m := range p.Memberships {
		g.Here = append(g.Here, grant{m.Organization.ID, m.Organization.Name, roleRef(m.Role.ID), m.Role.Name})
	}
	g.hadOn, g.had = g.Account, slices.Clone(g.Here)
	return g
}

// roleRef is a role's id as text.
func roleRef(id api.RoleID) string { return strconv.FormatInt(int64(id), 10) }

func roleOf(ref string) api.RoleID {
	n, _ := strconv.ParseInt(ref, 10, 64)
	return api.RoleID(n)
}

// tooMuch is why a role can't be given.
const tooMuch = "gives more than you hold"

// onAccount are the roles on the account that are on offer.
func (g *grants) onAccount(current *api.RoleName) []ui.Option {
	options := []ui.Option{{Value: "", Label: "None"}}
	held, listed := perm.OfKnown(g.me.AccountPermissions...), false
	for _, r := range g.roles {
		if r.Scope == perm.Account {
			listed = listed || current != nil && current.ID == r.ID
			options = append(options, option(r, held))
		}
	}
	if current != nil && !listed {
		options = append(options, ui.Option{Value: roleRef(current.ID), Label: current.Name})
	}
	return options
}

// in are the roles that are on offer in the organization of that grant.
func (g *grants) in(at grant) []ui.Option {
	var options []ui.Option
	held, listed := g.held(at.Org), false
	for _, r := range g.roles {
		if r.Scope == perm.Organization && (r.OrganizationID == nil || *r.OrganizationID == at.Org) {
			listed = listed || roleRef(r.ID) == at.Role
			options = append(options, option(r, held))
		}
	}
	if !listed && at.RoleName != "" {
		options = append(options, ui.Option{Value: at.Role, Label: at.RoleName})
	}
	return options
}

func option(r api.Role, held perm.Set) ui.Option {
	o := ui.Option{Value: roleRef(r.ID), Label: r.Name}
	if !held.Holds(perm.OfKnown(r.Permissions...)) {
		o.Off = tooMuch
	}
	return o
}

// held is what the person at work may do in an organization.
func (g *grants) held(org api.OrgID) perm.Set {
	set := perm.OfKnown(g.me.AccountPermissions...)
	for _, mine := range g.me.Organizations {
		if mine.ID == org {
			set = set.Or(perm.OfKnown(mine.Permissions...))
		}
	}
	return set
}

// others are the organizations that the user does not belong to yet.
func (g *grants) others() []ui.Option {
	options := []ui.Option{{Value: "", Label: "Choose an organization"}}
	for _, org := range g.me.Organizations {
		if !slices.ContainsFunc(g.Here, func(h grant) bool { return h.Org == org.ID }) {
			options = append(options, ui.Option{Value: org.ShortName, Label: org.Name})
		}
	}
	return options
}

// join adds an organization, with the smallest role that can be given there.
func (g *grants) join(short string) {
	for _, org := range g.me.Organizations {
		if org.ShortName != short {
			continue
		}
		at := grant{Org: org.ID, Name: org.Name}
		fewest := len(perm.Table) + 1
		for _, o := range g.in(at) {
			if n := g.size(o.Value); o.Off == "" && n < fewest {
				at.Role, fewest = o.Value, n
			}
		}
		g.Here = append(g.Here, at)
	}
}

// size counts what a role gives.
func (g *grants) size(ref string) int {
	for _, r := range g.roles {
		if roleRef(r.ID) == ref {
			return len(r.Permissions)
		}
	}
	return 0
}

// leave takes an organization away.
func (g *grants) leave(org api.OrgID) {
	g.Here = slices.DeleteFunc(slices.Clone(g.Here), func(h grant) bool { return h.Org == org })
}

// set gives another role in an organization.
func (g *grants) set(org api.OrgID, role string) {
	for i := range g.Here {
		if g.Here[i].Org == org {
			g.Here[i].Role = role
		}
	}
}

// left names the organizations that the user is taken out of.
func (g *grants) left() (names []string) {
	for _, was := range g.had {
		if !slices.ContainsFunc(g.Here, func(h grant) bool { return h.Org == was.Org }) {
			names = append(names, was.Name)
		}
	}
	return names
}

// blind names the organizations that the user comes into and that never show values:
// global keys follow the strictest.
func (g *grants) blind() (names []string) {
	for _, org := range g.me.Organizations {
		is := func(h grant) bool { return h.Org == org.ID }
		if org.Policy.Reveal == api.RevealNever && slices.ContainsFunc(g.Here, is) && !slices.ContainsFunc(g.had, is) {
			names = append(names, org.Name)
		}
	}
	return names
}

// fault says what is missing, "" when the grants can be given.
func (g *grants) fault() string {
	if g.Account == "" && len(g.Here) == 0 {
		return "Give a role on the account, or in an organization: without one they could do nothing."
	}
	for _, h := range g.Here {
		if h.Role == "" {
			return "Choose a role in " + h.Name + "."
		}
	}
	return ""
}

// list is the grants as a request holds them.
func (g *grants) list() []api.Grant {
	list := make([]api.Grant, len(g.Here))
	for i, h := range g.Here {
		list[i] = api.Grant{OrganizationID: h.Org, RoleID: roleOf(h.Role)}
	}
	return list
}

// onRole is the role on the account as a request holds it, nil for none.
func (g *grants) onRole() *api.RoleID {
	if g.Account == "" {
		return nil
	}
	id := roleOf(g.Account)
	return &id
}

// edits is what is to be changed; ok is false where nothing is.
func (g *grants) edits() (e api.EditUser, ok bool) {
	if g.Account != g.hadOn {
		e.AccountRoleID, ok = api.Maybe[api.RoleID]{Set: true, Value: g.onRole()}, true
	}
	same := func(a, b grant) bool { return a.Org == b.Org && a.Role == b.Role }
	if !slices.EqualFunc(g.Here, g.had, same) {
		list := g.list()
		e.Memberships, ok = &list, true
	}
	return e, ok
}
