package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"keystead/server/testkit"
	"keystead/shared/api"
)

// shell runs the command line against a served installation.
type shell struct {
	t   *testing.T
	url string
	key string
}

// result is what a command left.
type result struct {
	code     int
	out, err string
}

func (s shell) run(in string, args ...string) result {
	s.t.Helper()
	var out, errs bytes.Buffer
	env := []string{"KEYSTEAD_URL=" + s.url, "KEYSTEAD_KEY=" + s.key}
	code := run(context.Background(), args, env, streams{strings.NewReader(in), &out, &errs})
	return result{code, out.String(), errs.String()}
}

// does runs a command that has to succeed and is its standard output.
func (s shell) does(args ...string) string {
	s.t.Helper()
	got := s.run("", args...)
	if got.code != 0 {
		s.t.Fatalf("%v: exit %d, %q", args, got.code, got.err)
	}
	return strings.TrimSuffix(got.out, "\n")
}

// fails runs a command that has to end with the code, one sentence with these words
// and nothing on standard output.
func (s shell) fails(code int, got result, words ...string) {
	s.t.Helper()
	if got.code != code || got.out != "" || strings.Count(got.err, "\n") != 1 || !strings.HasPrefix(got.err, "keystead: ") {
		s.t.Errorf("exit %d, want %d; says %q and %q", got.code, code, got.out, got.err)
	}
	for _, word := range words {
		if !strings.Contains(got.err, word) {
			s.t.Errorf("%q does not say %q", got.err, word)
		}
	}
}

// served puts an installation behind a port; the shell asks as the operator of X.
func served(t *testing.T) (*testkit.Cast, shell) {
	t.Helper()
	cast := testkit.NewCast(testkit.New(t, nil))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	cast.Must(err)
	done := make(chan error, 1)
	go func() { done <- cast.Router.App.Listener(listener) }()
	t.Cleanup(func() {
		cast.Must(cast.Router.Stop(context.Background(), listener, 0))
		cast.Must(<-done)
	})
	_, as := cast.Key(cast.Operator, cast.X, api.Admin, "shell")
	return cast, shell{t, "http://" + listener.Addr().String(), value(as)}
}

// value is the key in a credential.
func value(as testkit.Credential) string { return strings.TrimPrefix(as[0], "Authorization: Bearer ") }

func TestTheLifeOfAKey(t *testing.T) {
	cast, sh := served(t)
	created := sh.run("", "key", "create", "--name", "ci-runner", "--no-expiry")
	made := strings.TrimSuffix(created.out, "\n")
	if created.code != 0 || strings.Contains(made, "\n") || !strings.Contains(created.err, "ci-runner") || strings.Contains(created.err, made) {
		t.Fatalf("create: %+v", created)
	}
	var list []api.Key
	cast.Must(json.Unmarshal([]byte(sh.does("key", "list", "--json")), &list))
	at := slices.IndexFunc(list, func(k api.Key) bool { return k.Name == "ci-runner" })
	if at < 0 || list[at].Role != api.ReadOnly {
		t.Fatalf("list: %+v", list)
	}
	id := strconv.Itoa(int(list[at].ID))
	if shown := sh.does("key", "reveal", id); shown != made {
		t.Errorf("reveal shows another value than create")
	}
	if table := sh.does("key", "list", "--search", "ci-runner"); !strings.HasPrefix(table, "ID ") || strings.Count(table, "\n") != 1 || strings.Contains(table, made) {
		t.Errorf("table: %q", table)
	}
	verdict := func(key string, code int, word string) {
		t.Helper()
		if got := sh.run(key+"\n", "verify"); got.code != code || !strings.HasPrefix(got.out, word+"\n") || got.err != "" {
			t.Errorf("verify: %+v, want %d %s", got, code, word)
		}
	}
	cast.Join(cast.Operator, 0, "Full Administrator") // holds keys:verify
	verdict(made, 0, "VALID")
	sh.does("key", "disable", id)
	verdict(made, 3, "DISABLED")
	sh.does("key", "enable", "--json", id)
	verdict(made, 0, "VALID")
	var rotated struct{ Value string }
	cast.Must(json.Unmarshal([]byte(sh.does("key", "rotate", id, "--overlap", "1d", "--json")), &rotated))
	verdict(made, 0, "VALID")
	verdict(rotated.Value, 0, "VALID")
	last := sh.does("key", "rotate", id)
	verdict(rotated.Value, 3, "NOT_FOUND")
	sh.does("key", "delete", id)
	verdict(last, 3, "NOT_FOUND")
	sh.fails(1, sh.run("", "key", "reveal", id), "not_found")
	sh.fails(1, sh.run("", "key", "delete", id), "not_found")
}

