// Package fold makes texts that people typed comparable: two spellings that look
// the same are the same name.
package fold

import (
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Clean is the text as it is stored: in normalization form C (Unicode annex 15),
// without blanks around it.
func Clean(text string) string { return strings.TrimSpace(norm.NFC.String(text)) }

// Text is the text as it is compared and sorted: cleaned, its case folded (Unicode
// chapter 3.13). Folding may undo the normal form, so that is made again.
func Text(text string) string {
	return norm.NFC.String(cases.Fold().String(Clean(text)))
}
