// Package fold makes texts that people typed comparable: two spellings that look
// the same are the same name.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Clean is the text as it is stored: in normalization form C (Unicode annex 15),
// without blanks around it.
func Clean(text string) string { return strings.TrimSpace(norm.NFC.String(text)) }

// Text is the text as it is compared and sorted: in normalization form C, its case folded
// (Unicode chapter 3.13), any white space one blank, and without variation selectors,
// which choose how the character before them is drawn. Folding may undo the normal form,
// so that is made again.
func Text(text string) string {
	if plain(text) {
		return strings.ToLower(text)
	}
	words := strings.Join(strings.Fields(strings.Map(unselected, text)), " ")
	return norm.NFC.String(strings.Map(cherokee, cases.Fold().String(norm.NFC.String(words))))
}

// maxWords bounds the words of a search: each makes the statement longer by a clause.
const maxWords = 6

// Words are those that a list is searched for, as [Text] folds them. What is beyond the
// first few is one.
func Words(query string) []string {
	text := Text(query)
	if text == "" {
		return nil
	}
	return strings.SplitN(text, " ", maxWords)
}

// plain reports whether text is ASCII with single blanks between its words, as most is: then
// all of the above comes to its lower case.
func plain(text string) bool {
	before := byte(' ')
	for i := range len(text) {
		c := text[i]
		if c < ' ' || c > '~' || c == ' ' && before == ' ' {
			return false
		}
		before = c
	}
	return before != ' ' || text == ""
}

// cherokee folds the small letters of the one script whose capitals are what case folding
// leads to (CaseFolding.txt). Package cases swaps the two.
func cherokee(r rune) rune {
	switch {
	case r >= 0xAB70 && r <= 0xABBF:
		return r - 0xAB70 + 0x13A0
	case r >= 0x13F8 && r <= 0x13FD:
		return r - 8
	}
	return r
}

func unselected(r rune) rune {
	if unicode.Is(unicode.Variation_Selector, r) {
		return -1
	}
	return r
}
