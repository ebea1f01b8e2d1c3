package web

import (
	"fmt"
	"html/template"
	"io"
	"sync"
)

// LightPage is a page that the server renders and that works before the WASM is
// there and without script.
type LightPage struct {
	Path  string
	File  string // its template in web/
	Focus string // the field that a fresh page starts in
}

// LightPages are all of them; a new one is one line here and its template.
var LightPages = []LightPage{
	{Path: "/sign-in", File: "sign_in.html", Focus: "email"},
	{Path: "/setup", File: "setup.html", Focus: "token"},
	{Path: "/invite", File: "invite.html", Focus: "token"},
}

// LightFrame is the template around every light page.
const LightFrame = "light.html"

// Form is what a light page shows: nothing on the first visit, after a refusal
// the sentence, where it belongs, and what was typed. Values never hold a
// password or a token: those are typed again.
type Form struct {
	Error   string            // one sentence, or empty
	Field   string            // the field that Error is about, or empty
	Values  map[string]string // field → what was typed
	Next    string            // sign-in: the path to go on to
	Reset   bool              // invitation: the person is known, and only their password is new
	SetUp   bool              // sign-in: who came wanted to set up, which is done
	Account string            // the account's name, where it is known

	focus string
}

// Input is one field of a form as the frame draws it.
type Input struct {
	Name, Label, Type, Autocomplete string
	Value, Error, Hint              string
	MinLength                       int
	Optional, Focus                 bool
}

// Input makes a field of the page with what was typed and refused.
func (f Form) Input(name, label, kind, autocomplete string) Input {
	in := Input{Name: name, Label: label, Type: kind, Autocomplete: autocomplete, Focus: name == f.focus}
	if kind != "password" {
		in.Value = f.Values[name]
	}
	if f.Field == name {
		in.Error = f.Error
	}
	return in
}

// WithHint puts a sentence below the field.
func (in Input) WithHint(hint string) Input { in.Hint = hint; return in }

// AtLeast asks for so many characters.
func (in Input) AtLeast(characters int) Input { in.MinLength = characters; return in }

// OrEmpty lets the field be left empty.
func (in Input) OrEmpty() Input { in.Optional = true; return in }

type page func() (*template.Template, error)

// parsers parse each light page when it is first asked for, so that a start does
// not wait for it.
func (s *Site) parsers() map[string]page {
	pages := make(map[string]page, len(s.Light))
	for path, file := range s.Light {
		pages[path] = sync.OnceValues(func() (*template.Template, error) {
			return template.ParseFS(s.dist, LightFrame, file)
		})
	}
	return pages
}

// Render writes the light page of a path with its form. On a nil site it is
// [ErrNotBuilt].
func (s *Site) Render(w io.Writer, path string, form Form) error {
	if s == nil {
		return ErrNotBuilt
	}
	parse, ok := s.pages[path]
	if !ok {
		return fmt.Errorf("no light page at %s", path)
	}
	tmpl, err := parse()
	if err != nil {
		return fmt.Errorf("parse the page %s: %w", path, err)
	}
	form.focus = form.Field
	for _, page := range LightPages {
		if page.Path == path && form.focus == "" {
			form.focus = page.Focus
		}
	}
	return tmpl.ExecuteTemplate(w, LightFrame, form)
}
