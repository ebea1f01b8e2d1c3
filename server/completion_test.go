package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// completes asks a real bash what it offers behind the words; the last one is being typed.
func completes(t *testing.T, script string, words ...string) []string {
	t.Helper()
	line := "COMP_WORDS=(keystead"
	for _, w := range words {
		line += " '" + w + "'"
	}
	line += "); COMP_CWORD=" + strconv.Itoa(len(words)) + "; source " + script + "; _keystead; printf '%s\\n' \"${COMPREPLY[@]}\""
	out, err := exec.Command("bash", "--norc", "-c", line).CombinedOutput()
	if err != nil {
		t.Fatalf("bash: %v %s", err, out)
	}
	return strings.Fields(string(out))
}

func TestBashCompletes(t *testing.T) {
	script := filepath.Join(t.TempDir(), "keystead")
	if err := os.WriteFile(script, []byte(shell{t: t}.does("completion", "bash")), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		typed []string
		want  []string
	}{
		{[]string{"who"}, []string{"whoami"}},
		{[]string{"key", ""}, []string{"list", "create", "reveal", "rotate", "enable", "disable", "delete"}},
		{[]string{"key", "re"}, []string{"reveal"}},
		{[]string{"key", "rotate", "7", "--ov"}, []string{"--overlap"}},
		{[]string{"key", "list", "--global", "--rev"}, []string{"--review"}},
		{[]string{"serve", "--tls-k"}, []string{"--tls-key"}},
		{[]string{"completion", "f"}, []string{"fish"}},
		{[]string{"version", "x"}, nil},
		{[]string{"key", "list", "--state", ""}, []string{"enabled", "disabled", "expired"}},
		{[]string{"key", "list", "--json", "--state", "=", "e"}, []string{"enabled", "expired"}},
		{[]string{"key", "list", "--use", "="}, []string{"never", "idle_30", "idle_90", "idle_365"}},
		{[]string{"key", "create", "--role", "A"}, []string{"ADMIN"}},
		{[]string{"verify", "--permission", "devices"}, []string{"devices:read", "devices:manage"}},
		{[]string{"key", "create", "--name", ""}, nil},
		{[]string{"whoami", "--key-file", ""}, nil}, // bash itself: file names
		{[]string{"backup", "--data", ""}, nil},
		{[]string{"backup", ""}, nil}, // the file to make
		{[]string{"restore", "--ch"}, []string{"--check"}},
		{[]string{"demo", "--dat"}, []string{"--data"}},
		{[]string{"--l"}, []string{"--listen"}},
		{[]string{"--debug", "--tls-k"}, []string{"--tls-key"}},
		{[]string{"--tls-key", ""}, nil},
	} {
		if got := completes(t, script, c.typed...); !slices.Equal(got, c.want) {
			t.Errorf("%q offers %q, want %q", c.typed, got, c.want)
		}
	}
}

// marks are the pieces of a script that offer the flags and what stands behind them.
func marks(shell string, flags []option) (all []string) {
	for _, o := range flags {
		all = append(all, o.name)
		switch offer := strings.Join(o.choices, " "); {
		case offer == "":
		case shell == "bash":
			all = append(all, `" --`+o.name+`") words="`+offer+`" ;;`)
		case shell == "zsh":
			all = append(all, `" --`+o.name+`") compadd -- `+offer+` ;;`)
		case shell == "fish":
			all = append(all, " -l "+o.name+" -x -a '"+offer+"'")
		}
		switch {
		case !o.file():
		case shell == "zsh":
			all = append(all, "--"+o.name+`"`, ") _files ;;")
		case shell == "fish":
			all = append(all, " -l "+o.name+" -r -F")
		}
	}
	return all
}

// Every shell offers every command's words and the remote ones' flags; where the shell
// is there, it reads the script.
func TestEveryShellCompletes(t *testing.T) {
	for _, name := range []string{"bash", "zsh", "fish"} {
		script := shell{t: t}.does("completion", name)
		for _, cmd := range commands() {
			for _, word := range append(strings.Fields(cmd.words), marks(name, cmd.flags)...) {
				if !strings.Contains(script, word) {
					t.Errorf("%s does not offer %s", name, word)
				}
			}
		}
		file := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := exec.LookPath(name); err != nil {
			continue
		}
		if out, err := exec.Command(name, "-n", file).CombinedOutput(); err != nil {
			t.Errorf("%s can't read its script: %s", name, out)
		}
	}
	sh := shell{t: t}
	sh.fails(2, sh.run("", "completion", "powershell"), "bash, zsh or fish")
}
