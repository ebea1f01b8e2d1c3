package pages

import (
	"slices"
	"strings"

	"keystead/shared/api"
	"keystead/shared/keyfmt"
	"keystead/shared/perm"
)

// roleForm is what the person has filled in about a custom role.
type roleForm struct {
	Name, Description string
	Where             string            // short name of the organization; "" for the account
	Ticked            []perm.Permission // without what they imply

	NameError, DescriptionError, PermError string

	me    api.Me
	was   api.Role // what is edited; zero for a new one
	tried bool
}

func newRoleForm(me api.Me) roleForm { return roleForm{me: me} }

// roleFormOf begins with a role that there is.
func roleFormOf(me api.Me, r api.Role) roleForm {
	f := roleForm{Name: r.Name, Description: r.Description, Ticked: perm.OfKnown(r.Permissions...).List(), me: me, was: r}
	for _, org := range me.Organizations {
		if r.OrganizationID != nil && org.ID == *r.OrganizationID {
			f.Where = org.ShortName
		}
	}
	return f
}

func (f *roleForm) scope() perm.Scope {
	if f.Where == "" {
		return perm.Account
	}
	return perm.Organization
}

// org is where the role is given, nil for the account.
func (f *roleForm) org() *api.MyOrg {
	for i := range f.me.Organizations {
		if f.me.Organizations[i].ShortName == f.Where {
			return &f.me.Organizations[i]
		}
	}
	return nil
}

// held is what the person at work holds where the role is given.
func (f *roleForm) held() perm.Set {
	set := perm.OfKnown(f.me.AccountPermissions...)
	if org := f.org(); org != nil {
		set = set.Or(perm.OfKnown(org.Permissions...))
	}
	return set
}

// tick is one permission on the list.
type tick struct {
	On  bool
	Off string // why it can't be changed; "" when it can
}

// tick says how a permission stands. ok is false where it can't be given at all.
func (f *roleForm) tick(p perm.Permission) (t tick, ok bool) {
	if !perm.Of(p).Givable(f.scope()) {
		return tick{}, false
	}
	t.On = f.set().Has(p)
	switch {
	case p == perm.KeysRead && (f.set().Has(perm.KeysModify) || f.set().Has(perm.KeysDelete)):
		t.Off = "Comes with what is ticked below."
	case !t.On && !f.held().Has(p):
		t.Off = "You do not hold this, so you can’t give it."
	}
	return t, true
}

// set is what is ticked, with what it implies, as far as it can be given there.
func (f *roleForm) set() perm.Set {
	return perm.Of(f.Ticked...).Within(f.scope())
}

// Tick ticks or unticks a permission.
func (f *roleForm) Tick(p perm.Permission, on bool) {
	f.PermError = ""
	f.Ticked = slices.DeleteFunc(slices.Clone(f.Ticked), func(have perm.Permission) bool { return have == p })
	if on {
		f.Ticked = append(f.Ticked, p)
	}
}

// SetName and SetDescription take what is typed and say at once what is wrong with it.
func (f *roleForm) SetName(name string) {
	f.Name, f.NameError = name, ""
	if trimmed := strings.TrimSpace(name); trimmed != "" || f.tried {
		f.NameError = keyfmt.NameFault(trimmed)
	}
}

func (f *roleForm) SetDescription(text string) {
	f.Description, f.DescriptionError = text, keyfmt.DescriptionFault(strings.TrimSpace(text))
}

// check reports whether the form can be sent, and notes what is in the way.
func (f *roleForm) check() bool {
	f.tried, f.PermError = true, ""
	f.SetName(f.Name)
	f.SetDescription(f.Description)
	if f.set().Len() == 0 {
		f.PermError = "Tick what the role allows."
	}
	return f.NameError == "" && f.DescriptionError == "" && f.PermError == ""
}

// adds is the form as a request.
func (f *roleForm) adds() api.AddRole {
	add := api.AddRole{
		Name: strings.TrimSpace(f.Name), Description: strings.TrimSpace(f.Description),
		Scope: f.scope(), Permissions: f.set().List(),
	}
	if org := f.org(); org != nil {
		id := org.ID
		add.OrganizationID = &id
	}
	return add
}

// edits is what is to be changed; ok is false where nothing is.
func (f *roleForm) edits() (e api.EditRole, ok bool) {
	if name := strings.TrimSpace(f.Name); name != f.was.Name {
		e.Name, ok = &name, true
	}
	if text := strings.TrimSpace(f.Description); text != f.was.Description {
		e.Description, ok = &text, true
	}
	if set := f.set(); set != perm.OfKnown(f.was.Permissions...) {
		list := set.List()
		e.Permissions, ok = &list, true
	}
	return e, ok
}
