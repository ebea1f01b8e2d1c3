package pages

import (
	"strings"

	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

// orgForm is what the person has filled in about an organization: its names.
type orgForm struct {
	Name, Short           string
	NameError, ShortError string

	was   api.Org // zero for a new one
	own   bool    // the short name was typed, and no longer follows the name
	tried bool
}

func orgFormOf(o api.Org) orgForm {
	return orgForm{Name: o.Name, Short: o.ShortName, was: o, own: true}
}

// SetName takes the name as typed; the short name of a new organization follows it.
func (f *orgForm) SetName(name string) {
	f.Name, f.NameError = name, ""
	trimmed := strings.TrimSpace(name)
	if trimmed != "" || f.tried {
		f.NameError = keyfmt.NameFault(trimmed)
	}
	if f.own {
		return
	}
	if f.Short, f.ShortError = "", ""; trimmed != "" {
		f.Short = keyfmt.ShortName(trimmed)
	}
}

// SetShort takes the short name as typed; empty, it follows the name again.
func (f *orgForm) SetShort(short string) {
	f.Short, f.ShortError = strings.ToLower(short), ""
	f.own = f.was.ID != 0 || short != ""
	if f.own {
		f.ShortError = keyfmt.ShortNameFault(strings.TrimSpace(f.Short))
	}
}

// check reports whether the form can be sent, and notes what is in the way.
func (f *orgForm) check() bool {
	f.tried = true
	f.NameError = keyfmt.NameFault(strings.TrimSpace(f.Name))
	f.ShortError = ""
	if f.own {
		f.ShortError = keyfmt.ShortNameFault(strings.TrimSpace(f.Short))
	}
	return f.NameError == "" && f.ShortError == ""
}

// adds is the form as a request. A short name that only follows is left to the server,
// which finds one that is free.
func (f *orgForm) adds() api.AddOrg {
	add := api.AddOrg{Name: strings.TrimSpace(f.Name)}
	if f.own {
		add.ShortName = strings.TrimSpace(f.Short)
	}
	return add
}

// renamed reports whether integrations would look for a name that is gone.
func (f *orgForm) renamed() bool {
	return f.was.ID != 0 && strings.TrimSpace(f.Short) != f.was.ShortName
}

// edits is what is to be changed; ok is false where nothing is.
func (f *orgForm) edits() (e api.EditOrg, ok bool) {
	if name := strings.TrimSpace(f.Name); name != f.was.Name {
		e.Name, ok = &name, true
	}
	if short := strings.TrimSpace(f.Short); short != f.was.ShortName {
		e.ShortName, ok = &short, true
	}
	return e, ok
}
