package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"keystead/server/config"
)

const completionHelp = `keystead completion SHELL: print what completes commands and flags in bash, zsh or fish.

  bash   keystead completion bash > ~/.local/share/bash-completion/completions/keystead
  zsh    keystead completion zsh > "${fpath[1]}/_keystead"
  fish   keystead completion fish > ~/.config/fish/completions/keystead.fish
`

func completion(_ context.Context, args, _ []string, s streams) error {
	scripts := map[string]func([]command) string{"bash": bash, "zsh": zsh, "fish": fish}
	if len(args) != 1 || scripts[args[0]] == nil {
		return misuse("keystead completion takes one word: bash, zsh or fish")
	}
	_, err := io.WriteString(s.out, scripts[args[0]](commands()))
	return err
}

// settingFlags are the flags of the commands that serve.
func settingFlags() (names []string) {
	for _, set := range config.Settings() {
		names = append(names, strings.TrimPrefix(set.Flag, "--"))
	}
	return names
}

// next are the words that may follow the given ones: "create" and "list" behind "key".
func next(all []command, behind ...string) (words []string) {
	for _, cmd := range all {
		parts := strings.Fields(cmd.words)
		if len(parts) > len(behind) && slices.Equal(parts[:len(behind)], behind) && !slices.Contains(words, parts[len(behind)]) {
			words = append(words, parts[len(behind)])
		}
	}
	return words
}

// nouns are the first words of the commands that have two: key, user, audit.
func nouns(all []command) (words []string) {
	for _, word := range next(all) {
		if len(next(all, word)) > 0 {
			words = append(words, word)
		}
	}
	return words
}

// cases are the branches of a shell's case over the words before the cursor.
func cases(all []command, offer string) string {
	var b strings.Builder
	branch := func(pattern string, words []string) {
		fmt.Fprintf(&b, "    %s) "+offer+" ;;\n", pattern, strings.Join(words, " "))
	}
	branch(`""`, next(all))
	for _, noun := range nouns(all) {
		branch(fmt.Sprintf("%q", noun), next(all, noun))
	}
	for _, cmd := range all {
		if len(cmd.flags) > 0 {
			branch(fmt.Sprintf(`%q|%q*`, cmd.words, cmd.words+" "), dashed(cmd.flags))
		}
	}
	branch(`"completion"`, []string{"bash", "zsh", "fish"})
	return b.String()
}

func dashed(names []string) (flags []string) {
	for _, name := range append(slices.Clone(names), "help") {
		flags = append(flags, "--"+name)
	}
	return flags
}

func bash(all []command) string {
	return `_keystead() {
  local words=""
  case "${COMP_WORDS[*]:1:COMP_CWORD-1}" in
` + cases(all, `words="%s"`) + `  esac
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _keystead keystead
`
}

func zsh(all []command) string {
	return `#compdef keystead
_keystead() {
  case "${(j: :)words[2,CURRENT-1]}" in
` + cases(all, `compadd -- %s`) + `    *) _files ;;
  esac
}
# Found on fpath, this file is the function's body and has to complete the first time too.
if [ "$funcstack[1]" = _keystead ]; then _keystead "$@"; else compdef _keystead keystead; fi
`
}

func fish(all []command) string {
	var b strings.Builder
	for _, noun := range nouns(all) {
		fmt.Fprintf(&b, "complete -c keystead -n __fish_use_subcommand -f -a %s\n", noun)
	}
	for _, cmd := range all {
		words := strings.Fields(cmd.words)
		at, seen := "__fish_use_subcommand", "__fish_seen_subcommand_from "+words[0]
		if len(words) > 1 {
			at = seen + "; and not __fish_seen_subcommand_from " + strings.Join(next(all, words[0]), " ")
			seen += "; and __fish_seen_subcommand_from " + words[1]
		}
		fmt.Fprintf(&b, "complete -c keystead -n '%s' -f -a %s -d '%s'\n", at, words[len(words)-1], strings.ReplaceAll(cmd.means, "'", `\'`))
		for _, name := range cmd.flags {
			fmt.Fprintf(&b, "complete -c keystead -n '%s' -l %s\n", seen, name)
		}
	}
	b.WriteString("complete -c keystead -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n")
	return b.String()
}
