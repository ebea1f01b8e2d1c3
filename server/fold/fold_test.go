package fold_test

import (
	"slices"
	"strings"
	"testing"

	"keystead/server/fold"
)

func TestP21WhatLooksTheSameFoldsToTheSame(t *testing.T) {
	for text, want := range map[string]string{
		"  CI  Runner ": "ci runner", "CI\u00a0Runner": "ci runner", "CI\u3000\u2003Runner": "ci runner", "CI\tRunner": "ci runner",
		"⚠\ufe0f Prod": "⚠ prod", "CI\ufe00 Runner": "ci runner", "CI Runner\U000e0100": "ci runner", "e\ufe0f\u0301": "é", "ꮮᏞ": "ᏞᏞ", "ᏸᏰ": "ᏰᏰ", "": "",
	} {
		if got := fold.Text(text); got != want {
			t.Errorf("%q folds to %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"CI Runner", "ci", " CI", "CI ", "C  I", "C\tI", "C\nI", "~", "\x7f"} {
		// Beside another letter nothing is plain.
		if got, want := fold.Text(text+" É"), strings.TrimSpace(fold.Text(text)+" é"); got != want {
			t.Errorf("%q folds to %q, beside a letter to %q", text, fold.Text(text), got)
		}
	}
	if fold.Text("CIRunner") == fold.Text("CI Runner") {
		t.Error("a blank is nothing")
	}
}

func TestWordsAreFoldedAndFew(t *testing.T) {
	for query, want := range map[string][]string{
		"": nil, "  ": nil, " CI\u00a0 Runner": {"ci", "runner"}, "a b c d e f g": {"a", "b", "c", "d", "e", "f g"},
	} {
		if got := fold.Words(query); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}
