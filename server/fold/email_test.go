package fold_test

import (
	"testing"
	"unicode/utf8"

	"keystead/server/fold"
)

// One identity is counted once, however it is spelled.
func TestP13OneAddressHasOneFold(t *testing.T) {
	const want = "ada.lovelace@example.com"
	for _, spelling := range []string{
		"ada.lovelace@example.com",
		"Ada.Lovelace@Example.COM",
		"  ada.lovelace@example.com\t\r\n",
		"\u00a0ada.lovelace@example.com\u3000",
		"ａｄａ.ｌｏｖｅｌａｃｅ@ｅｘａｍｐｌｅ.ｃｏｍ",
		"ada.lovelace＠example.com",
		"ada\u200b.love\u200clace@exam\u200dple.com",
		"\ufeffada.lovelace@example.com",
		"\u202eada.lovelace@example.com\u202c",
		"ada.love\u00adlace@example.com",
		"ada.lovelace@example.com\ufe0f",
		"𝐚𝐝𝐚.𝐥𝐨𝐯𝐞𝐥𝐚𝐜𝐞@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦",
		"ⓐⓓⓐ.lovelace@example.com",
	} {
		if got := fold.Email(spelling); got != want {
			t.Errorf("%q folds to %q", spelling, got)
		}
	}
	for a, b := range map[string]string{"straße@x.de": "STRASSE@x.de", "e\u0301@x.fr": "é@x.fr", "ﬁ@x.org": "fi@x.org"} {
		if fold.Email(a) != fold.Email(b) {
			t.Errorf("%q and %q are not the same", a, b)
		}
	}
	if fold.Email("аda.lovelace@example.com") == want { // Cyrillic а
		t.Error("another alphabet's letter folds to ours")
	}
}

func TestEmailFault(t *testing.T) {
	for _, good := range []string{
		"a@b", "ada@example.com", "ada+keys@mail.example.co.uk", "o'hara@example.com", "ada@localhost",
		"élise@example.fr", "иван@пример.рф", "user@bücher.example", "x_1.y-2@a-b.example",
	} {
		if sentence := fold.EmailFault(good); sentence != "" {
			t.Errorf("%q: %s", good, sentence)
		}
	}
	for _, bad := range []string{
		"", "ada", "@example.com", "ada@", "ada@@example.com", "a b@example.com", "ada@exa mple.com", ".ada@example.com",
		"ada.@example.com", "a..b@example.com", "ada@-example.com", "ada@example-.com", "ada@example..com", "ada@example.com.",
		"ada\x00@example.com", "ada\n@example.com", "a\u200bda@example.com", "ada@exa\u202emple.com", `"ada"@example.com`,
		"ada@example.com>", "<ada@example.com", "ada,bob@example.com", "ada@exa_mple.com", "аda@example.com", "ada@exаmple.com",
		"ada\xff@example.com", "ada@[127.0.0.1]",
	} {
		if fold.EmailFault(bad) == "" {
			t.Errorf("%q was taken for an address", bad)
		}
	}
}

func FuzzEmail(f *testing.F) {
	for _, seed := range []string{"Ada@Example.com", "ﬁ\u0345ς@x", "\u1e9e@x", "\u0130@\u0131", "\u00ad\u034f a", "\u3164\u115f@x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		folded := fold.Email(text)
		if again := fold.Email(folded); again != folded {
			t.Errorf("%q folds to %q, and that to %q", text, folded, again)
		}
		if fold.EmailFault(text) == "" && fold.EmailFault(folded) != "" {
			t.Errorf("%q is an address, its fold %q is none", text, folded)
		}
	})
}
