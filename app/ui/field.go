package ui

import "github.com/maxence-charriere/go-app/v10/pkg/app"

// Field is one line of input with its label, hint and error.
type Field struct {
	app.Compo
	ID           string // required: label, hint and error refer to it
	Label        string
	HideLabel    bool   // the label is for screen readers only
	Type         string // text (default), email, password, search, date, number
	Value        string // the truth; OnInput must store what comes
	Placeholder  string
	Hint         string
	Error        string // stands below the field until it is ""
	AutoComplete string // "username", "current-password", "off" …
	Min, Max     string // for dates (2006-01-02) and numbers
	MaxLength    int
	Icon         Icon
	Optional     bool   // says so beside the label
	Off          string // why it can't be changed; "" when it can
	Mono         bool
	Focus        bool   // takes the focus when its dialog opens
	Shortcut     string // a key of Shortcuts that focuses it, "/"
	OnInput      func(ctx app.Context, value string)
	OnEnter      func(ctx app.Context)
}

func (f *Field) Render() app.UI { return app.Div() }
