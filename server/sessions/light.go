package sessions

import (
	"io"

	"keystead/shared/api"
	"keystead/shared/fault"
)

// Page is what a light page shows: nothing at the first visit; after a refusal the
// sentence, the field that it is about, and what was typed, but for the password
// and the token.
type Page struct {
	Error  string
	Field  string
	Values map[string]string
	Next   string
	Reset  bool // of an invitation: it is a link of the other purpose
	SetUp  bool // of sign-in: who came wanted to set up, which is done
}

// Render writes the light page of a path.
type Render func(w io.Writer, path string, page Page) error

// The light pages.
const (
	pathSignIn = "/sign-in"
	pathSetup  = "/setup"
	pathInvite = "/invite"
)

// forReset says in a link's query, which the server sees, what its page is to ask for.
// What the link is good for says its token.
const forReset = "reset"

// signInAfterSetup is where a set-up link leads once it is spent: a page that says so.
const signInAfterSetup = pathSignIn + "?for=setup"

// form reads what was typed into a field.
type form func(field string) string

func (f form) signIn() api.SignIn {
	return api.SignIn{Email: f("email"), Password: api.Hide(f("password"))}
}

func (f form) setup() api.Setup {
	return api.Setup{
		Token: api.Hide(f("token")), Email: f("email"), Password: api.Hide(f("password")),
		FirstName: f("first_name"), LastName: f("last_name"), Organization: f("organization"), Account: f("account"),
	}
}

func (f form) redeem() api.Redeem {
	return api.Redeem{
		Token: api.Hide(f("token")), Password: api.Hide(f("password")),
		FirstName: f("first_name"), LastName: f("last_name"),
	}
}

// typed is what a refused form shows again.
func (f form) typed() map[string]string {
	values := map[string]string{}
	for _, field := range []string{"email", "first_name", "last_name", "organization", "account"} {
		if text := f(field); text != "" {
			values[field] = text
		}
	}
	return values
}

// refused is the page for a form that was refused, and whether the cause is ours:
// then the person reads that, and the log the cause.
func (f form) refused(err error) (page Page, refusal *fault.Error, ours bool) {
	refusal, ok := fault.From(err)
	if !ok {
		refusal, ours = fault.New(fault.Internal, "Something went wrong here. Try again."), true
	}
	return Page{Error: refusal.Detail, Field: refusal.Field, Values: f.typed(), Next: f("next")}, refusal, ours
}
