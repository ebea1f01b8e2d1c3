package pages

import (
	"strings"
	"time"

	"keystead/app/client"
	"keystead/shared/api"
	"keystead/shared/fault"
	"keystead/shared/keyfmt"
)

// keyForm is what the person has filled in about a key, and what is wrong with it.
// Rules that need the server (is the name taken?) are answered by refuse.
type keyForm struct {
	Name, Description string
	Role              api.KeyRole
	Global            bool
	Expiry            string // see expiryChoice
	Day               string // for expiryDate, 2006-01-02
	Made              time.Time
	tried             bool // it was sent once: an empty name is a fault from now on

	NameError, DescriptionError, ExpiryError, Error string
}

// newKeyForm is an empty form: the smaller role, and an expiry.
func newKeyForm(p api.Policy) keyForm {
	return keyForm{Role: api.ReadOnly, Expiry: firstExpiry(p)}
}

// SetName takes the name as typed and says at once what is wrong with it.
func (f *keyForm) SetName(name string) {
	f.Name, f.NameError, f.Error = name, "", ""
	if trimmed := strings.TrimSpace(name); trimmed != "" || f.tried {
		f.NameError = keyfmt.NameFault(trimmed)
	}
}

// SetDescription does the same for the description.
func (f *keyForm) SetDescription(text string) {
	f.Description, f.Error = text, ""
	f.DescriptionError = keyfmt.DescriptionFault(strings.TrimSpace(text))
}

// SetGlobal chooses where the key works; an expiry that is not on offer there falls
// back to the first that is.
func (f *keyForm) SetGlobal(global bool, p api.Policy) {
	f.Global, f.Error, f.NameError, f.ExpiryError = global, "", "", ""
	f.SetName(f.Name)
	choices, first := expiryChoices(p, time.Time{}, time.Time{}, func(time.Time) string { return "" })
	for _, c := range choices {
		if c.Value == f.Expiry {
			return
		}
	}
	f.Expiry = first
}

// SetExpiry chooses a lifetime.
func (f *keyForm) SetExpiry(choice string) { f.Expiry, f.ExpiryError, f.Error = choice, "", "" }

// SetDay chooses the last day on which the key works.
func (f *keyForm) SetDay(day string) { f.Day, f.ExpiryError, f.Error = day, "", "" }

// check reports whether the form can be sent, and notes what is in the way.
// ends is when the chosen day ends.
func (f *keyForm) check(p api.Policy, ends func(day string) (time.Time, bool), now time.Time) bool {
	f.tried, f.Error = true, ""
	f.SetName(f.Name)
	f.SetDescription(f.Description)
	f.ExpiryError = ""
	if f.Expiry == expiryDate {
		f.ExpiryError = dayFault(f.Day, p, ends, f.made(now), now)
	}
	return f.NameError == "" && f.DescriptionError == "" && f.ExpiryError == ""
}

func dayFault(day string, p api.Policy, ends func(string) (time.Time, bool), made, now time.Time) string {
	end, ok := ends(day)
	switch longest, bound := longestExpiry(p, made); {
	case !ok:
		return "Choose a day."
	case !end.After(now):
		return "This day has passed. Choose a later one."
	case bound && end.Sub(longest) > 26*time.Hour:
		return "Keys live at most " + daysWord(*p.MaxLifetimeDays) + " here. Choose an earlier day."
	}
	return ""
}

// expires is the chosen expiry as a member of the request.
func (f *keyForm) expires(p api.Policy, ends func(string) (time.Time, bool), now time.Time) api.Maybe[time.Time] {
	end, _ := ends(f.Day)
	return expiryOf(f.Expiry, end, p, f.made(now), now)
}

// made is from when on the key's lifetime counts: a new one is made now.
func (f *keyForm) made(now time.Time) time.Time {
	if f.Made.IsZero() {
		return now
	}
	return f.Made
}

// refuse notes a refusal of the server at the field that it means.
func (f *keyForm) refuse(err error) {
	if client.GivenUp(err) {
		return
	}
	sentence := client.Sentence(err)
	refused, _ := fault.From(err)
	switch {
	case refused == nil:
		f.Error = sentence
	case refused.Field == "name" || refused.Code == fault.NameTaken:
		f.NameError = sentence
	case refused.Field == "description":
		f.DescriptionError = sentence
	case refused.Field == "expires_at":
		f.ExpiryError = sentence
	default:
		f.Error = sentence
	}
}

// edits compares the form with the key and gives what is to be changed; ok is false
// where nothing is.
func (f *keyForm) edits(k api.Key, expires api.Maybe[time.Time]) (e api.EditKey, ok bool) {
	if name := strings.TrimSpace(f.Name); name != k.Name {
		e.Name, ok = &name, true
	}
	if text := strings.TrimSpace(f.Description); text != k.Description {
		e.Description, ok = &text, true
	}
	if role := f.Role; role != k.Role {
		e.Role, ok = &role, true
	}
	if expires.Set {
		e.ExpiresAt, ok = expires, true
	}
	return e, ok
}
