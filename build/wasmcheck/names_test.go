package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// sized is content after its length, as every piece of a module is.
func sized(content string) string { return string(rune(len(content))) + content }

func module(names ...string) string {
	table := string(rune(len(names)))
	for i, name := range names {
		table += string(rune(i)) + sized(name)
	}
	naming := sized("name") + "\x00" + sized("m") + "\x01" + sized(table)
	return "\x00asm\x01\x00\x00\x00" + "\x01" + sized("types") + "\x00" + sized(sized("other")+"x") + "\x00" + sized(naming)
}

func TestFunctionNames(t *testing.T) {
	want := []string{"main.main", "net_http.__Client_.Do"}
	got, err := functionNames([]byte(module(want...)))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
}

func TestCutModules(t *testing.T) {
	whole := module("main.main", "fmt.Println")
	for length := range len(whole) {
		names, err := functionNames([]byte(whole[:length]))
		if err == nil && len(names) > 0 {
			t.Errorf("cut at %d: %q and no error", length, names)
		}
	}
}

func TestCheckSymbols(t *testing.T) {
	for _, row := range []struct {
		names []string
		says  string
	}{
		{[]string{"main.main", "net_url.Parse", "crypto_aes.NewCipher"}, ""},
		{[]string{"main.main", "net_http.__Transport_.RoundTrip"}, "net_http.__Transport_.RoundTrip"},
		{[]string{"crypto_tls.__Conn_.Handshake"}, "crypto_tls.__Conn_.Handshake"},
		{[]string{"regexp.compile"}, "regexp.compile"},
		{nil, "no symbols"},
	} {
		path := filepath.Join(t.TempDir(), "app.wasm")
		if err := os.WriteFile(path, []byte(module(row.names...)), 0o644); err != nil {
			t.Fatal(err)
		}
		err := checkSymbols(path)
		if (err == nil) != (row.says == "") || err != nil && !strings.Contains(err.Error(), row.says) {
			t.Errorf("%q: %v, want %q", row.names, err, row.says)
		}
	}
}

func FuzzFunctionNames(f *testing.F) {
	f.Add([]byte(module("main.main")))
	f.Fuzz(func(t *testing.T, data []byte) {
		names, err := functionNames(data)
		if err != nil && names != nil {
			t.Errorf("names %q with an error", names)
		}
	})
}
