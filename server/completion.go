package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

const completionHelp = `keystead completion SHELL: print the completion of commands and flags for bash, zsh or fish.

Save it where the shell looks for it:

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

// syntax is how a shell says what may stand at the cursor.
type syntax struct{ words, wordsOrFiles, files, nothing string }

// cases are the branches of a shell's case over the words before the cursor: first what
// stands behind a flag, then the flags and words.
func cases(all []command, in syntax) string {
	var b strings.Builder
	branch := func(pattern, offer string) { fmt.Fprintf(&b, "    %s) %s ;;\n", pattern, offer) }
	words := func(pattern string, words []string) {
		branch(pattern, fmt.Sprintf(in.words, strings.Join(words, " ")))
	}
	for _, cmd := range all {
		var files, values []string
		for _, o := range cmd.flags {
			behind := fmt.Sprintf("%q*%q", cmd.words, " --"+o.name)
			switch {
			case o.choices != nil:
				words(behind, o.choices)
			case o.file():
				files = append(files, behind)
			case o.takes != "":
				values = append(values, behind)
			}
		}
		if len(files) > 0 {
			branch(strings.Join(files, "|"), in.files)
		}
		if len(values) > 0 {
			branch(strings.Join(values, "|"), in.nothing)
		}
	}
	words(`""`, next(all))
	for _, noun := range nouns(all) {
		words(fmt.Sprintf("%q", noun), next(all, noun))
	}
	for _, cmd := range all {
		if len(cmd.flags) == 0 {
			continue
		}
		offer := in.words
		if cmd.takes == "FILE" {
			offer = in.wordsOrFiles
		}
		branch(fmt.Sprintf(`%q|%q*`, cmd.words, cmd.words+" "), fmt.Sprintf(offer, strings.Join(dashed(cmd.flags), " ")))
	}
	words(`"completion"`, []string{"bash", "zsh", "fish"})
	return b.String()
}

func dashed(flags []option) (words []string) {
	for _, o := range flags {
		words = append(words, "--"+o.name)
	}
	return append(words, "--help")
}

// bash splits --state=enabled into three words. Where nothing is offered it completes
// file names by itself.
func bash(all []command) string {
	return `_keystead() {
  local words="" cur="${COMP_WORDS[COMP_CWORD]}" line="${COMP_WORDS[*]:1:COMP_CWORD-1}"
  if [ "$cur" = "=" ]; then cur=""; fi
  line="${line% =}"
  case "$line$cur" in -*) line="serve $line" ;; esac # the default
  case "$line" in
` + cases(all, syntax{
		words: `words="%s"`, wordsOrFiles: `case "$cur" in -*) words="%s" ;; esac`,
		files: `words=""`, nothing: `compopt +o default 2>/dev/null`,
	}) + `  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _keystead keystead
`
}

func zsh(all []command) string {
	return `#compdef keystead
_keystead() {
  local line="${(j: :)words[2,CURRENT-1]}"
  case "$line$PREFIX" in -*) line="serve $line" ;; esac # the default
  if [[ "$PREFIX" = --*=* ]]; then line="$line ${PREFIX%%=*}"; compset -P '*='; fi
  case "$line" in
` + cases(all, syntax{
		words: `compadd -- %s`, wordsOrFiles: `case "$PREFIX" in -*) compadd -- %s ;; *) _files ;; esac`,
		files: `_files`, nothing: `_message "a value"`,
	}) + `    *) _files ;;
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
	for i, cmd := range all {
		words := strings.Fields(cmd.words)
		at, seen := "__fish_use_subcommand", "__fish_seen_subcommand_from "+words[0]
		if len(words) > 1 {
			at = seen + "; and not __fish_seen_subcommand_from " + strings.Join(next(all, words[0]), " ")
			seen += "; and __fish_seen_subcommand_from " + words[1]
		}
		if i == 0 { // the default
			seen += "; or __fish_use_subcommand"
		}
		fmt.Fprintf(&b, "complete -c keystead -n '%s' -f -a %s -d '%s'\n", at, words[len(words)-1], strings.ReplaceAll(cmd.means, "'", `\'`))
		for _, o := range cmd.flags {
			fmt.Fprintf(&b, "complete -c keystead -n '%s' -l %s%s\n", seen, o.name, behind(o))
		}
	}
	b.WriteString("complete -c keystead -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n")
	return b.String()
}

// behind is how fish says what stands behind a flag.
func behind(o option) string {
	switch {
	case o.choices != nil:
		return " -x -a '" + strings.Join(o.choices, " ") + "'"
	case o.file():
		return " -r -F"
	case o.takes != "":
		return " -x"
	}
	return ""
}