func TestVerifyForScripts(t *testing.T) {
	cast, sh := served(t)
	_, as := cast.Key(cast.Verifier, cast.X, api.ReadOnly, "asks")
	_, presented := cast.Key(cast.Member, cast.X, api.ReadOnly, "presented")
	sh.key = ""
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		cast.Must(os.WriteFile(path, []byte(text+"\n"), 0o600))
		return path
	}
	own, shown := file("own", value(as)), file("shown", value(presented))
	var verdict api.Verdict
	got := sh.run("", "verify", "--json", "--key-file", own, "--presented-file", shown, "--permission", "devices:read")
	cast.Must(json.Unmarshal([]byte(got.out), &verdict))
	if got.code != 0 || !verdict.Valid || verdict.Owner.Email != "mia@northwind.example" {
		t.Errorf("%+v", got)
	}
	got = sh.run(value(as), "verify", "--json", "--key-stdin", "--presented-file", shown, "--permission", "api_keys:modify")
	cast.Must(json.Unmarshal([]byte(got.out), &verdict))
	if got.code != 3 || verdict.Code != api.Forbidden {
		t.Errorf("%+v", got)
	}
	if got := sh.run("nonsense", "verify", "--key-file", own); got.code != 3 || got.out != "MALFORMED\n" {
		t.Errorf("%+v", got)
	}
	sh.fails(2, sh.run(value(presented), "verify", "--key-file", own, "--permission", "fly:kites"), "--permission", "devices:read")
	for _, flag := range []string{"--organization", "--permission", "--ip", "--presented-file"} { // an unset variable is not "any"
		sh.fails(2, sh.run(value(presented), "verify", "--key-file", own, flag, ""), flag)
	}
	for _, args := range [][]string{{"verify", "--organization", "nowhere"}, {"key", "list", "--organization", "nowhere"}} {
		sh.fails(2, sh.run(value(presented), append(args, "--key-file", own)...), `no organization of the short name "nowhere"`)
	}
	sh.fails(2, sh.run(value(presented), "verify", "--key-file", own, "--ip", "here"), "--ip", "192.0.2.7")
	sh.fails(2, sh.run(value(as), "verify", "--key-stdin"), "--presented-file")
	sh.fails(2, sh.run("", "verify", "--key-file", own), "no key")
	sh.fails(1, sh.run("x", "verify", "--key-file", filepath.Join(dir, "none")), "none")
}

func TestWhoAmI(t *testing.T) {
	cast, sh := served(t)
	if got := sh.does("whoami"); !strings.Contains(got, "olga@northwind.example") || !strings.Contains(got, "Ops X") {
		t.Errorf("%q", got)
	}
	var me api.Me
	cast.Must(json.Unmarshal([]byte(sh.does("whoami", "--json")), &me))
	if me.User.ID != cast.Operator || me.Key == nil || me.Key.Name != "shell" {
		t.Errorf("%+v", me)
	}
}

func TestWhichShelf(t *testing.T) {
	cast, sh := served(t)
	cast.Join(cast.Operator, cast.Y, "Read Only")
	_, as := cast.Key(cast.Operator, 0, api.Admin, "everywhere")
	sh.key = value(as)
	sh.fails(2, sh.run("", "key", "list"), "--organization", "--global")
	sh.fails(2, sh.run("", "key", "list", "--organization", "nowhere"), "nowhere")
	sh.fails(2, sh.run("", "key", "list", "--organization", "x", "--global"), "exclude")
	var me api.Me
	cast.Must(json.Unmarshal([]byte(sh.does("whoami", "--json")), &me))
	at := slices.IndexFunc(me.Organizations, func(o api.MyOrg) bool { return o.ID == cast.X })
	short := strings.ToUpper(me.Organizations[at].ShortName)
	for _, where := range [][]string{{"--organization", short}, {"--organization", strconv.Itoa(int(cast.X))}, {"--global"}} {
		if got := sh.does(append([]string{"key", "list"}, where...)...); !strings.Contains(got, "everywhere") {
			t.Errorf("%v: %q", where, got)
		}
	}
}

func TestAListOfManyPages(t *testing.T) {
	cast, sh := served(t)
	_, as := cast.Key(cast.Admin, cast.X, api.ReadOnly, "counts")
	sh.key = value(as)
	for i := range 13 {
		person := cast.Person("P" + strconv.Itoa(i))
		cast.Join(person, cast.X, "Organization Operator")
		for j := range 10 {
			cast.Key(person, cast.X, api.ReadOnly, "key "+strconv.Itoa(j))
		}
	}
	var list []api.Key
	cast.Must(json.Unmarshal([]byte(sh.does("key", "list", "--json")), &list))
	seen := map[api.KeyID]bool{}
	for _, k := range list {
		seen[k.ID] = true
	}
	if len(list) != 132 || len(seen) != 132 {
		t.Errorf("%d keys, %d different", len(list), len(seen))
	}
}

