package pages

import (
	"strings"
	"testing"

	"keystead/shared/keyfmt"
)

// No search carries a credential: of a whole value the public id is left, what only looks
// like one is not sent.
func TestP08ACredentialIsNeverSearchedFor(t *testing.T) {
	const secret = "Kc4LfPz8RwYdN3sGjA6uE1hQ0b2n4F9x"
	for _, kind := range keyfmt.Kinds {
		value := keyfmt.Parts{Kind: kind, PublicID: "7Hq2mVbT9x", Secret: secret}.Value()
		for _, typed := range []string{value, " " + value + "\n"} {
			if field, words, ok := sought(typed); !ok || field != "7Hq2mVbT9x" || words != field || unsought(typed) != "" {
				t.Errorf("%q: %q in the field, %q sent, %v", typed, field, words, ok)
			}
		}
		for _, typed := range []string{value[:len(value)-1], value[:len(value)-7], value + "0", "KEY=" + value, "mine " + value} {
			if _, words, ok := sought(typed); ok || words != "" || unsought(typed) == "" {
				t.Errorf("%q is sent as %q", typed, words)
			}
		}
	}
	token := "eyJhbGciOiJIUzI1NiIsInR5cCI6ImtzIn0." + strings.Repeat("a", 20) + "." + strings.Repeat("b", 20)
	if _, words, ok := sought(token); ok || words != "" {
		t.Errorf("a token is sent as %q", words)
	}
}

// The end of a value, as it was copied off, finds by the last four; all other words are
// searched for as they are.
func TestWordsThatAreSoughtFor(t *testing.T) {
	for typed, want := range map[string]string{
		"": "", "sam reed": "sam reed", "4F9x": "4F9x", "ks_7Hq2": "ks_7Hq2", "7Hq2mVbT9x": "7Hq2mVbT9x",
		"4F9x_3kQmha": "4F9x", "…4F9x_3kQmha": "4F9x", " 4F9x_aaamhN ": "4F9x",
		"prod_server": "prod_server", "prod_SERVER": "prod_SERVER", "4F9x_3kQmh": "4F9x_3kQmh", "4F9_3kQmha": "4F9_3kQmha", "4F-x_3kQmha": "4F-x_3kQmha",
	} {
		field, words, ok := sought(typed)
		if !ok || words != want || field != typed {
			t.Errorf("%q: %q in the field, %q sent, %v", typed, field, words, ok)
		}
	}
}
