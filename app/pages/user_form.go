package pages

import (
	"strings"

	"keystead/shared/api"
	"keystead/shared/keyfmt"
)

// userForm is what the person has filled in about a user: names and address.
type userForm struct {
	Email, First, Last                string
	EmailError, FirstError, LastError string

	was api.User
}

func userFormOf(u api.User) userForm {
	return userForm{Email: u.Email, First: u.FirstName, Last: u.LastName, was: u}
}

// SetEmail, SetFirst and SetLast take what is typed, and say at once what is wrong
// with a name. An address is judged when it is sent: half of one is always wrong.
func (f *userForm) SetEmail(text string) { f.Email, f.EmailError = text, "" }
func (f *userForm) SetFirst(text string) { f.First, f.FirstError = text, nameFault(text) }
func (f *userForm) SetLast(text string)  { f.Last, f.LastError = text, nameFault(text) }

// nameFault says what is wrong with a name that may be left out.
func nameFault(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return keyfmt.NameFault(strings.TrimSpace(text))
}

// check reports whether the form can be sent, and notes what is in the way. The server
// judges addresses in full.
func (f *userForm) check() bool {
	local, domain, found := strings.Cut(strings.TrimSpace(f.Email), "@")
	f.EmailError = ""
	if !found || local == "" || domain == "" || strings.ContainsAny(f.Email, " ,;") {
		f.EmailError = "Type one e-mail address, like sam@example.com."
	}
	f.SetFirst(f.First)
	f.SetLast(f.Last)
	return f.EmailError == "" && f.FirstError == "" && f.LastError == ""
}

// moved reports whether the address is another than before.
func (f *userForm) moved() bool { return strings.TrimSpace(f.Email) != f.was.Email }

// edits is what is to be changed; ok is false where nothing is.
func (f *userForm) edits() (e api.EditUser, ok bool) {
	differs := func(text, was string, into **string) {
		if text = strings.TrimSpace(text); text != was {
			*into, ok = &text, true
		}
	}
	differs(f.Email, f.was.Email, &e.Email)
	differs(f.First, f.was.FirstName, &e.FirstName)
	differs(f.Last, f.was.LastName, &e.LastName)
	return e, ok
}
