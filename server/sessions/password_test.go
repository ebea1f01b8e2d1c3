package sessions_test

import (
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"

	"keystead/server/db"
	"keystead/shared/api"
	"keystead/shared/fault"
)

// Length counts code points, any text is taken as it is, nothing is cut.
func TestP11Passwords(t *testing.T) {
	p := withAda(t)
	for _, c := range []struct {
		name, password string
		ok             bool
	}{
		{"14 characters", "walnut parade!", false},
		{"15 characters", "walnut parade!7", true},
		{"14 characters in 28 bytes", "éàüößçñêîôûèìò", false},
		{"14 after normalization", strings.Repeat("e\u0301", 7) + "äöüßçñê", false},
		{"blanks count", "   wa ln ut par", true},
		{"emoji", "🦊🌵🛶🎈🧲🪁🧵🎻🍋🔭🧊🪴🛎🎲🧭", true},
		{"NUL", "walnut\x00parade\x00lantern", true},
		{"64 characters", "walnut parade lantern 57 gravel mitten observatory thermos ladder", true},
		{"1,024 characters", strings.Repeat("walnut parade lantern 57 gravel!", 32), true},
		{"1,025 characters", strings.Repeat("walnut parade lantern 57 gravel!", 32) + "x", false},
		{"common", "passwordpassword", false},
		{"their own address", "ada@example.com ada", false},
	} {
		hash, err := p.NewPassword(t.Context(), api.Hide(c.password), "ada@example.com")
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		if err != nil {
			f, _ := fault.From(err)
			if f == nil || f.Code != fault.InvalidValue || f.Field != "password" || strings.Contains(f.Detail, c.password) {
				t.Errorf("%s: %v", c.name, err)
			}
			continue
		}
		if strings.Contains(hash, c.password) {
			t.Errorf("%s: the hash holds it", c.name)
		}
	}
}

func TestP11NormalizationAndNoTruncation(t *testing.T) {
	p := withAda(t)
	setPassword := func(text string) {
		t.Helper()
		hash, err := p.NewPassword(t.Context(), api.Hide(text))
		p.must(err)
		p.must(p.db.Write(t.Context(), func(tx *db.Tx) error { return p.users.SetPassword(tx, 1, hash) }))
	}
	signsIn := func(text string, want bool) {
		t.Helper()
		if _, err := p.signIn("ada@example.com", text, here); (err == nil) != want {
			t.Errorf("%q: %v", text, err)
		}
	}
	setPassword("caf\u00e9 gravel lantern")
	signsIn("cafe\u0301 gravel lantern", true) // another keyboard's é
	signsIn("cafe gravel lantern", false)
	signsIn("CAF\u00c9 GRAVEL LANTERN", false)
	signsIn("caf\u00e9 gravel lantern ", false)
	long := strings.Repeat("walnut parade lantern 57 gravel!", 31)
	setPassword(long + "A")
	signsIn(long+"A", true)
	signsIn(long+"B", false)
	setPassword("walnut\x00parade lantern")
	signsIn("walnut", false)
	signsIn("walnut\x00parade lantern", true)
}

// A hash under older parameters is replaced at the next sign-in.
func TestP11Upgrade(t *testing.T) {
	p := withAda(t)
	salt := []byte("0123456789abcdef")
	old := "$argon2id$v=19$m=8192,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$" + b64(argon2.IDKey([]byte(password), salt, 1, 8192, 1, 32))
	p.must(p.db.Write(t.Context(), func(tx *db.Tx) error { return p.users.SetPassword(tx, 1, old) }))
	stored := func() (hash string) {
		p.must(p.db.Read(t.Context()).Get(&hash, "SELECT password_hash FROM users WHERE id = 1"))
		return hash
	}
	_, err := p.signIn("ada@example.com", "a wrong password", here)
	p.wantFault(err, fault.BadCredentials)
	if stored() != old {
		t.Fatal("a wrong password changed the hash")
	}
	p.ada()
	if hash := stored(); !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash is still %s", hash)
	}
	p.ada()
}