func TestNoKeyIsTakenFromAnArgument(t *testing.T) {
	cast, sh := served(t)
	_, as := cast.Key(cast.Operator, cast.X, api.ReadOnly, "leaked")
	secret := value(as)
	for _, args := range [][]string{
		{"verify", secret}, {"whoami", secret}, {"key", "reveal", secret}, {"whoami", "--key", secret}, {"whoami", "--key=" + secret},
		{"verify", "--presented=" + secret}, {"key", "rotate", "1", "--overlap", secret}, {"whoami", "--json=" + secret},
	} {
		got := sh.run(secret, args...)
		sh.fails(2, got)
		if strings.Contains(got.err, secret) {
			t.Errorf("%v repeats the key: %q", args[:1], got.err)
		}
	}
}

func TestRefusalsAreOneSentence(t *testing.T) {
	_, sh := served(t)
	sh.fails(1, sh.run("", "key", "create", "--name", "shell"), "keystead: There is a key of that name already. (name_taken)")
	sh.fails(2, sh.run("", "key", "create", "--name", "x", "--role", "OWNER"), "READONLY, ADMIN")
	sh.fails(2, sh.run("", "key", "create"), "--name")
	sh.fails(2, sh.run("", "key", "create", "--name", "x", "--no-expiry", "--expires-in", "3d"), "exclude")
	sh.fails(2, sh.run("", "key", "create", "--name", "x", "--expires-in", "soon"), "90d")
	sh.fails(2, sh.run("", "key", "reveal"), "ID", "--help")
	sh.fails(2, sh.run("", "key", "reveal", "one"), "ID")
	bad := shell{t, sh.url, "not-a-key"}
	sh.fails(1, bad.run("", "whoami"), "bad_credentials")
	bad.key = "two words"
	sh.fails(2, bad.run("", "whoami"), "KEYSTEAD_KEY")
	bad.key = ""
	sh.fails(2, bad.run("", "whoami"), "KEYSTEAD_KEY", "--key-file")
	sh.fails(2, shell{t, "keys.example.com", "k"}.run("", "whoami"), "KEYSTEAD_URL")
	sh.fails(2, shell{t, "http://keys.example.com", "k"}.run("", "whoami"), "readable", "https")
	nobody, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = nobody.Close()
	sh.fails(1, shell{t, "http://" + nobody.Addr().String(), "k"}.run("", "whoami"), "can't reach", "refused")
}

// Every time on the command line is in UTC, and says so.
func TestTimesSayTheirZone(t *testing.T) {
	cast, sh := served(t)
	made := sh.run("", "key", "create", "--name", "dated", "--expires-in", "30d")
	var list []api.Key
	cast.Must(json.Unmarshal([]byte(sh.does("key", "list", "--search", "dated", "--json")), &list))
	end := list[0].ExpiresAt.UTC().Format("2006-01-02 15:04") + " UTC"
	if !strings.HasSuffix(made.err, "which expires: "+end+".\n") || !strings.Contains(sh.does("key", "list"), end) {
		t.Errorf("%+v does not say %s", made, end)
	}
}

func TestTheVersionIsAFlagToo(t *testing.T) {
	sh := shell{t: t}
	if flag, word := sh.does("--version"), sh.does("version"); flag != word || flag == "" {
		t.Errorf("%q and %q", flag, word)
	}
	sh.fails(2, sh.run("", "serve", "--version"), "--version is not a setting")
}

func TestAnInterruptionIsNoSuccess(t *testing.T) {
	_, sh := served(t)
	ctx, stop := context.WithCancel(context.Background())
	stop()
	var out, errs bytes.Buffer
	env := []string{"KEYSTEAD_URL=" + sh.url, "KEYSTEAD_KEY=" + sh.key}
	never, w := net.Pipe() // standard input that says nothing
	defer func() { _ = w.Close() }()
	if code := run(ctx, []string{"verify"}, env, streams{never, &out, &errs}); code != 1 || out.Len() != 0 {
		t.Errorf("exit %d, says %q", code, out.String())
	}
}

func TestEveryRemoteCommandHasHelp(t *testing.T) {
	sh := shell{t: t}
	for _, cmd := range remoteCommands() {
		got := sh.does(append(strings.Fields(cmd.words), "--help")...)
		for _, word := range []string{"keystead " + cmd.words, "--json", "--key-file FILE", "KEYSTEAD_URL", "Exit codes"} {
			if !strings.Contains(got, word) {
				t.Errorf("%s --help does not tell of %q:\n%s", cmd.words, word, got)
			}
		}
	}
}

