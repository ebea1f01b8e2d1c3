package web

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Outside the tokens the style sheet names no colour and no text size, so that a
// theme is one place and a page can't have a shade of its own.
func TestStyleNamesTokensOnly(t *testing.T) {
	sheet, err := os.ReadFile("css/console.css")
	if err != nil {
		t.Fatal(err)
	}
	_, rules, found := strings.Cut(string(sheet), "@layer base {")
	if !found {
		t.Fatal("console.css has no base layer")
	}
	raw := regexp.MustCompile(`(?i)#[0-9a-f]{3,8}\b|\b(oklch|rgba?|hsla?|light-dark)\(|font-size:\s*[\d.]|font:\s*[\d.]|:\s*(white|black|red|green|grey|gray)\b`)
	for i, line := range strings.Split(rules, "\n") {
		if found := raw.FindString(line); found != "" {
			t.Errorf("line %d of the rules names %q: %s", i+1, found, strings.TrimSpace(line))
		}
	}
}
