package fold_test

import (
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
	if fold.Text("CIRunner") == fold.Text("CI Runner") {
		t.Error("a blank is nothing")
	}
}
