package config_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keystead/server/config"
)

// TestTheReadmeListsEverySetting holds the table in the README. README=write
// writes it anew.
func TestTheReadmeListsEverySetting(t *testing.T) {
	const path, open, end = "../../README.md", "<!-- settings -->\n", "<!-- /settings -->"
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(text), open)
	had, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the README has no place for the settings")
	}
	var want strings.Builder
	want.WriteString("| flag | variable | default | meaning |\n|---|---|---|---|\n")
	for _, s := range config.Settings() {
		value := "`" + s.Default + "`"
		if s.Default == "" {
			value = ""
		}
		fmt.Fprintf(&want, "| `%s` | `%s` | %s | %s |\n", s.Flag, s.Variable, value, s.Means)
	}
	if had == want.String() {
		return
	}
	if os.Getenv("README") != "write" {
		t.Fatal("the README's table is out of date: README=write go test ./server/config")
	}
	if err := os.WriteFile(path, []byte(before+open+want.String()+end+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFlagsWinOverVariablesOverDefaults(t *testing.T) {
	cfg, left, err := config.Parse([]string{"--listen", "127.0.0.1:9000", "more"}, []string{"KEYSTEAD_LISTEN=127.0.0.1:1", "KEYSTEAD_DATA=/d", "PATH=/bin", "KEYSTEAD_KEY=x"})
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Listen != "127.0.0.1:9000" || cfg.Data != "/d" || cfg.MaxKeysPerUser != 10 || len(left) != 1 {
		t.Errorf("%+v %v", cfg, left)
	}
}

func TestWrongSettingsAreOneSentence(t *testing.T) {
	for want, given := range map[string]struct{ args, env []string }{
		"KEYSTEAD_LISTENN is not a setting":    {nil, []string{"KEYSTEAD_LISTENN=x"}},
		"can't have: it is a whole number":     {nil, []string{"KEYSTEAD_RATE_LIMIT=many"}},
		"--rate-limit is a whole number":       {[]string{"--rate-limit", "1e9"}, nil},
		"--backup-every is a length of time":   {[]string{"--backup-every", "nonsense"}, nil},
		"--debug is true or false":             {[]string{"--debug=perhaps"}, nil},
		"--listen needs a value":               {[]string{"--listen"}, nil},
		"a setting is --name":                  {[]string{"---x"}, nil},
		"--listenn is not a setting":           {[]string{"--listenn", "x"}, nil},
		"--listen is an address and a port":    {[]string{"--listen", "here"}, nil},
		"--data is a folder":                   {nil, []string{"KEYSTEAD_DATA="}},
		"can be reached from outside":          {[]string{"--listen", "0.0.0.0:80"}, nil},
		"--trusted-proxies needs --public-url": {[]string{"--trusted-proxies", "10.0.0.1"}, nil},
		"--trusted-proxies lists addresses":    {[]string{"--trusted-proxies", "proxy", "--public-url", "https://a.example"}, nil},
		"--public-url is a URL":                {[]string{"--public-url", "keys.example.com"}, nil},
		"--tls-cert and --tls-key go together": {[]string{"--tls-cert", "x"}, nil},
		"exclude each other":                   {[]string{"--tls-cert", "c", "--tls-key", "k", "--tls-self-signed"}, nil},
		"are above zero":                       {[]string{"--elevation", "0s"}, nil},
		"--backup-keep is above zero":          {[]string{"--backup-keep", "0"}, nil},
		"--backup-every is a minute or more":   {[]string{"--backup-every", "10s"}, nil},
		"--backup-recipient lists age":         {[]string{"--backup-recipient", "age1nobody"}, nil},
	} {
		cfg, _, err := config.Parse(given.args, given.env)
		if err == nil {
			err = cfg.Check()
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v %v: %v, want %q", given.args, given.env, err, want)
		}
	}
}

// Half an address is not served on some port that nobody named.
func TestAnAddressHasAPort(t *testing.T) {
	for _, name := range []string{"--listen", "--metrics-listen"} {
		for _, address := range []string{"127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:http", "127.0.0.1:+80", "[::1]:", "127.0.0.1:8080 "} {
			cfg, _, err := config.Parse([]string{name, address}, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = cfg.Check()
			var wrong config.Misuse
			if !errors.As(err, &wrong) || wrong.ExitCode() != 2 || !strings.HasPrefix(err.Error(), name+" is an address and a port") {
				t.Errorf("%s %q: %v", name, address, err)
			}
		}
	}
}

func TestWhatIsServedWhere(t *testing.T) {
	for args, want := range map[string]bool{
		"--listen 127.0.0.1:0":                          true,
		"--listen [::1]:8080":                           true,
		"--listen localhost:8080":                       true,
		"--listen 0.0.0.0:80 --insecure-http":           true,
		"--listen 0.0.0.0:80 --tls-self-signed":         true,
		"--listen :80":                                  false,
		"--listen 10.0.0.1:80":                          false,
		"--listen 10.0.0.1:80 --tls-cert c --tls-key k": true,
		"--listen 10.0.0.1:80 --public-url https://k.example --trusted-proxies 10.0.0.2": true,
		"--listen 10.0.0.1:80 --public-url http://k.example --trusted-proxies 10.0.0.2":  false,
	} {
		cfg, _, err := config.Parse(strings.Fields(args), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := cfg.Check() == nil; got != want {
			t.Errorf("%s: %v, want %v", args, got, want)
		}
	}
}

func TestTheCookieIsChosenByTheScheme(t *testing.T) {
	for args, want := range map[string]string{
		"--listen 127.0.0.1:9000":                       "keystead_9000",
		"--public-url https://k.example":                "__Host-keystead",
		"--public-url http://k.example":                 "keystead_8080",
		"--tls-cert c --tls-key k --listen 127.0.0.1:1": "__Host-keystead",
	} {
		cfg, _, err := config.Parse(strings.Fields(args), nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := cfg.Cookie(); got != want {
			t.Errorf("%s: %s, want %s", args, got, want)
		}
	}
}

func TestP04TheMasterKeyMayComeFromSystemd(t *testing.T) {
	dir := t.TempDir()
	env := []string{"CREDENTIALS_DIRECTORY=" + dir}
	read := func(args ...string) string {
		cfg, _, err := config.Parse(args, env)
		if err != nil {
			t.Fatal(err)
		}
		return cfg.MasterKey()
	}
	if got := read("--data", "d"); got != "d/master.key" {
		t.Errorf("without the credential: %s", got)
	}
	path := filepath.Join(dir, "keystead.master-key")
	if err := os.WriteFile(path, nil, 0o400); err != nil {
		t.Fatal(err)
	}
	if got := read("--data", "d"); got != path {
		t.Errorf("with it: %s", got)
	}
	if got := read("--master-key-file", path); got != path {
		t.Errorf("named twice: %s", got)
	}
	for _, given := range []struct{ args, env []string }{
		{[]string{"--master-key-file", "mine"}, env},
		{nil, append([]string{"KEYSTEAD_MASTER_KEY_FILE=mine"}, env...)},
	} {
		if _, _, err := config.Parse(given.args, given.env); err == nil || !strings.Contains(err.Error(), "two master keys") {
			t.Errorf("beside another: %v", err)
		}
	}
}
