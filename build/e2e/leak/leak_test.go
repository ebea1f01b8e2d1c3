package leak_test

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"keystead/build/e2e/leak"
)

const secret = `orbit "lantern" & quarry 52 ü/+`

func TestEveryFormIsFound(t *testing.T) {
	canaries := []leak.Canary{{What: "the password", Value: secret}}
	escaped, err := json.Marshal(secret)
	if err != nil {
		t.Fatal(err)
	}
	wide := ""
	for _, unit := range utf16.Encode([]rune(secret)) {
		wide += string([]byte{byte(unit), byte(unit >> 8)})
	}
	planted := map[string]string{
		"text": secret, "hex": hex.EncodeToString([]byte(secret)), "JSON": string(escaped),
		"query": url.QueryEscape(secret), "path": url.PathEscape(secret), "UTF-16": wide,
	}
	for _, before := range []string{"", "a", "ab", "abc", "{\"password\":\""} {
		planted["base64 after "+before] = base64.StdEncoding.EncodeToString([]byte(before + secret + "behind"))
		planted["base64url after "+before] = base64.RawURLEncoding.EncodeToString([]byte(before + secret))
	}
	for name, text := range planted {
		if found := leak.In([]byte("before "+text+" behind"), name, canaries); len(found) != 1 {
			t.Errorf("%s: found %v", name, found)
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "another": "orbit lantern quarry 53", "its half": secret[:len(secret)-4],
	} {
		if found := leak.In([]byte(text), name, canaries); found != nil {
			t.Errorf("%s: found %v", name, found)
		}
	}
}

func TestAFolderIsReadWhole(t *testing.T) {
	folder := t.TempDir()
	write := func(path, text string) {
		t.Helper()
		path = filepath.Join(folder, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a/b/clean", "nothing here")
	write("a/b/dirty", "here: "+hex.EncodeToString([]byte(secret)))
	write("planted-in-a-name", "")
	found, read, err := leak.InFolder(folder, []leak.Canary{{What: "the password", Value: secret}, {What: "a name", Value: "planted-in-a-name"}})
	if err != nil || read == 0 || len(found) != 2 {
		t.Errorf("found %v in %d bytes, %v", found, read, err)
	}
}
