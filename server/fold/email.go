package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Email is an e-mail address as it is compared: NFKC_Casefold of Unicode (chapter
// 3.13), which also drops what can't be seen. Every spelling of an address is one
// identity, so that another spelling gives no further guesses at its password.
// The domain is ours to fold; of the local part RFC 5321 says that case may
// matter, and nobody has two people that differ by it.
func Email(text string) string {
	folded := strings.TrimSpace(text)
	for range 4 { // folding may undo the normal form and the other way round
		next := norm.NFKC.String(cases.Fold().String(norm.NFKC.String(strings.Map(visible, folded))))
		next = strings.TrimSpace(next)
		if next == folded {
			break
		}
		folded = next
	}
	return folded
}

// visible drops the characters that Unicode ignores by default.
func visible(r rune) rune {
	if unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) {
		return -1
	}
	return r
}

// Bounds of an address in bytes (RFC 5321 section 4.5.3.1).
const (
	maxLocal  = 64
	maxDomain = 253
)

// EmailFault says in one sentence what is wrong with a cleaned e-mail address, or
// nothing. It asks for what addresses of people look like, not for all that
// RFC 5322 allows.
func EmailFault(address string) string {
	if address == "" {
		return "Give an e-mail address."
	}
	// What it is compared as must be an address, too.
	for _, form := range []string{address, Email(address)} {
		local, domain, found := strings.Cut(form, "@")
		switch {
		case !utf8.ValidString(form) || !found || !localPart(local) || !domainName(domain):
			return "This is not an e-mail address."
		case Mixed(local) || Mixed(domain):
			return "This e-mail address mixes alphabets that look alike."
		}
	}
	return ""
}

func localPart(local string) bool {
	if local == "" || len(local) > maxLocal || strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
		return false
	}
	for _, r := range local {
		if !letterOrDigit(r) && (r > unicode.MaxASCII || !strings.ContainsRune(".!#$%&'*+/=?^_`{|}~-", r)) {
			return false
		}
	}
	return true
}

func domainName(domain string) bool {
	if len(domain) > maxDomain {
		return false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || strings.HasPrefix(label, "-") || strings.HasSuffix(label, "-") {
			return false
		}
		for _, r := range label {
			if !letterOrDigit(r) && r != '-' {
				return false
			}
		}
	}
	return true
}

// letterOrDigit asks for those that can be seen: Hangul has letters that fill space.
func letterOrDigit(r rune) bool {
	return unicode.In(r, unicode.L, unicode.M, unicode.Nd) && visible(r) >= 0
}

// Mixed reports whether letters of two alphabets that share shapes stand in one
// word: the Cyrillic "а" among Latin letters is another address that reads the
// same (Unicode technical standard 39).
func Mixed(text string) bool {
	scripts := 0
	for _, script := range []*unicode.RangeTable{unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Armenian, unicode.Cherokee} {
		if strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(script, r) }) {
			scripts++
		}
	}
	return scripts > 1
}