func TestEveryHostCommandHasHelp(t *testing.T) {
	sh := shell{t: t}
	known := map[string]bool{}
	for _, cmd := range commands() {
		known[cmd.words] = true
	}
	for words := range hostHelp {
		if !known[words] {
			t.Errorf("%s is no command", words)
		}
		got := sh.does(append(strings.Fields(words), "--help")...)
		if !strings.HasPrefix(got, "keystead "+words) {
			t.Errorf("%s --help is of another command:\n%s", words, got)
		}
		for _, word := range []string{"\n  keystead " + words, "--data FOLDER", "--master-key-file FILE", "Exit codes"} {
			if !strings.Contains(got, word) {
				t.Errorf("%s --help does not tell of %q:\n%s", words, word, got)
			}
		}
	}
}

// Every command and every word that begins some has a help of its own, asked for behind
// it or before it.
func TestEveryWordHasHelp(t *testing.T) {
	sh := shell{t: t}
	all := commands()
	for _, cmd := range all {
		if cmd.words == "help" {
			continue
		}
		words := strings.Fields(cmd.words)
		behind, before := sh.does(append(words, "--help")...), sh.does(append([]string{"help"}, words...)...)
		if behind != before || !strings.HasPrefix(behind, "keystead "+cmd.words) || !strings.Contains(behind, "\n  ") {
			t.Errorf("of %s it tells %q", cmd.words, behind)
		}
	}
	for _, noun := range nouns(all) {
		got := sh.does(noun, "--help")
		if sh.does("help", noun) != got {
			t.Errorf("help %s tells something else", noun)
		}
		for _, word := range next(all, noun) {
			if !strings.Contains(got, "  keystead "+noun+" "+word) {
				t.Errorf("%s --help does not list %s: %q", noun, word, got)
			}
		}
	}
	if got := sh.does("key", "--help"); !strings.Contains(got, "  keystead key rotate ID ") {
		t.Errorf("key --help does not say what rotate takes: %q", got)
	}
	for _, asked := range [][]string{{"serve", "--help"}, {"demo", "--help"}} {
		if got := sh.does(asked...); !strings.Contains(got, "--backup-recipient") || !strings.Contains(got, "\n  keystead "+asked[0]+" --") {
			t.Errorf("%v tells %q", asked, got)
		}
	}
	if got := sh.does("demo", "--help"); !strings.Contains(got, "keystead serve --data example") {
		t.Errorf("it does not tell what --data does: %q", got)
	}
	sh.fails(2, sh.run("", "help", "nothing"), "is not a command")
}

// What says too little or too much tries nothing and ends with 2.
func TestMisuse(t *testing.T) {
	sh := shell{t: t, url: "http://127.0.0.1:1", key: "k"}
	for _, c := range []struct{ typed, says string }{
		{"key", "list, create, reveal"},
		{"key make", "list, create, reveal"},
		{"user", "create, disable, reset-password"},
		{"nothing", "is not a command"},
		{"backup", "takes a file"},
		{"restore", "takes a backup"},
		{"user create", "--email"},
		{"user create --email a@northwind.example --password-stdin", "--role"},
		{"user create --email a@northwind.example --role x", "--password-stdin"},
		{"user disable", "--email"},
		{"user reset-password", "--email"},
		{"user reset-password --email a@northwind.example", "--password-stdin"},
		{"user reset-password --colour red", "--colour is not a setting"},
		{"serve --backup-every nonsense", "--backup-every is a length of time"},
		{"master-key rotate --new-master-key-file", "--new-master-key-file needs a value"},
		{"master-key rotate more", "--new-master-key-file"},
		{"pepper rotate more", "flags only"},
		{"key list --state bogus", "enabled, disabled, expired"},
		{"key list --use bogus", "never, idle_30"},
		{"key list --role bogus", "READONLY, ADMIN"},
		{"key create", "--name"},
		{"key reveal", "ID"},
		{"completion", "bash"},
	} {
		env := []string{"KEYSTEAD_URL=" + sh.url, "KEYSTEAD_KEY=" + sh.key, "KEYSTEAD_DATA=" + filepath.Join(t.TempDir(), "none")}
		var out, errs bytes.Buffer
		code := run(context.Background(), strings.Fields(c.typed), env, streams{strings.NewReader(""), &out, &errs})
		sh.fails(2, result{code, out.String(), errs.String()}, c.says)
	}
}
