package sessions

import (
	"fmt"
	"strings"
	"testing"
)

func TestP11GuessablePasswords(t *testing.T) {
	about := []string{"ada.lovelace@northwind.example", "Ada", "Lovelace", "Northwind Traders", "nw-ops"}
	for _, easy := range []string{
		"passwordpassword", "Password Password", "password1234567", "P@ssw0rdP@ssw0rd", "drowssapdrowssap", "mypassword12345",
		"123456789012345", "987654321987654", "111111111111111", "aaaaaaaaaaaaaaaaaaaa", "abcabcabcabcabc", "abcdefghijklmnop",
		"qwertyuiopasdfgh", "qwertyqwertyqwerty", "1q2w3e4r5t6y7u8i9o", "1qaz2wsx3edc4rfv", "asdfghjkl;'asdf", "poiuytrewqlkjhg",
		"letmeinletmein1", "letmeinplease123", "iloveyouiloveyou", "iloveyouverymuch", "welcome to keystead", "keysteadkeystead",
		"adminadministrator", "administrator2024", "changemechangeme!", "secretsecretsecret", "trustno1trustno1", "superuserpassword",
		"football basketball", "sunshine sunshine", "dragon dragon dragon", "summer 2024 summer 2025", "january february 1999",
		"correct horse battery staple", "CorrectHorseBatteryStaple", "lorem ipsum dolor", "may the force be with you", "supercalifragilistic",
		"ada.lovelace@northwind.example", "ada lovelace 1815 !", "lovelace northwind", "Northwind Traders 1!", "ecalevolecalevol",
		"               ", "...............", "0000000000000000000001", strings.Repeat("password", 100), strings.Repeat("ab", 500), "ππππππππππππππππ",
	} {
		if !guessable(easy, about) {
			t.Errorf("%q was accepted", easy)
		}
	}
	for _, good := range []string{
		"walnut parade lantern 57", "gravel mitten observatory", "purple envelope thermos ladder", "xkcd9Qz!vRt7mWp", "hT7#kLm2$pQw9zRx",
		"der Igel trägt heute Gummistiefel", "три медведя играют в шахматы", "我昨天在火车站丢了一把蓝色的伞哦呀", "🦊🌵🛶🎈🧲🪁🧵🎻🍋🔭🧊🪴🛎🎲🧭", "ada drinks cold mulled cider",
		"pneumonoultramicroscopic", "Vex glyphs jump quartz bowl", "a\x00b\x00c\x00zq9x\x00v8w\x00k2",
	} {
		if guessable(good, about) {
			t.Errorf("%q was refused", good)
		}
	}
}

// What people make of common words when they need 15 characters: thousands of
// passwords, none of them taken.
func TestP11CommonPasswords(t *testing.T) {
	refused := 0
	for word := range commonWords {
		for _, common := range []string{
			word + word, word + word + word, word + "1234567890", "1234567890" + word, word + "password", "my" + word + "2024",
			word + "!!!!!!!!!!", strings.ToUpper(word) + " " + word, "qwertyuiop" + word, word + "abcdefgh", "iloveyou" + word, word + "111111" + word,
		} {
			if len(common) < 15 {
				continue
			}
			if !guessable(common, nil) {
				t.Errorf("%q was accepted", common)
			}
			refused++
		}
	}
	if refused < 3000 {
		t.Errorf("only %d common passwords were tried", refused)
	}
}

func TestStoredHash(t *testing.T) {
	const text = "walnut parade lantern 57"
	stored := current.hash(text)
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("stored as %s", stored)
	}
	if ok, old := matches(text, stored); !ok || old {
		t.Errorf("its own password: %v, %v", ok, old)
	}
	if stored == current.hash(text) {
		t.Error("there is no salt")
	}
	weak := params{memory: 8 << 10, time: 1, threads: 1}.hash(text)
	if ok, old := matches(text, weak); !ok || !old {
		t.Errorf("under older parameters: %v, %v", ok, old)
	}
	for _, broken := range []string{
		"", "$", text, "$argon2id$v=19$m=19456,t=2,p=1$$", strings.Replace(stored, "argon2id", "argon2i", 1), strings.Replace(stored, "v=19", "v=16", 1),
		strings.Replace(stored, "t=2", "t=0", 1), strings.Replace(stored, "p=1", "p=0", 1), stored[:len(stored)-3], stored + "$x", nobodys,
	} {
		if ok, _ := matches(text, broken); ok {
			t.Errorf("%q matches", broken)
		}
	}
}

func BenchmarkGuessable(b *testing.B) {
	long := fmt.Sprint(strings.Repeat("der Igel trägt heute Gummistiefel ", 20))
	for b.Loop() {
		guessable(long, nil)
	}
}
