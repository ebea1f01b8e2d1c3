package seal_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keystead/server/db"
	"keystead/server/seal"
	"keystead/shared/keyfmt"
)

func open(t *testing.T) (*seal.Sealer, *db.DB, string) {
	t.Helper()
	dir := t.TempDir()
	master, err := seal.MakeMaster(filepath.Join(dir, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), filepath.Join(dir, "k.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	s, err := seal.Open(t.Context(), d, master)
	if err != nil {
		t.Fatal(err)
	}
	return s, d, dir
}

func TestP02ACiphertextOpensOnlyInItsPlace(t *testing.T) {
	s, _, _ := open(t)
	home := seal.Place{Table: "api_keys", Column: "ciphertext", Row: "7Hq2mVbT9x", Org: "o1"}
	sealed, err := s.Seal("value", home)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := s.Open(sealed, home); err != nil || got.Reveal() != "value" {
		t.Fatalf("at home: %v", err)
	}
	for name, away := range map[string]seal.Place{
		"another table":        {Table: "secrets", Column: "ciphertext", Row: "7Hq2mVbT9x", Org: "o1"},
		"another column":       {Table: "api_keys", Column: "previous", Row: "7Hq2mVbT9x", Org: "o1"},
		"another row":          {Table: "api_keys", Column: "ciphertext", Row: "7Hq2mVbT9y", Org: "o1"},
		"another organization": {Table: "api_keys", Column: "ciphertext", Row: "7Hq2mVbT9x", Org: seal.Global},
		"shifted parts":        {Table: "api_keys", Column: "ciphertext", Row: "7Hq2mVbT9xo", Org: "1"},
	} {
		if _, err := s.Open(sealed, away); err == nil {
			t.Errorf("it opened in %s", name)
		}
	}
}

// TestP02ADamagedCiphertextDoesNotOpen: each bit of 20, cut short at every length, and
// longer.
func TestP02ADamagedCiphertextDoesNotOpen(t *testing.T) {
	s, _, _ := open(t)
	shut := func(what string, damaged []byte, at seal.Place) {
		t.Helper()
		if got, err := s.Open(damaged, at); !errors.Is(err, seal.ErrDamaged) || !got.Empty() {
			t.Fatalf("%s: %v", what, err)
		}
	}
	for n := range 20 {
		parts := seal.New(keyfmt.APIKey)
		at := seal.Place{Table: "api_keys", Column: "ciphertext", Row: parts.PublicID, Org: fmt.Sprint(n)}
		sealed, err := s.Seal(parts.Value(), at)
		if err != nil {
			t.Fatal(err)
		}
		for i := range sealed {
			for bit := range 8 {
				damaged := bytes.Clone(sealed)
				damaged[i] ^= 1 << bit
				shut(fmt.Sprintf("bit %d of byte %d flipped", bit, i), damaged, at)
			}
			shut(fmt.Sprintf("cut to %d bytes", i), sealed[:i], at)
		}
		shut("longer", append(bytes.Clone(sealed), 0), at)
		shut("twice", append(bytes.Clone(sealed), sealed...), at)
	}
}

func TestP33ValuesAreRandomAndOfTheirKind(t *testing.T) {
	seen := map[string]bool{}
	counts := map[byte]int{}
	for range 5_000 {
		parts := seal.New(keyfmt.APIKey)
		if back, ok := keyfmt.Parse(parts.Value()); !ok || back != parts {
			t.Fatalf("%v does not parse", parts.Hint())
		}
		if seen[parts.Secret] || seen[parts.PublicID] {
			t.Fatal("drawn twice")
		}
		seen[parts.Secret], seen[parts.PublicID] = true, true
		for _, c := range []byte(parts.Secret) {
			counts[c]++
		}
	}
	// 160,000 draws of 62 characters: 2,580 each, standard deviation about 50.
	for _, c := range []byte(keyfmt.Alphabet) {
		if n := counts[c]; n < 2200 || n > 2960 {
			t.Errorf("%q was drawn %d times", c, n)
		}
	}
}

func TestP26DigestsAreKeyed(t *testing.T) {
	one, _, _ := open(t)
	two, _, _ := open(t)
	if bytes.Equal(one.Digest("v").Sum, two.Digest("v").Sum) {
		t.Error("two installations have the same digest")
	}
	looked := 0
	if err := one.Find("v", func(d seal.Digest) (bool, error) {
		looked++
		return bytes.Equal(d.Sum, one.Digest("v").Sum) && d.Pepper == one.Digest("v").Pepper, nil
	}); err != nil || looked != 1 {
		t.Errorf("what is stored is not what is looked for: %d looks, %v", looked, err)
	}
	keys := [][]byte{one.SessionKey(), one.AuditKey(), one.Bucket("x"), one.Digest("x").Sum}
	for i := range keys {
		for j := range i {
			if bytes.Equal(keys[i], keys[j]) {
				t.Errorf("keys %d and %d are the same", i, j)
			}
		}
	}
}

func TestP04BadMasterKeysAreRefusedByName(t *testing.T) {
	_, d, dir := open(t)
	good, err := os.ReadFile(filepath.Join(dir, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	put := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("master.key", link); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{
		filepath.Join(dir, "absent"):      "there is no master key",
		put("open", string(good), 0o644):  "others can read",
		put("group", string(good), 0o640): "others can read",
		put("empty", "", 0o600):           "holds no master key",
		put("short", base64.StdEncoding.EncodeToString(make([]byte, 31)), 0o600):              "holds no master key",
		put("long", base64.StdEncoding.EncodeToString(make([]byte, 33)), 0o600):               "holds no master key",
		put("raw", strings.Repeat("k", 32), 0o600):                                            "holds no master key",
		put("zeros", base64.StdEncoding.EncodeToString(make([]byte, 32)), 0o600):              "one byte again and again",
		put("ones", base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0xff}, 32)), 0o600): "one byte again and again",
		link: "not a plain file",
		dir:  "not a plain file",
	} {
		_, err := seal.ReadMaster(path)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", filepath.Base(path), err)
		}
		if err != nil && strings.Contains(err.Error(), strings.TrimSpace(string(good))) {
			t.Error("the sentence holds the key")
		}
	}
	other, err := seal.MakeMaster(filepath.Join(dir, "other"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open(t.Context(), d, other); err == nil || !strings.Contains(err.Error(), "does not open this database") {
		t.Errorf("another key: %v", err)
	}
	if _, err := seal.MakeMaster(filepath.Join(dir, "master.key")); err == nil {
		t.Error("a master key was overwritten")
	}
}

func TestP06TheMasterKeyPrintsAsRedacted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m")
	master, err := seal.MakeMaster(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(verb, master); strings.Contains(got, fmt.Sprintf("%x", raw)) || strings.Contains(got, fmt.Sprint(raw[:4])[1:8]) || strings.Contains(got, string(raw)) {
			t.Errorf("%s shows the key", verb)
		}
	}
}

func TestAnEmptyMasterKeyIsNotTaken(t *testing.T) {
	_, d, _ := open(t)
	if _, err := seal.Open(t.Context(), d, seal.Master{}); err == nil {
		t.Error("no key opened the database")
	}
}
