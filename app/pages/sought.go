package pages

import (
	"strings"

	"keystead/shared/keyfmt"
)

// sought is what a list is asked for by what was typed: a search stands in the address,
// in the browser's history and in logs on the way, so a credential never goes there. Of a
// whole value, pasted, only its public id is asked for and left in the field; what merely
// looks like one is not asked for at all, see [unsought].
func sought(typed string) (field, words string, ok bool) {
	if p, whole := keyfmt.Parse(strings.TrimSpace(typed)); whole {
		return p.PublicID, p.PublicID, true
	}
	if keyfmt.Redact(typed) != typed {
		return typed, "", false
	}
	if four, end := ending(strings.TrimSpace(typed)); end {
		return typed, four, true
	}
	return typed, typed, true
}

// unsought is why what was typed is not searched for, "" where it is.
func unsought(typed string) string {
	if typed == "" {
		return ""
	}
	if _, _, ok := sought(typed); ok {
		return ""
	}
	return "That looks like a key’s value. Search by name, or by the last four before the final underscore."
}

// ending reads the end of a value as people copy it off: the last four, the underscore
// and the checksum, which no list knows. A checksum looks like no word: it has a digit
// or both cases.
func ending(text string) (four string, ok bool) {
	four, check, found := strings.Cut(strings.TrimPrefix(text, "…"), "_")
	if !found || len(four) != 4 || len(check) != keyfmt.CheckLen || strings.Trim(four+check, keyfmt.Alphabet) != "" {
		return "", false
	}
	return four, strings.ContainsAny(check, "0123456789") || check != strings.ToLower(check) && check != strings.ToUpper(check)
}
