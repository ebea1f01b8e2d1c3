package pages

import (
	"strconv"
	"strings"

	"keystead/app/ui"
	"keystead/shared/api"
)

// policyWords say in short how a policy differs from the default, nothing where it
// does not.
func policyWords(p api.Policy) []string {
	var words []string
	if p.Reveal == api.RevealNever {
		words = append(words, "Values never shown again")
	}
	if p.DefaultLifetimeDays != nil {
		words = append(words, daysWord(*p.DefaultLifetimeDays)+" by default")
	}
	if p.MaxLifetimeDays != nil {
		words = append(words, "At most "+daysWord(*p.MaxLifetimeDays))
	}
	if !p.AllowNoExpiry {
		words = append(words, "Expiry required")
	}
	if !p.KeysManageKeys {
		words = append(words, "Keys manage no keys")
	}
	return words
}

// erases says what it means to never show values again.
func erases(c *api.OrgContents) string {
	const after = "They keep working; nobody sees them again, not even their owners. This can’t be undone."
	const global = ", and of its members’ global keys. "
	switch {
	case c == nil:
		return "Saving erases the stored values of all its keys" + global + after
	case c.Keys == 0:
		return "It has no keys yet. Saving erases the stored values of its members’ global keys. " + after
	case c.Keys == 1:
		return "Saving erases the stored value of its one key" + global + after
	}
	return "Saving erases the stored values of its " + counted(c.Keys, "key", "keys") + global + after
}

// goesAlong lists what is deleted with an organization.
func goesAlong(c api.OrgContents) []string {
	var list []string
	add := func(n int, one, many string) {
		if n > 0 {
			list = append(list, counted(n, one, many))
		}
	}
	keys := len(list)
	add(c.Keys, "API key", "API keys")
	if len(list) > keys && c.KeysUsedLately > 0 {
		list[keys] += ", " + ui.Count(c.KeysUsedLately) + " of them used within the last 7 days"
	}
	list = append(list, "its agent access key")
	if c.SharedSecret {
		list = append(list, "its API shared secret: every integration stops")
	}
	add(c.Devices, "device", "devices")
	add(c.Roles, "custom role", "custom roles")
	add(c.Members, "membership; the people stay users", "memberships; the people stay users")
	return list
}

// policyForm is a policy as it is typed.
type policyForm struct {
	Reveal         string
	Default, Max   string // days, "" for none
	AllowNoExpiry  bool
	KeysManageKeys bool

	DefaultError, MaxError string

	was api.Policy
}

func policyFormOf(p api.Policy) policyForm {
	return policyForm{
		Reveal: p.Reveal, Default: daysText(p.DefaultLifetimeDays), Max: daysText(p.MaxLifetimeDays),
		AllowNoExpiry: p.AllowNoExpiry, KeysManageKeys: p.KeysManageKeys, was: p,
	}
}

func daysText(days *int) string {
	if days == nil {
		return ""
	}
	return strconv.Itoa(*days)
}

// daysOf reads days, nil for none; why says what is wrong with them.
func daysOf(text string) (days *int, why string) {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil, ""
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > api.MaxLifetimeDays {
		return nil, "Type days from 1 to " + ui.Count(api.MaxLifetimeDays) + ", or leave it empty for none."
	}
	return &n, ""
}

// check reports whether the form can be sent, and notes what is in the way.
func (f *policyForm) check() bool {
	var first, longest *int
	first, f.DefaultError = daysOf(f.Default)
	longest, f.MaxError = daysOf(f.Max)
	if f.DefaultError == "" && first != nil && longest != nil && *first > *longest {
		f.DefaultError = "This is longer than the longest lifetime."
	}
	return f.DefaultError == "" && f.MaxError == ""
}

// erasing reports whether saving erases values.
func (f *policyForm) erasing() bool {
	return f.Reveal == api.RevealNever && f.was.Reveal != api.RevealNever
}

// edits is what is to be changed; ok is false where nothing is.
func (f *policyForm) edits() (e api.EditPolicy, ok bool) {
	if reveal := f.Reveal; reveal != f.was.Reveal {
		e.Reveal, ok = &reveal, true
	}
	days := func(text string, was *int, into *api.Maybe[int]) {
		if n, _ := daysOf(text); daysText(n) != daysText(was) {
			*into, ok = api.Maybe[int]{Set: true, Value: n}, true
		}
	}
	days(f.Default, f.was.DefaultLifetimeDays, &e.DefaultLifetimeDays)
	days(f.Max, f.was.MaxLifetimeDays, &e.MaxLifetimeDays)
	flag := func(on, was bool, into **bool) {
		if on != was {
			*into, ok = &on, true
		}
	}
	flag(f.AllowNoExpiry, f.was.AllowNoExpiry, &e.AllowNoExpiry)
	flag(f.KeysManageKeys, f.was.KeysManageKeys, &e.KeysManageKeys)
	return e, ok
}
