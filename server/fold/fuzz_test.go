package fold_test

import (
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"keystead/server/fold"
)

// FuzzText: what is stored compares as what was typed, in whatever normal form that came,
// and neither changes when it is done again.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"Größe", "e\u0301", "\u1e9e", "\u0130", "ﬁ", "\u0345ς", "\u00a0a\u3000", "\u0390", "𝐚", "a\ufe0f\u00a0 b", "e\ufe0f\u0301", "Ꮮꮮ"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		clean, folded := fold.Clean(text), fold.Text(text)
		if again := fold.Clean(clean); again != clean {
			t.Errorf("%q is cleaned to %q, and that to %q", text, clean, again)
		}
		if fold.Text(clean) != folded || fold.Text(norm.NFD.String(text)) != folded {
			t.Errorf("%q folds to %q, cleaned to %q, decomposed to %q", text, folded, fold.Text(clean), fold.Text(norm.NFD.String(text)))
		}
		if again := fold.Text(folded); again != folded {
			t.Errorf("%q folds to %q, and that to %q", text, folded, again)
		}
	})
}
