package keyfmt

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxName and MaxDescription bound names and descriptions, in code points.
const (
	MaxName        = 255
	MaxDescription = 1000
)

// MinShortName and MaxShortName bound short names, in characters.
const (
	MinShortName = 2
	MaxShortName = 40
)

// MinPassword and MaxPassword bound passwords, in code points.
const (
	MinPassword = 15
	MaxPassword = 1024
)

// NameFault says in one sentence what is wrong with a trimmed name, or nothing. The
// server normalizes (NFC) before it asks; the console asks at once while typing.
func NameFault(name string) string {
	switch {
	case strings.TrimFunc(name, blank) == "":
		return "Give it a name."
	case !utf8.ValidString(name):
		return "This name is not valid text."
	case utf8.RuneCountInString(name) > MaxName:
		return "A name has at most 255 characters."
	case strings.ContainsAny(name, `/\`):
		return "A name has no slash or backslash."
	case strings.ContainsFunc(name, hidden):
		return "A name has no control or invisible characters."
	}
	return ""
}

// DescriptionFault says in one sentence what is wrong with a description, or nothing.
func DescriptionFault(text string) string {
	switch {
	case !utf8.ValidString(text):
		return "This description is not valid text."
	case utf8.RuneCountInString(text) > MaxDescription:
		return "A description has at most 1,000 characters."
	case strings.ContainsFunc(text, hidden):
		return "A description has no control or invisible characters."
	}
	return ""
}

// PasswordFault says in one sentence what is wrong with a password's length, or
// nothing. Whether it is a common one only the server knows.
func PasswordFault(password string) string {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return "A password has 15 characters or more."
	case n > MaxPassword:
		return "A password has at most 1,024 characters."
	}
	return ""
}

// hidden reports what can't be seen in a line of text: controls, format characters
// (zero-width, bidirectional), line and paragraph separators, private use, letters
// that are drawn as nothing (the Hangul fillers), and what is no character at all.
func hidden(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point)
}

// blank reports what leaves nothing to see where it stands alone: spaces, marks that
// sit on another character, the Braille cell without dots.
func blank(r rune) bool {
	return unicode.In(r, unicode.Zs, unicode.M) || r == '\u2800'
}

// ShortNameFault says in one sentence what is wrong with a short name, or nothing.
func ShortNameFault(short string) string {
	ok := len(short) >= MinShortName && len(short) <= MaxShortName && short[0] != '-'
	for i := 0; ok && i < len(short); i++ {
		c := short[i]
		ok = c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-'
	}
	if !ok {
		return "A short name has 2 to 40 of a–z, 0–9 and -, and does not start with -."
	}
	return ""
}

// ShortName derives a short name from a name: "Northwind Ops" gives "northwind-ops", and
// "Café Zürich" gives "cafe-zurich".
func ShortName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch base := base(r); {
		case unicode.Is(unicode.M, r): // a mark on the letter before it
		case base != "":
			b.WriteString(base)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	short := b.String()
	short = strings.TrimRight(short[:min(len(short), MaxShortName)], "-")
	if len(short) < MinShortName {
		short = "org-" + short
		short = strings.TrimRight(short, "-")
	}
	return short
}

// base is what is written for a small letter or a digit where there are only a–z and 0–9,
// or nothing.
func base(r rune) string {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return string(r)
	}
	for plain, letters := range latin {
		if strings.ContainsRune(letters, r) {
			return plain
		}
	}
	return ""
}

// latin are the other letters of Europe's Latin alphabets.
var latin = map[string]string{
	"a": "àáâãäåāăą", "c": "çćĉċč", "d": "ďđð", "e": "èéêëēĕėęě", "g": "ĝğġģ", "h": "ĥħ", "i": "ìíîïĩīĭįı",
	"j": "ĵ", "k": "ķ", "l": "ĺļľŀł", "n": "ñńņňŋ", "o": "òóôõöøōŏő", "r": "ŕŗř", "s": "śŝşšș", "t": "ţťŧț",
	"u": "ùúûüũūŭůűų", "w": "ŵ", "y": "ýÿŷ", "z": "źżž", "ae": "æ", "oe": "œ", "ss": "ß", "th": "þ",
}
